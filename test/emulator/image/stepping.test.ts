/** Runs compiled functions an instruction at a time, and unwinds from every place that they come to. */
import { expect } from 'chai';
import {
  GENERAL_REGISTERS,
  GUEST_BASE,
  type GuestMemory,
  type Registers,
} from '../../../adapters/emulator/cpu/contract';
import { createInterpreter } from '../../../adapters/emulator/cpu/interpreter';
import { createMemory } from '../../../adapters/emulator/cpu/memory';
import { readImage, unwindFrame, type Image, type UnwindContext } from '../../../adapters/emulator/image';
import { buildSample } from './zig';

const IMAGE_AT = 0x10_0000;
const STACK_END = 0x20_0000;
const RETURN = GUEST_BASE + 0x30_0000n;
/** rbx, rsp, rbp, rsi, rdi, r12 to r15: what a function gives back as it was. */
const KEPT = [3, 4, 5, 6, 7, 12, 13, 14, 15];
const RSP = 4;

function contextOf(registers: Registers): UnwindContext {
  const xmm = new Uint8Array(256);
  for (let i = 0; i < 16; i++) xmm.set(registers.xmm(i), 16 * i);
  return {
    rip: registers.rip,
    registers: BigUint64Array.from(GENERAL_REGISTERS, (name) => registers.get(name)),
    xmm: new BigUint64Array(xmm.buffer),
  };
}

/** Unwinds to the one who called the function. @returns the number of frames */
function unwindAll(image: Image, context: UnwindContext, read: (address: bigint) => bigint | undefined): number {
  for (let frames = 1; ; frames++) {
    const rip = context.rip - GUEST_BASE - BigInt(IMAGE_AT);
    if (!unwindFrame(image, context, read, GUEST_BASE + BigInt(IMAGE_AT)))
      throw new Error(`cannot unwind from RVA ${rip}`);
    if (context.rip === RETURN) return frames;
    if (frames > 20) throw new Error(`no end from RVA ${rip}`);
  }
}

/** @returns a memory with the image in it, and room for a stack */
function load(image: Image): GuestMemory {
  const memory = createMemory(4 * 1024 * 1024);
  memory.protect(IMAGE_AT, image.sizeOfImage, { read: true, write: true, execute: true });
  memory.write(IMAGE_AT, image.mapAt(GUEST_BASE + BigInt(IMAGE_AT)));
  memory.protect(STACK_END - 0x10000, 0x10000, { read: true, write: true, execute: false });
  return memory;
}

interface Run {
  readonly steps: number;
  /** How deep calls went. */
  readonly deepest: number;
}

function stepThrough(image: Image, memory: GuestMemory, name: string, argument: bigint): Run {
  const engine = createInterpreter(memory);
  const registers = engine.newRegisters();
  for (const [index, register] of GENERAL_REGISTERS.entries())
    registers.set(register, 0x1111_0000_0000n + BigInt(index));
  for (let i = 0; i < 16; i++) registers.setXmm(i, new Uint8Array(16).fill(0x40 + i));
  const top = STACK_END - 0x100 - 8;
  memory.setU64(top, RETURN);
  registers.set('rsp', GUEST_BASE + BigInt(top));
  registers.set('rcx', argument);
  registers.set('rdx', 5n);
  const rva = image.addressOf(name);
  if (rva === undefined) throw new Error(`${name} is unknown`);
  registers.rip = GUEST_BASE + BigInt(IMAGE_AT + rva);

  const read = (address: bigint) => {
    const offset = memory.offsetOf(address);
    return offset === undefined ? undefined : memory.u64(offset);
  };
  const before = contextOf(registers);
  before.registers[RSP] = GUEST_BASE + BigInt(top + 8);
  const wanted = [...KEPT.map((index) => before.registers[index]), ...before.xmm.subarray(12)];
  let deepest = 0;
  for (let steps = 0; ; steps++) {
    if (registers.rip === RETURN) return { steps, deepest };
    const context = contextOf(registers);
    const at = registers.rip - GUEST_BASE - BigInt(IMAGE_AT);
    deepest = Math.max(deepest, unwindAll(image, context, read));
    const found = [...KEPT.map((index) => context.registers[index]), ...context.xmm.subarray(12)];
    if (found.some((value, i) => value !== wanted[i])) expect(found, `from RVA ${at}`).to.deep.equal(wanted);
    const exit = engine.run(registers, 1, true);
    if (exit.kind !== 'budget') throw new Error(`stopped by ${exit.kind} at RVA ${at}`);
  }
}

describe('Unwinding from every instruction of a run', function () {
  this.timeout(120_000);

  for (const optimisation of ['-O0', '-O1', '-O2']) {
    it(`of functions compiled with ${optimisation} finds the caller and all its registers`, () => {
      const built = buildSample(optimisation);
      const image = readImage(built.sys, { pdb: built.pdb });
      const memory = load(image);
      const numbers = ['many', 'large', 'alloca_', 'vectors', 'early', 'tail', 'indirect', 'paged'];
      for (const name of numbers) {
        for (const argument of [3n, 7n]) {
          const { steps, deepest } = stepThrough(image, memory, name, argument);
          expect(steps, name).to.be.greaterThan(8);
          if (name === 'indirect') expect(deepest).to.be.greaterThan(2);
        }
      }
      for (const name of ['guarded', 'catches']) {
        stepThrough(image, memory, name, GUEST_BASE + BigInt(IMAGE_AT));
      }
    });
  }
});
