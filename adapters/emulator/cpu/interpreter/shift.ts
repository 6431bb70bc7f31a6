/** Shifts and rotates. Counts come masked; with count 0 nothing is called, since neither flags nor operand change. */
import { join, low, type Cpu } from './cpu';
import { CF, OF, resultFlags, SF, ZF, PF } from './flags';

export type Shift = (cpu: Cpu, size: number, lo: number, hi: number, count: number) => number;

/** @returns the count as the processor takes it for an operand of so many bytes */
export function maskCount(size: number, count: number): number {
  return count & (size === 8 ? 63 : 31);
}

/** Sign and the bit below it, from the top of a value. */
function topBits(size: number, lo: number, hi: number): { readonly top: number; readonly second: number } {
  const at = size === 8 ? 31 : size * 8 - 1;
  const word = size === 8 ? hi : lo;
  return { top: (word >>> at) & 1, second: (word >>> (at - 1)) & 1 };
}

/** Shifts define ZF, SF, PF and CF; OF only for count 1 (given here for every count as processors do); AF stays. */
function afterShift(cpu: Cpu, size: number, lo: number, hi: number, carry: number, overflow: number): number {
  const set = resultFlags(size, lo, hi) | (carry !== 0 ? CF : 0) | (overflow !== 0 ? OF : 0);
  cpu.flags = (cpu.flags & ~(ZF | SF | PF | CF | OF)) | set;
  cpu.hi = hi;
  return lo;
}

function afterRotate(cpu: Cpu, lo: number, hi: number, carry: number, overflow: number): number {
  cpu.flags = (cpu.flags & ~(CF | OF)) | (carry !== 0 ? CF : 0) | (overflow !== 0 ? OF : 0);
  cpu.hi = hi;
  return lo;
}

const shl: Shift = (cpu, size, lo, hi, count) => {
  const bits = size * 8;
  let carry: number;
  let resultLo: number;
  let resultHi = 0;
  if (size === 8) {
    carry = count <= 32 ? (hi >>> (32 - count)) & 1 : (lo >>> (64 - count)) & 1;
    resultLo = count >= 32 ? 0 : lo << count;
    resultHi = count >= 32 ? lo << (count - 32) : (hi << count) | (lo >>> (32 - count));
  } else {
    carry = count <= bits ? (lo >>> (bits - count)) & 1 : 0;
    resultLo = lo << count;
  }
  const { top } = topBits(size, resultLo, resultHi);
  return afterShift(cpu, size, resultLo, resultHi, carry, top ^ carry);
};

const shr: Shift = (cpu, size, lo, hi, count) => {
  if (size === 8) {
    const carry = (count <= 32 ? lo >>> (count - 1) : hi >>> (count - 33)) & 1;
    const resultLo = count >= 32 ? hi >>> (count - 32) : (lo >>> count) | (hi << (32 - count));
    const resultHi = count >= 32 ? 0 : hi >>> count;
    const { second } = topBits(8, resultLo, resultHi);
    return afterShift(cpu, 8, resultLo | 0, resultHi | 0, carry, topBits(8, resultLo, resultHi).top ^ second);
  }
  const value = size === 4 ? lo : lo & ((1 << (size * 8)) - 1);
  const result = (value >>> count) | 0;
  const { top, second } = topBits(size, result, 0);
  return afterShift(cpu, size, result, 0, (value >>> (count - 1)) & 1, top ^ second);
};

const sar: Shift = (cpu, size, lo, hi, count) => {
  if (size === 8) {
    const carry = (count <= 32 ? lo >> (count - 1) : hi >> (count - 33)) & 1;
    const resultLo = count >= 32 ? hi >> (count - 32) : (lo >>> count) | (hi << (32 - count));
    return afterShift(cpu, 8, resultLo, count >= 32 ? hi >> 31 : hi >> count, carry, 0);
  }
  const up = 32 - size * 8;
  const value = (lo << up) >> up;
  return afterShift(cpu, size, value >> count, 0, (value >> (count - 1)) & 1, 0);
};

