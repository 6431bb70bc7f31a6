/** Runs the programs of an image, in any engine and any division into budgets. */
import { createHash } from 'node:crypto';
import { GUEST_BASE, PAGE_SIZE } from '../../../adapters/emulator/cpu/contract';
import type { Engine } from '../../../adapters/emulator/cpu/contract';
import { createMemory } from '../../../adapters/emulator/cpu/memory';
import type { WindowMemory } from '../../../adapters/emulator/cpu/memory';
import { readImage } from '../../../adapters/emulator/image';

const IMAGE = 0x10_0000;
const STACK = 0x20_0000;
const STACK_SIZE = 16 * PAGE_SIZE;
const WINDOW = 0x40_0000;
const SENTINEL = 0x8000;
const ENOUGH = 100_000_000;
const READ_WRITE = { read: true, write: true, execute: false };

export interface Outcome {
  readonly result: bigint;
  readonly instructions: number;
  /** Of image and stack. */
  readonly memory: string;
}

export class Programs {
  private readonly memory = createMemory(WINDOW);
  private readonly engine: Engine;
  private readonly entry: number;
  private readonly fresh;

  constructor(image: Uint8Array, create: (memory: WindowMemory) => Engine) {
    const { memory } = this;
    const parsed = readImage(image);
    this.engine = create(memory);
    this.entry = parsed.entryPoint;
    memory.write(IMAGE, parsed.mapAt(GUEST_BASE + BigInt(IMAGE)));
    for (const { rva, size, read, write, execute } of parsed.sections) {
      memory.protect(IMAGE + rva, size, { read, write, execute });
    }
    memory.protect(STACK - STACK_SIZE, STACK_SIZE, READ_WRITE);
    this.fresh = memory.snapshot();
  }

  /** @param budgetOf is asked for the next budget; without it there is one for all */
  run(program: number, step = false, budgetOf: () => number = () => ENOUGH): Outcome {
    const { engine, memory } = this;
    memory.restore(this.fresh);
    const registers = engine.newRegisters();
    const stack = STACK - 0x108;
    memory.setU64(stack, GUEST_BASE + BigInt(SENTINEL));
    registers.set('rsp', GUEST_BASE + BigInt(stack));
    registers.set('rcx', BigInt(program));
    registers.rip = GUEST_BASE + BigInt(IMAGE + this.entry);
    const before = engine.instructions;
    for (;;) {
      const { kind } = engine.run(registers, budgetOf(), step);
      if (kind === 'fetch' && registers.ripOffset === SENTINEL) break;
      const count = engine.instructions - before;
      if (kind !== 'budget' || count > ENOUGH) {
        throw new Error(`Program ${program} ended with ${kind} at ${registers.rip.toString(16)} after ${count}`);
      }
    }
    const hash = createHash('sha256').update(memory.bytes.subarray(IMAGE, STACK)).digest('hex');
    return { result: registers.get('rax'), instructions: engine.instructions - before, memory: hash };
  }
}
