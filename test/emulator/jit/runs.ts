/** Runs a program on an engine and tells everything that can be seen of it. */
import { GUEST_BASE } from '../../../adapters/emulator/cpu/contract';
import type { Engine, Exit } from '../../../adapters/emulator/cpu/contract';
import { createDecoder } from '../../../adapters/emulator/cpu/decode';
import { createInterpreter } from '../../../adapters/emulator/cpu/interpreter';
import { createJit } from '../../../adapters/emulator/cpu/jit';
import { createMemory, RegisterFile } from '../../../adapters/emulator/cpu/memory';
import type { WindowMemory } from '../../../adapters/emulator/cpu/memory';
import { MXCSR } from '../../../adapters/emulator/cpu/memory/registers';
import { CODE, DATA, DATA_SIZE, randomOf, STACK_SIZE, STACK_TOP, WINDOW } from './programs';

const ALL_BUT_ARITHMETIC = ~0x8d5;
const MXCSR_AT_RESET = 0x1f80;
const MOST_INSTRUCTIONS = 20_000;

export interface Outcome {
  readonly exit: string;
  readonly registers: string;
  readonly flags: number;
  readonly memory: string;
  readonly instructions: number;
}

/** @returns memory with a program and random data, and registers that begin it; all of it follows from the seed */
export function begin(program: Uint8Array, seed: number): { memory: WindowMemory; registers: RegisterFile } {
  const memory = createMemory(WINDOW);
  const registers = new RegisterFile();
  prepare(memory, registers, program, seed);
  return { memory, registers };
}

export function prepare(memory: WindowMemory, registers: RegisterFile, program: Uint8Array, seed: number): void {
  const random = randomOf(seed);
  memory.write(CODE, program);
  memory.protect(CODE, program.length, { read: true, write: false, execute: true });
  for (let at = DATA; at < DATA + DATA_SIZE; at += 4) memory.setU32(at, random(0x1_0000_0000));
  memory.protect(DATA, DATA_SIZE, { read: true, write: true, execute: false });
  memory.protect(STACK_TOP - STACK_SIZE, STACK_SIZE, { read: true, write: true, execute: false });
  for (let at = 0; at < registers.i32.length; at += 1) registers.i32[at] = random(0x1_0000_0000);
  registers.i32.set([MXCSR_AT_RESET, 0], 2 * MXCSR);
  registers.rflags = 0x202n;
  registers.set('rsp', GUEST_BASE + BigInt(STACK_TOP - 64));
  registers.set('rbp', GUEST_BASE + BigInt(DATA + DATA_SIZE / 2));
  registers.set('r12', BigInt(random(16)));
  registers.rip = GUEST_BASE + BigInt(CODE);
}

function outcomeOf(memory: WindowMemory, registers: RegisterFile, exit: Exit, instructions: number): Outcome {
  const flags = registers.flags;
  const others = registers.bytes.slice();
  others.fill(0, 136, 144);
  return {
    exit: JSON.stringify(exit, (_, value: unknown) => (typeof value === 'bigint' ? `0x${value.toString(16)}` : value)),
    registers: Buffer.from(others).toString('hex'),
    flags,
    memory: Buffer.from(memory.bytes.subarray(DATA, WINDOW)).toString('latin1'),
    instructions,
  };
}

/** @param budgetOf is asked for the next budget; without it there is one for all */
export function runJit(program: Uint8Array, seed: number, step: boolean, budgetOf?: () => number): Outcome {
  const { memory, registers } = begin(program, seed);
  return finish(createJit(memory), memory, registers, step, budgetOf);
}

export function finish(
  engine: Engine,
  memory: WindowMemory,
  registers: RegisterFile,
  step: boolean,
  budgetOf: () => number = () => MOST_INSTRUCTIONS,
): Outcome {
  const before = engine.instructions;
  for (;;) {
    const exit = engine.run(registers, budgetOf(), step);
    if (exit.kind !== 'budget') return outcomeOf(memory, registers, exit, engine.instructions - before);
    if (engine.instructions - before > MOST_INSTRUCTIONS) throw new Error('The program does not end');
  }
}

/** One instruction at a time, to know which flags are undefined at the end: those are left out by the mask. */
export function runInterpreter(program: Uint8Array, seed: number): Outcome & { readonly mask: number } {
  const { memory, registers } = begin(program, seed);
  const engine = createInterpreter(memory);
  const decoder = createDecoder(memory.bytes);
  const undefinedBy = new Map<number, (flags: number) => number>();
  let undefinedFlags = 0;
  for (;;) {
    const offset = memory.offsetOf(registers.rip);
    const exit = engine.run(registers, 1, true);
    if (exit.kind !== 'budget') {
      const outcome = outcomeOf(memory, registers, exit, engine.instructions);
      return { ...outcome, mask: ~undefinedFlags | ALL_BUT_ARITHMETIC };
    }
    if (offset === undefined) throw new Error('Nothing executes outside the window');
    let change = undefinedBy.get(offset);
    if (change === undefined) {
      const { flags } = decoder.decode(offset);
      change = (before) => (before & ~flags.written) | flags.undefined;
      undefinedBy.set(offset, change);
    }
    undefinedFlags = change(undefinedFlags);
    if (engine.instructions > MOST_INSTRUCTIONS) throw new Error('The program does not end');
  }
}
