/** Addition, subtraction and logic in every width, with all flags. Wider operands are halves; see operands.ts. */
import type { Cpu } from './cpu';
import { AF, CF, OF, resultFlags, STATUS } from './flags';

/** Sets the flags and returns the result: its low half, with the high half in `cpu.hi`. */
export type Binary = (cpu: Cpu, aLo: number, aHi: number, bLo: number, bHi: number) => number;

/** By size in bytes. */
export type Sized<T> = Readonly<Record<number, T>>;

function setStatus(cpu: Cpu, status: number): void {
  cpu.flags = (cpu.flags & ~STATUS) | status;
}

/** Carry, overflow and half carry of a sum: `of` is the sign of what overflowed. */
function addFlags(carry: boolean, overflow: number, half: number): number {
  return (carry ? CF : 0) | (overflow < 0 ? OF : 0) | (half & AF);
}

function addNarrow(bits: 8 | 16): (cpu: Cpu, a: number, b: number, carry: number) => number {
  const mask = (1 << bits) - 1;
  const size = bits / 8;
  const up = 32 - bits;
  return (cpu, aLo, bLo, carry) => {
    const a = aLo & mask;
    const b = bLo & mask;
    const sum = a + b + carry;
    const lo = sum & mask;
    setStatus(cpu, addFlags(sum > mask, ((a ^ lo) & (b ^ lo)) << up, a ^ b ^ lo) | resultFlags(size, lo, 0));
    return lo;
  };
}

function subtractNarrow(bits: 8 | 16): (cpu: Cpu, a: number, b: number, borrow: number) => number {
  const mask = (1 << bits) - 1;
  const size = bits / 8;
  const up = 32 - bits;
  return (cpu, aLo, bLo, borrow) => {
    const a = aLo & mask;
    const b = bLo & mask;
    const difference = a - b - borrow;
    const lo = difference & mask;
    setStatus(cpu, addFlags(difference < 0, ((a ^ b) & (a ^ lo)) << up, a ^ b ^ lo) | resultFlags(size, lo, 0));
    return lo;
  };
}

const add8 = addNarrow(8);
const add16 = addNarrow(16);
const subtract8 = subtractNarrow(8);
const subtract16 = subtractNarrow(16);

function add32(cpu: Cpu, a: number, b: number, carry: number): number {
  const sum = (a >>> 0) + (b >>> 0) + carry;
  const lo = sum | 0;
  setStatus(cpu, addFlags(sum > 0xffff_ffff, (a ^ lo) & (b ^ lo), a ^ b ^ lo) | resultFlags(4, lo, 0));
  return lo;
}

function subtract32(cpu: Cpu, a: number, b: number, borrow: number): number {
  const difference = (a >>> 0) - (b >>> 0) - borrow;
  const lo = difference | 0;
  setStatus(cpu, addFlags(difference < 0, (a ^ b) & (a ^ lo), a ^ b ^ lo) | resultFlags(4, lo, 0));
  return lo;
}

function add64(cpu: Cpu, aLo: number, aHi: number, bLo: number, bHi: number, carry: number): number {
  const low = (aLo >>> 0) + (bLo >>> 0) + carry;
  const lo = low | 0;
  const high = (aHi >>> 0) + (bHi >>> 0) + (low > 0xffff_ffff ? 1 : 0);
  const hi = high | 0;
  setStatus(cpu, addFlags(high > 0xffff_ffff, (aHi ^ hi) & (bHi ^ hi), aLo ^ bLo ^ lo) | resultFlags(8, lo, hi));
  cpu.hi = hi;
  return lo;
}

function subtract64(cpu: Cpu, aLo: number, aHi: number, bLo: number, bHi: number, borrow: number): number {
  const low = (aLo >>> 0) - (bLo >>> 0) - borrow;
  const lo = low | 0;
  const high = (aHi >>> 0) - (bHi >>> 0) - (low < 0 ? 1 : 0);
  const hi = high | 0;
  setStatus(cpu, addFlags(high < 0, (aHi ^ bHi) & (aHi ^ hi), aLo ^ bLo ^ lo) | resultFlags(8, lo, hi));
  cpu.hi = hi;
  return lo;
}

