/** A small machine for tests that write their code in bytes. */
import {
  GUEST_BASE,
  type Engine,
  type Exit,
  type GeneralRegister,
  type Registers,
} from '../../../adapters/emulator/cpu/contract';
import { createInterpreter } from '../../../adapters/emulator/cpu/interpreter';
import { createMemory, type WindowMemory } from '../../../adapters/emulator/cpu/memory';

export const CODE = 0x1000;
/** One page that may be read and written; the next may be read only, the one after is nothing. */
export const DATA = 0x4000;
export const READ_ONLY = 0x5000;
export const NOTHING = 0x6000;
export const STACK_TOP = 0x9000;

export class Bench {
  readonly memory: WindowMemory = createMemory(0x1_0000);
  readonly engine: Engine = createInterpreter(this.memory);
  readonly registers: Registers = this.engine.newRegisters();

  /** @param code in hexadecimal; spaces do not count */
  constructor(code: string) {
    const bytes = Buffer.from(code.replaceAll(' ', ''), 'hex');
    this.memory.write(CODE, bytes);
    this.memory.protect(CODE, bytes.length, { read: true, write: false, execute: true });
    this.memory.protect(DATA, 0x1000, { read: true, write: true, execute: false });
    this.memory.protect(READ_ONLY, 0x1000, { read: true, write: false, execute: false });
    this.memory.protect(STACK_TOP - 0x1000, 0x1000, { read: true, write: true, execute: false });
    this.registers.set('rsp', address(STACK_TOP));
    this.registers.rip = address(CODE);
  }

  with(values: Partial<Record<GeneralRegister, bigint>>): this {
    for (const [name, value] of Object.entries(values)) this.registers.set(name as GeneralRegister, value);
    return this;
  }

  run(budget = 100): Exit {
    return this.engine.run(this.registers, budget);
  }

  /** rip as an offset from the start of the code. */
  get at(): number {
    return Number(this.registers.rip - address(CODE));
  }
}

export function address(offset: number): bigint {
  return GUEST_BASE + BigInt(offset);
}
