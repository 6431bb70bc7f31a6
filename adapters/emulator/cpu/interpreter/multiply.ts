/** mul, imul, div, idiv. Rare enough in their widest forms to go by way of BigInt. */
import type { Instruction } from '../instruction';
import { join, low, type Cpu, type Execute } from './cpu';
import { CF, OF } from './flags';
import { generalPlace, operandAt, placeOf, readerOf, sizeOf } from './operands';
import type { Table } from './table';

/** CF and OF say that the upper half matters; the others are undefined and stay. */
function setOverflow(cpu: Cpu, overflow: boolean): void {
  cpu.flags = (cpu.flags & ~(CF | OF)) | (overflow ? CF | OF : 0);
}

function signed(bits: number, lo: number, hi: number): bigint {
  return BigInt.asIntN(bits, join(lo, hi));
}

function unsigned(bits: number, lo: number, hi: number): bigint {
  return BigInt.asUintN(bits, join(lo, hi));
}

/** The accumulator and its upper half: ax, dx:ax, edx:eax or rdx:rax. */
function accumulator(size: number): {
  readonly get: (cpu: Cpu) => bigint;
  readonly set: (cpu: Cpu, low: bigint, high: bigint) => void;
} {
  const bits = size * 8;
  const a = generalPlace(0, size);
  const d = generalPlace(2, size);
  return {
    get(cpu) {
      if (size === 1) return BigInt(cpu.u16[0] ?? 0);
      const upper = d.load(cpu, 0);
      const upperHi = cpu.hi;
      const lower = a.load(cpu, 0);
      return (unsigned(bits, upper, upperHi) << BigInt(bits)) | unsigned(bits, lower, cpu.hi);
    },
    set(cpu, lower, upper) {
      if (size === 1) {
        cpu.u16[0] = Number((BigInt.asUintN(8, upper) << 8n) | BigInt.asUintN(8, lower));
        return;
      }
      a.store(cpu, 0, low(lower), low(lower >> 32n));
      d.store(cpu, 0, low(upper), low(upper >> 32n));
    },
  };
}

function widening(instruction: Instruction, isSigned: boolean): Execute {
  const operand = operandAt(instruction, 0);
  const size = sizeOf(operand);
  const bits = size * 8;
  const value = isSigned ? signed : unsigned;
  const source = readerOf(operand);
  const a = generalPlace(0, size);
  const { set } = accumulator(size);
  return (cpu) => {
    const factor = source(cpu);
    const right = value(bits, factor, cpu.hi);
    const first = a.load(cpu, 0);
    const product = value(bits, first, cpu.hi) * right;
    set(cpu, product, product >> BigInt(bits));
    setOverflow(cpu, product !== (isSigned ? BigInt.asIntN(bits, product) : BigInt.asUintN(bits, product)));
  };
}

function truncating(instruction: Instruction): Execute {
  const to = operandAt(instruction, 0);
  const size = sizeOf(to);
  const bits = size * 8;
  const { store } = placeOf(to);
  const three = instruction.operands.length === 3;
  const left = readerOf(operandAt(instruction, three ? 1 : 0));
  const right = readerOf(operandAt(instruction, three ? 2 : 1));
  if (size === 8)
    return (cpu) => {
      const bLo = right(cpu);
      const b = signed(bits, bLo, cpu.hi);
      const aLo = left(cpu);
      const product = signed(bits, aLo, cpu.hi) * b;
      store(cpu, 0, low(product), low(product >> 32n));
      setOverflow(cpu, product !== BigInt.asIntN(bits, product));
    };
  const up = 32 - bits;
  return (cpu) => {
    const b = (right(cpu) << up) >> up;
    const a = (left(cpu) << up) >> up;
    const result = (Math.imul(a, b) << up) >> up;
    store(cpu, 0, result, 0);
    // A product that does not fit 32 bits may be rounded here, but then it differs from the result all the same.
    setOverflow(cpu, a * b !== result);
  };
}

function division(isSigned: boolean): (instruction: Instruction) => Execute {
  const value = isSigned ? signed : unsigned;
  return (instruction) => {
    const operand = operandAt(instruction, 0);
    const size = sizeOf(operand);
    const bits = size * 8;
    const source = readerOf(operand);
    const { get, set } = accumulator(size);
    return (cpu) => {
      const lo = source(cpu);
      const divisor = value(bits, lo, cpu.hi);
      if (divisor === 0n) throw cpu.stopped({ kind: 'divide' });
      const dividend = isSigned ? BigInt.asIntN(2 * bits, get(cpu)) : get(cpu);
      const quotient = dividend / divisor;
      if (quotient !== (isSigned ? BigInt.asIntN(bits, quotient) : BigInt.asUintN(bits, quotient)))
        throw cpu.stopped({ kind: 'divide' });
      set(cpu, quotient, dividend % divisor);
    };
  };
}

export const MULTIPLY: Table = {
  mul: (instruction) => widening(instruction, false),
  imul: (instruction) => (instruction.operands.length === 1 ? widening(instruction, true) : truncating(instruction)),
  div: division(false),
  idiv: division(true),
};
