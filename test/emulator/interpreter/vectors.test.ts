/** What a real processor has done (see record/record.ts), done again by the interpreter. */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterpreter } from '../../../adapters/emulator/cpu/interpreter';
import { createMemory } from '../../../adapters/emulator/cpu/memory';
import { Guest } from './record/guest';
import { describeRun, stateOf, WINDOW } from './record/state';

interface Line {
  readonly code: string;
  readonly seed: number;
  readonly overrides: ReadonlyMap<number, bigint>;
  readonly mask: number;
  readonly result: string;
}

function parse(line: string): Line {
  const [code = '', seed = '', given = '', mask = '', ...result] = line.split(' ');
  const pairs = given === '-' ? [] : given.split(',').map((pair) => pair.split(':'));
  const overrides = new Map(pairs.map(([register = '', value = '']) => [Number(register), BigInt(value)]));
  return { code, seed: Number(seed), overrides, mask: parseInt(mask, 16), result: result.join(' ') };
}

function recorded(): readonly Line[] {
  const text = readFileSync(join(__dirname, '../vectors/native.txt'), 'utf8');
  return text.trimEnd().split(/\r?\n/).map(parse);
}

describe('interpreter against what a real processor did', () => {
  it('ends every recorded case with the same registers, flags and memory', () => {
    const memory = createMemory(WINDOW);
    const guest = new Guest(memory, createInterpreter(memory));
    const lines = recorded();
    const wrong = lines.flatMap(({ code, seed, overrides, mask, result }) => {
      const before = stateOf(seed, overrides);
      const { after, ended, rip } = guest.run({ code: Buffer.from(code, 'hex'), before }, 100);
      const mine = describeRun(before, after, ended, rip, mask);
      return mine === result ? [] : [`${code} ${seed}: ${mine} instead of ${result}`];
    });
    expect(lines.length).to.be.greaterThan(10_000);
    expect(wrong).to.deep.equal([]);
  });
});
