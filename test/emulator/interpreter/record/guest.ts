/** Runs one case of the vectors in an engine. */
import {
  GENERAL_REGISTERS,
  GUEST_BASE,
  type Engine,
  type GuestMemory,
} from '../../../../adapters/emulator/cpu/contract';
import { RegisterFile } from '../../../../adapters/emulator/cpu/memory';
import { MXCSR } from '../../../../adapters/emulator/cpu/memory/registers';
import { createDecoder, type InstructionDecoder } from '../../../../adapters/emulator/cpu/decode';
import { CODE, DATA, DATA_SIZE, mapWords, STACK, STACK_SIZE, toGuest, toNative, type State } from './state';

export interface Case {
  readonly code: Uint8Array;
  /** Of how many instructions at most: some are not reached. */
  readonly before: State;
}

export interface Ran {
  readonly after: State;
  readonly ended: string;
  /** Offset of rip. */
  readonly rip: number;
}

const ALL = { read: true, write: true, execute: false };

/** An engine with the window of the vectors. */
export class Guest {
  readonly decoder: InstructionDecoder;

  constructor(
    readonly memory: GuestMemory,
    readonly engine: Engine,
  ) {
    this.decoder = createDecoder(memory.bytes);
    memory.protect(DATA, DATA_SIZE, ALL);
    memory.protect(STACK, STACK_SIZE, ALL);
  }

  place(code: Uint8Array): void {
    this.memory.protect(CODE, 0x1000, { read: false, write: false, execute: false });
    this.memory.write(CODE, code);
    this.memory.protect(CODE, code.length, { read: false, write: false, execute: true });
    this.engine.forget(CODE, 0x1000);
  }

  run({ code, before }: Case, budget: number): Ran {
    this.place(code);
    this.memory.write(DATA, mapWords(before.data, toGuest));
    this.memory.write(STACK, mapWords(before.stack, toGuest));
    const registers = this.engine.newRegisters();
    GENERAL_REGISTERS.forEach((name, index) => registers.set(name, toGuest(before.gpr[index] ?? 0n)));
    registers.rflags = BigInt(before.flags) | 0x202n;
    for (let i = 0; i < 16; i++) registers.setXmm(i, before.xmm.slice(i * 16, i * 16 + 16));
    if (!(registers instanceof RegisterFile)) throw new TypeError('These registers have no mxcsr');
    registers.i32[2 * MXCSR] = before.mxcsr;
    registers.rip = GUEST_BASE + BigInt(CODE);
    const exit = this.engine.run(registers, budget, true);
    const xmm = new Uint8Array(256);
    for (let i = 0; i < 16; i++) xmm.set(registers.xmm(i), i * 16);
    const bytes = (at: number, length: number): Uint8Array =>
      mapWords(this.memory.bytes.slice(at, at + length), toNative);
    const after: State = {
      gpr: BigUint64Array.from(GENERAL_REGISTERS, (name) => toNative(registers.get(name))),
      flags: Number(registers.rflags),
      xmm,
      data: bytes(DATA, DATA_SIZE),
      stack: bytes(STACK, STACK_SIZE),
      mxcsr: registers.i32[2 * MXCSR] ?? 0,
    };
    return { after, ended: exit.kind === 'fetch' ? 'end' : exit.kind, rip: Number(registers.rip - GUEST_BASE) };
  }
}
