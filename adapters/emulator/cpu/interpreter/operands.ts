/**
 * Operands as closures. A value of up to 32 bits is one number (only its low bits count); of a 64-bit value the low half is
 * returned or passed, and the high half is in `cpu.hi` or the next argument.
 */
import type { ImmediateOperand, Instruction, MemoryOperand, Operand } from '../instruction';
import type { Cpu } from './cpu';

export type Read = (cpu: Cpu) => number;

/** Where a result goes. `locate` checks and must come before any effect; its answer goes to the other two. */
export interface Place {
  readonly locate: (cpu: Cpu) => number;
  readonly load: (cpu: Cpu, at: number) => number;
  readonly store: (cpu: Cpu, at: number, lo: number, hi: number) => void;
}

/** Thrown while an instruction is prepared that is not supported in this form. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported';
}

export function operandAt(instruction: Instruction, index: number): Operand {
  const operand = instruction.operands[index];
  if (operand === undefined) throw new Unsupported(instruction.mnemonic);
  return operand;
}

/** @returns size in bytes of a register or memory operand */
export function sizeOf(operand: Operand): number {
  if (operand.kind === 'register' || operand.kind === 'memory') return operand.size;
  throw new Unsupported(operand.kind);
}

export function immediateAt(instruction: Instruction, index: number): ImmediateOperand {
  const operand = operandAt(instruction, index);
  if (operand.kind !== 'immediate') throw new Unsupported(instruction.mnemonic);
  return operand;
}

/** @returns what reads an operand, checked; never for a vector register */
export function readerOf(operand: Operand): Read {
  if (operand.kind === 'immediate') {
    const { lo, hi } = operand;
    return (cpu) => {
      cpu.hi = hi;
      return lo;
    };
  }
  if (operand.kind === 'memory') return memoryReader(operand);
  const place = placeOf(operand);
  const { load } = place;
  return (cpu) => load(cpu, 0);
}

function memoryReader(operand: MemoryOperand): Read {
  const address = addressOf(operand);
  const load = LOADS[operand.size];
  const { size } = operand;
  if (load === undefined) throw new Unsupported('size of memory operand');
  return (cpu) => {
    const lo = address(cpu);
    return load(cpu, cpu.readable(lo, cpu.hi, size));
  };
}

/** @returns where an operand is, general register or memory */
export function placeOf(operand: Operand): Place {
  if (operand.kind === 'memory') return memoryPlace(operand);
  if (operand.kind !== 'register') throw new Unsupported(operand.kind);
  if (operand.bank === 'high') return bytePlace(operand.index * 8 + 1);
  if (operand.bank !== 'general') throw new Unsupported(operand.bank);
  return generalPlace(operand.index, operand.size);
}

/** @returns the place of a general register in one of its widths */
export function generalPlace(index: number, size: number): Place {
  if (size === 1) return bytePlace(index * 8);
  if (size === 2) return wordPlace(index * 4);
  return size === 4 ? doublePlace(index * 2) : quadPlace(index * 2);
}

const nowhere = (): number => 0;

function bytePlace(at: number): Place {
  return {
    locate: nowhere,
    load: (cpu) => cpu.u8[at] ?? 0,
    store: (cpu, _, lo) => {
      cpu.u8[at] = lo;
    },
  };
}

function wordPlace(at: number): Place {
  return {
    locate: nowhere,
    load: (cpu) => cpu.u16[at] ?? 0,
    store: (cpu, _, lo) => {
      cpu.u16[at] = lo;
    },
  };
}

function doublePlace(at: number): Place {
  return {
    locate: nowhere,
    load: (cpu) => cpu.i32[at] ?? 0,
    store: (cpu, _, lo) => {
      cpu.i32[at] = lo;
      cpu.i32[at + 1] = 0;
    },
  };
}