const add: Sized<Binary> = {
  1: (cpu, a, _, b) => add8(cpu, a, b, 0),
  2: (cpu, a, _, b) => add16(cpu, a, b, 0),
  4: (cpu, a, _, b) => add32(cpu, a, b, 0),
  8: (cpu, aLo, aHi, bLo, bHi) => add64(cpu, aLo, aHi, bLo, bHi, 0),
};

const adc: Sized<Binary> = {
  1: (cpu, a, _, b) => add8(cpu, a, b, cpu.flags & CF),
  2: (cpu, a, _, b) => add16(cpu, a, b, cpu.flags & CF),
  4: (cpu, a, _, b) => add32(cpu, a, b, cpu.flags & CF),
  8: (cpu, aLo, aHi, bLo, bHi) => add64(cpu, aLo, aHi, bLo, bHi, cpu.flags & CF),
};

const sub: Sized<Binary> = {
  1: (cpu, a, _, b) => subtract8(cpu, a, b, 0),
  2: (cpu, a, _, b) => subtract16(cpu, a, b, 0),
  4: (cpu, a, _, b) => subtract32(cpu, a, b, 0),
  8: (cpu, aLo, aHi, bLo, bHi) => subtract64(cpu, aLo, aHi, bLo, bHi, 0),
};

const sbb: Sized<Binary> = {
  1: (cpu, a, _, b) => subtract8(cpu, a, b, cpu.flags & CF),
  2: (cpu, a, _, b) => subtract16(cpu, a, b, cpu.flags & CF),
  4: (cpu, a, _, b) => subtract32(cpu, a, b, cpu.flags & CF),
  8: (cpu, aLo, aHi, bLo, bHi) => subtract64(cpu, aLo, aHi, bLo, bHi, cpu.flags & CF),
};

/** AF is undefined after logic; processors clear it. */
function logic(operate: (a: number, b: number) => number): Sized<Binary> {
  const sized =
    (size: number): Binary =>
    (cpu, aLo, aHi, bLo, bHi) => {
      const lo = operate(aLo, bLo);
      const hi = operate(aHi, bHi);
      setStatus(cpu, resultFlags(size, lo, hi));
      cpu.hi = hi;
      return lo;
    };
  return { 1: sized(1), 2: sized(2), 4: sized(4), 8: sized(8) };
}

const and = logic((a, b) => a & b);
const or = logic((a, b) => a | b);
const xor = logic((a, b) => a ^ b);

/** Two operands; the ones of COMPARISONS leave the first alone. */
export const BINARY: Readonly<Record<string, Sized<Binary>>> = { add, adc, sub, sbb, and, or, xor };
export const COMPARISONS: Readonly<Record<string, Sized<Binary>>> = { cmp: sub, test: and };

export type Unary = (cpu: Cpu, lo: number, hi: number) => number;

/** As `binary` with a constant, but CF stays. */
function keepingCarry(binary: Sized<Binary>): Sized<Unary> {
  const sized = (size: number): Unary => {
    const operate = binary[size];
    return (cpu, lo, hi) => {
      const carry = cpu.flags & CF;
      const result = operate === undefined ? 0 : operate(cpu, lo, hi, 1, 0);
      cpu.flags = (cpu.flags & ~CF) | carry;
      return result;
    };
  };
  return { 1: sized(1), 2: sized(2), 4: sized(4), 8: sized(8) };
}

const neg: Sized<Unary> = {
  1: (cpu, lo) => subtract8(cpu, 0, lo, 0),
  2: (cpu, lo) => subtract16(cpu, 0, lo, 0),
  4: (cpu, lo) => subtract32(cpu, 0, lo, 0),
  8: (cpu, lo, hi) => subtract64(cpu, 0, 0, lo, hi, 0),
};

const invert: Unary = (cpu, lo, hi) => {
  cpu.hi = ~hi;
  return ~lo;
};
const not: Sized<Unary> = { 1: invert, 2: invert, 4: invert, 8: invert };

export const UNARY: Readonly<Record<string, Sized<Unary>>> = {
  inc: keepingCarry(add),
  dec: keepingCarry(sub),
  neg,
  not,
};
