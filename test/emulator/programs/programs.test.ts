/** Random C programs as a compiler made them at every level, against what the processor itself made of them (record.ts). */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterpreter } from '../../../adapters/emulator/cpu/interpreter';
import { createJit } from '../../../adapters/emulator/cpu/jit';
import { randomOf } from '../jit/programs';
import { programsOf } from './generate';
import { Programs } from './runner';

const VECTORS = join(__dirname, '../vectors');

describe('Compiled programs', () => {
  const results = (JSON.parse(readFileSync(join(VECTORS, 'programs.json'), 'utf8')) as string[]).map(BigInt);

  for (const level of ['-O0', '-O1', '-O2', '-O3']) {
    it(`come to the same at ${level} as natively, translated and interpreted, in any division into budgets`, () => {
      const bytes = readFileSync(join(VECTORS, `programs${level}.sys`));
      const translated = new Programs(bytes, createJit);
      const interpreted = new Programs(bytes, createInterpreter);
      results.forEach((result, program) => {
        const random = randomOf(program);
        const whole = translated.run(program);
        expect(whole.result, `program ${program}`).to.equal(result);
        expect(interpreted.run(program)).to.deep.equal(whole);
        // Restored from its snapshot, in whole steps, and in steps of any length.
        expect(translated.run(program)).to.deep.equal(whole);
        expect(translated.run(program, true)).to.deep.equal(whole);
        expect(translated.run(program, true, () => 1 + random(5000))).to.deep.equal(whole);
        expect(translated.run(program, false, () => 1 + random(5000))).to.deep.equal(whole);
      });
    }).timeout(60_000);
  }

  it('are the same for the same seed', () => {
    expect(programsOf([3, 4])).to.equal(programsOf([3, 4]));
    expect(programsOf([3])).not.to.equal(programsOf([4]));
  });
});
