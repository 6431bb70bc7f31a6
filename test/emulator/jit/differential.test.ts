import { expect } from 'chai';
import { createJit } from '../../../adapters/emulator/cpu/jit';
import { begin, finish, prepare, runInterpreter, runJit } from './runs';
import type { Outcome } from './runs';
import { programOf, randomOf } from './programs';

const PROGRAMS = 36;

function mustAgree(seed: number, got: Outcome, want: Outcome, mask = -1): void {
  const seen = ({ exit, registers, memory, instructions, flags }: Outcome): unknown[] => [
    exit,
    registers,
    memory,
    instructions,
    flags & mask,
  ];
  const [one, other] = [seen(got), seen(want)];
  ['exit', 'registers', 'memory', 'instructions', 'flags'].forEach((name, index) =>
    expect(one[index], `${name} of program ${seed}`).to.equal(other[index]),
  );
}

describe('Translated code', () => {
  it('does what the interpreter does, in blocks and in steps, in one run and in many', () => {
    for (let seed = 1; seed <= PROGRAMS; seed += 1) {
      const program = programOf(seed, seed % 3 === 0);
      const random = randomOf(seed);
      const small = (): number => 1 + random(30);
      const block = runJit(program, seed, false);
      const { mask, ...want } = runInterpreter(program, seed);
      mustAgree(seed, block, want, mask);
      mustAgree(seed, runJit(program, seed, true), block);
      mustAgree(seed, runJit(program, seed, false, small), block);
      mustAgree(seed, runJit(program, seed, true, small), block);
      // More than a block and less: whole blocks first, then steps.
      mustAgree(
        seed,
        runJit(program, seed, true, () => 1 + random(200)),
        block,
      );
    }
  }).timeout(20_000);

  it('does the same again after a restore, from the beginning and from the middle', () => {
    for (let seed = 100; seed < 112; seed += 1) {
      const program = programOf(seed, false);
      const { memory, registers } = begin(program, seed);
      const engine = createJit(memory);
      const start = { snapshot: memory.snapshot(), file: registers.bytes.slice() };
      const whole = finish(engine, memory, registers, false);

      memory.restore(start.snapshot);
      registers.bytes.set(start.file);
      const before = engine.instructions;
      engine.run(registers, 17, true);
      const middle = { snapshot: memory.snapshot(), file: registers.bytes.slice(), done: engine.instructions - before };
      const rest = finish(engine, memory, registers, false);
      mustAgree(seed, { ...rest, instructions: rest.instructions + middle.done }, whole);

      memory.restore(middle.snapshot);
      registers.bytes.set(middle.file);
      mustAgree(seed, finish(engine, memory, registers, true), rest);
    }
  });

  it('is forgotten when a restore brings other code to its place', () => {
    const first = programOf(3, false);
    const second = programOf(4, false);
    const { memory, registers } = begin(first, 3);
    const engine = createJit(memory);
    const fresh = memory.snapshot();
    const before = finish(engine, memory, registers, false);
    memory.restore(fresh);
    prepare(memory, registers, second, 4);
    mustAgree(4, finish(engine, memory, registers, false), runJit(second, 4, false));
    memory.restore(fresh);
    prepare(memory, registers, first, 3);
    mustAgree(3, finish(engine, memory, registers, false), before);
  });
});