function quadPlace(at: number): Place {
  return {
    locate: nowhere,
    load: (cpu) => {
      cpu.hi = cpu.i32[at + 1] ?? 0;
      return cpu.i32[at] ?? 0;
    },
    store: (cpu, _, lo, hi) => {
      cpu.i32[at] = lo;
      cpu.i32[at + 1] = hi;
    },
  };
}

export const LOADS: Record<number, (cpu: Cpu, at: number) => number> = {
  1: (cpu, at) => cpu.memory.u8(at),
  2: (cpu, at) => cpu.memory.u16(at),
  4: (cpu, at) => cpu.memory.i32(at),
  8: (cpu, at) => {
    cpu.hi = cpu.memory.i32(at + 4);
    return cpu.memory.i32(at);
  },
};

export const STORES: Record<number, Place['store']> = {
  1: (cpu, at, lo) => cpu.store8(at, lo),
  2: (cpu, at, lo) => cpu.store16(at, lo),
  4: (cpu, at, lo) => cpu.store32(at, lo),
  8: (cpu, at, lo, hi) => cpu.store64(at, lo, hi),
};

function memoryPlace(operand: MemoryOperand): Place {
  const { size } = operand;
  const load = LOADS[size];
  const store = STORES[size];
  if (load === undefined || store === undefined) throw new Unsupported('size of memory operand');
  return { locate: locatorOf(operand), load, store };
}

/** @returns what checks the access that the instruction makes, and gives the offset */
export function locatorOf(operand: MemoryOperand): Read {
  const address = addressOf(operand);
  const { size, read, write } = operand;
  if (read && write)
    return (cpu) => {
      const lo = address(cpu);
      return cpu.changeable(lo, cpu.hi, size);
    };
  if (write)
    return (cpu) => {
      const lo = address(cpu);
      return cpu.writable(lo, cpu.hi, size);
    };
  return (cpu) => {
    const lo = address(cpu);
    return cpu.readable(lo, cpu.hi, size);
  };
}

/** @returns what computes the linear address */
export function addressOf(operand: MemoryOperand): Read {
  const effective = effectiveAddressOf(operand);
  if (operand.segment !== 'gs') return effective;
  return (cpu) => {
    const sum = (effective(cpu) >>> 0) + (cpu.gsLo >>> 0);
    cpu.hi = (cpu.hi + cpu.gsHi + (sum > 0xffff_ffff ? 1 : 0)) | 0;
    return sum | 0;
  };
}

/** @returns what computes base + index * scale + displacement, as `lea` does */
export function effectiveAddressOf(operand: MemoryOperand): Read {
  const full = sumOf(operand);
  if (operand.addressSize === 8) return full;
  return (cpu) => {
    const lo = full(cpu);
    cpu.hi = 0;
    return lo;
  };
}

function sumOf({ base, index, scale, lo, hi }: MemoryOperand): Read {
  if (base < 0 && index < 0)
    return (cpu) => {
      cpu.hi = hi;
      return lo;
    };
  const displacement = lo >>> 0;
  const shift = scale === 8 ? 3 : scale === 4 ? 2 : scale === 2 ? 1 : 0;
  const b = base * 2;
  const i = index * 2;
  if (index < 0)
    return (cpu) => {
      const sum = ((cpu.i32[b] ?? 0) >>> 0) + displacement;
      cpu.hi = ((cpu.i32[b + 1] ?? 0) + hi + (sum > 0xffff_ffff ? 1 : 0)) | 0;
      return sum | 0;
    };
  return (cpu) => {
    const indexLo = cpu.i32[i] ?? 0;
    const indexHi = cpu.i32[i + 1] ?? 0;
    let sum = ((indexLo << shift) >>> 0) + displacement;
    let high = (indexHi << shift) + (shift === 0 ? 0 : indexLo >>> (32 - shift)) + hi;
    if (base >= 0) {
      sum += (cpu.i32[b] ?? 0) >>> 0;
      high += cpu.i32[b + 1] ?? 0;
    }
    cpu.hi = (high + Math.floor(sum / 0x1_0000_0000)) | 0;
    return sum | 0;
  };
}
