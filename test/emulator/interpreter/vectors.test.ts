/** What a real processor has done (see record/record.ts), done again by the interpreter. */
import { expect } from 'chai';
import { createInterpreter } from '../../../adapters/emulator/cpu/interpreter';
import { createMemory } from '../../../adapters/emulator/cpu/memory';
import { Guest } from './record/guest';
import { difference, recorded } from './record/recorded';
import { WINDOW } from './record/state';

describe('interpreter against what a real processor did', () => {
  for (const [file, least] of [
    ['native.txt', 10_000],
    ['extensions.txt', 1000],
    ['floats.txt', 1500],
  ] as const) {
    it(`ends every case of ${file} with the same registers, flags and memory`, () => {
      const memory = createMemory(WINDOW);
      const guest = new Guest(memory, createInterpreter(memory));
      const lines = recorded(file);
      expect(lines.length).to.be.greaterThan(least);
      expect(lines.map((line) => difference(guest, line)).filter(Boolean)).to.deep.equal([]);
    });
  }
});