/** Rotates left by less than 64; the count of a right rotate is turned round by the caller. */
function rotate64(cpu: Cpu, lo: number, hi: number, count: number): number {
  const turned = count >= 32;
  const a = turned ? hi : lo;
  const b = turned ? lo : hi;
  const by = count & 31;
  cpu.hi = by === 0 ? b : (b << by) | (a >>> (32 - by));
  return by === 0 ? a : (a << by) | (b >>> (32 - by));
}

function rotateLeft(cpu: Cpu, size: number, lo: number, hi: number, count: number): number {
  if (size === 8) return rotate64(cpu, lo, hi, count & 63);
  const bits = size * 8;
  const by = count & (bits - 1);
  const value = size === 4 ? lo : lo & ((1 << bits) - 1);
  return by === 0 ? value : (value << by) | (value >>> (bits - by));
}

const rol: Shift = (cpu, size, lo, hi, count) => {
  const result = rotateLeft(cpu, size, lo, hi, count);
  const resultHi = cpu.hi;
  const carry = result & 1;
  return afterRotate(cpu, result, resultHi, carry, topBits(size, result, resultHi).top ^ carry);
};

const ror: Shift = (cpu, size, lo, hi, count) => {
  const result = rotateLeft(cpu, size, lo, hi, size * 8 - (count & (size * 8 - 1)));
  const resultHi = cpu.hi;
  const { top, second } = topBits(size, result, resultHi);
  return afterRotate(cpu, result, resultHi, top, top ^ second);
};

/** Through the carry: a rotate of one bit more. `toLeft` is how far left. */
function throughCarry(cpu: Cpu, size: number, lo: number, hi: number, toLeft: number): bigint {
  const bits = BigInt(size * 8);
  const value = BigInt.asUintN(size * 8, join(lo, hi)) | (BigInt(cpu.flags & CF) << bits);
  const by = BigInt(toLeft);
  return BigInt.asUintN(size * 8 + 1, (value << by) | (value >> (bits + 1n - by)));
}

function halvesThrough(cpu: Cpu, size: number, wide: bigint, right: boolean): number {
  const lo = low(wide);
  const hi = low(wide >> 32n);
  const carry = Number(wide >> BigInt(size * 8)) & 1;
  const { top, second } = topBits(size, lo, hi);
  return afterRotate(cpu, lo, hi, carry, right ? top ^ second : top ^ carry);
}

const rcl: Shift = (cpu, size, lo, hi, count) =>
  halvesThrough(cpu, size, throughCarry(cpu, size, lo, hi, count % (size * 8 + 1)), false);

const rcr: Shift = (cpu, size, lo, hi, count) => {
  const width = size * 8 + 1;
  return halvesThrough(cpu, size, throughCarry(cpu, size, lo, hi, (width - (count % width)) % width), true);
};

export const SHIFTS: Readonly<Record<string, Shift>> = { shl, sal: shl, shr, sar, rol, ror, rcl, rcr };

/** Double-precision shifts. For 16 bits and counts above 16 everything is undefined: the pair is taken as a ring. */
export function shiftDouble(
  cpu: Cpu,
  size: number,
  [lo, hi]: readonly [number, number],
  [fillLo, fillHi]: readonly [number, number],
  count: number,
  left: boolean,
): number {
  const bits = size * 8;
  const value = BigInt.asUintN(bits, join(lo, hi));
  const fill = BigInt.asUintN(bits, join(fillLo, fillHi));
  const width = BigInt(bits);
  const ring = left ? (value << width) | fill : (fill << width) | value;
  const by = BigInt(count);
  const twice = (ring << (2n * width)) | ring;
  const wide = left ? twice >> (3n * width - by) : twice >> by;
  const carry = left ? (twice >> (2n * width - by)) & 1n : (twice >> (by - 1n)) & 1n;
  const result = BigInt.asUintN(bits, wide);
  const resultLo = low(result);
  const resultHi = low(result >> 32n);
  const changed = topBits(size, resultLo, resultHi).top ^ topBits(size, lo, hi).top;
  return afterShift(cpu, size, resultLo, resultHi, Number(carry), changed);
}
