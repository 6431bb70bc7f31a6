/** What a real processor has done (see ../interpreter/record/record.ts), done again by translated code. */
import { expect } from 'chai';
import { createJit } from '../../../adapters/emulator/cpu/jit';
import { createMemory } from '../../../adapters/emulator/cpu/memory';
import { Guest } from '../interpreter/record/guest';
import { difference, recorded } from '../interpreter/record/recorded';
import { WINDOW } from '../interpreter/record/state';

/** Of so many cases one: each takes a translation of its own. JIT_VECTORS=1 takes all of them. */
const EVERY = Number(process.env['JIT_VECTORS'] ?? 6);

describe('Translated code against what a real processor did', () => {
  for (const file of ['native.txt', 'extensions.txt', 'floats.txt']) {
    it(`ends cases of ${file} with the same registers, flags and memory`, () => {
      const memory = createMemory(WINDOW);
      const guest = new Guest(memory, createJit(memory));
      const lines = recorded(file).filter((_, index) => index % EVERY === 0);
      expect(lines.length).to.be.greaterThan(100);
      expect(lines.map((line) => difference(guest, line)).filter(Boolean)).to.deep.equal([]);
    }).timeout(120_000);
  }
});
