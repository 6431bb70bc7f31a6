/** 128-bit values and the operands that hold them. */
import type { Instruction, Operand } from '../instruction';
import type { Cpu, Execute } from './cpu';
import { STATUS } from './flags';
import { addressOf, LOADS, operandAt, Unsupported } from './operands';

/** 16 bytes, seen as lanes of every width. */
export class Vector {
  private readonly buffer = new ArrayBuffer(16);
  readonly u8 = new Uint8Array(this.buffer);
  readonly i8 = new Int8Array(this.buffer);
  readonly u16 = new Uint16Array(this.buffer);
  readonly i16 = new Int16Array(this.buffer);
  readonly u32 = new Uint32Array(this.buffer);
  readonly i32 = new Int32Array(this.buffer);
  readonly u64 = new BigUint64Array(this.buffer);
}

/** Fills the low lanes with an operand; of a register always all of them. */
export type ReadVector = (cpu: Cpu, into: Vector) => void;
/** Writes what of a vector belongs to the operand. */
export type WriteVector = (cpu: Cpu, at: number, from: Vector) => void;

/** Only these may have 16 bytes of memory anywhere. */
const UNALIGNED = new Set(['movups', 'movupd', 'movdqu', 'lddqu']);

export function isVector(operand: Operand): boolean {
  return operand.kind === 'register' && operand.bank === 'xmm';
}

/** @returns the index of a vector register in `cpu.vector` */
export function vectorAt(operand: Operand | undefined): number {
  if (operand?.kind !== 'register' || operand.bank !== 'xmm') throw new Unsupported('not a vector register');
  return operand.index * 4;
}

/**
 * A misaligned operand is a general protection fault of the processor, which Windows reports as an access violation: a
 * fault, of an address that may well be allowed.
 */
function locator(instruction: Instruction, operand: Operand): (cpu: Cpu) => number {
  if (operand.kind !== 'memory') throw new Unsupported(instruction.mnemonic);
  const address = addressOf(operand);
  const { size, write } = operand;
  const aligned = size === 16 && !UNALIGNED.has(instruction.mnemonic);
  return (cpu) => {
    const lo = address(cpu);
    if (aligned && (lo & 15) !== 0) throw cpu.fault(write ? 'write' : 'read', lo, cpu.hi, size);
    return write ? cpu.writable(lo, cpu.hi, size) : cpu.readable(lo, cpu.hi, size);
  };
}

/** @returns what reads a vector register, or 2, 4, 8 or 16 bytes of memory */
export function vectorReader(instruction: Instruction, operand: Operand): ReadVector {
  if (isVector(operand)) {
    const index = vectorAt(operand);
    return (cpu, into) => {
      for (let i = 0; i < 4; i++) into.i32[i] = cpu.vector[index + i] ?? 0;
    };
  }
  const locate = locator(instruction, operand);
  const words = operand.kind === 'memory' ? operand.size / 4 : 0;
  if (words === 0.5) {
    return (cpu, into) => {
      into.u16[0] = LOADS[2]?.(cpu, locate(cpu)) ?? 0;
    };
  }
  if (![1, 2, 4].includes(words)) throw new Unsupported(instruction.mnemonic);
  return (cpu, into) => {
    const at = locate(cpu);
    for (let i = 0; i < words; i++) into.i32[i] = LOADS[4]?.(cpu, at + 4 * i) ?? 0;
  };
}

/** @returns what looks at the first two operands, and changes nothing but the flags of arithmetic */
export function flagTest(
  instruction: Instruction,
  flagsOf: (cpu: Cpu, left: Vector, right: Vector) => number,
): Execute {
  const left = vectorReader(instruction, operandAt(instruction, 0));
  const right = vectorReader(instruction, operandAt(instruction, 1));
  const a = new Vector();
  const b = new Vector();
  return (cpu) => {
    right(cpu, b);
    left(cpu, a);
    cpu.flags = (cpu.flags & ~STATUS) | flagsOf(cpu, a, b);
  };
}

/** @returns what checks a memory destination and what writes 4, 8 or 16 bytes there */
export function vectorMemory(
  instruction: Instruction,
  operand: Operand,
): { readonly locate: (cpu: Cpu) => number; readonly write: WriteVector } {
  const words = operand.kind === 'memory' ? operand.size / 4 : 0;
  if (![1, 2, 4].includes(words)) throw new Unsupported(instruction.mnemonic);
  return {
    locate: locator(instruction, operand),
    write: (cpu, at, from) => {
      for (let i = 0; i < words; i++) cpu.store32(at + 4 * i, from.i32[i] ?? 0);
    },
  };
}
