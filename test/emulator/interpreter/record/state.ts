/**
 * Machine states of the recorded vectors. A state is made from a seed, so that a vector is only code, seed and what changes.
 * Addresses are those of the native window; `toGuest` and `toNative` turn them.
 */

export const BASE = 0x2000_0000_0000n;
export const CODE = 0x1000;
export const DATA = 0x2000;
export const STACK = 0x3000;
export const DATA_SIZE = 512;
export const STACK_SIZE = 256;
export const WINDOW = 0x1_0000;

const RBX = 3;
const RSP = 4;
const RBP = 5;
const RSI = 6;
const RDI = 7;
const R9 = 9;
/** Status flags and DF. */
export const FLAGS = 0xcd5;

export interface State {
  readonly gpr: BigUint64Array;
  flags: number;
  readonly xmm: Uint8Array;
  readonly data: Uint8Array;
  readonly stack: Uint8Array;
  readonly mxcsr: number;
}

/** Behind the general registers; where it is given, vector registers and data hold floating-point numbers. */
export const MXCSR = 16;
const MXCSR_AT_RESET = 0x1f80;

/** Values of registers that a case needs: by number. */
export type Overrides = ReadonlyMap<number, bigint>;

/** Small and plain: the same sequence everywhere. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = (Math.imul(seed, 0x9e37_79b1) ^ 0x5bd1_e995) >>> 0 || 1;
  }

  u32(): number {
    let x = this.state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.state = x >>> 0;
    return this.state;
  }

  below(bound: number): number {
    return Math.floor((this.u32() / 0x1_0000_0000) * bound);
  }

  pick<T>(from: readonly T[]): T {
    const value = from[this.below(from.length)];
    if (value === undefined) throw new RangeError('Nothing to pick from');
    return value;
  }
}

/** Fractions and exponents, as parts of their greatest values, that lie close to each other or at an edge. */
function number(random: Random, fraction: number, exponent: number): bigint {
  const most = (1 << exponent) - 1;
  const middle = most >> 1;
  const noise = BigInt.asUintN(fraction, (BigInt(random.u32()) << 32n) | BigInt(random.u32()));
  const top = 1n << BigInt(fraction - 1);
  const bits = random.pick([0n, 0n, 1n, 2n * top - 1n, top, top - 1n, top | 1n, noise, noise, (noise >> 30n) << 30n]);
  const near = middle + random.below(7) - 3;
  const whole = middle + random.below(66);
  const around = random.pick([
    near,
    near,
    whole,
    0,
    random.below(fraction + 3),
    most - random.below(4),
    random.below(most),
  ]);
  const sign = BigInt(random.below(2));
  return (sign << BigInt(fraction + exponent)) | (BigInt(around) << BigInt(fraction)) | bits;
}

/** Numbers of either width, all of 16 bytes of one; now and then the second is as the first, or another of its sign. */
function numbers(random: Random, length: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(length));
  for (let at = 0; at < length; at += 16) {
    const wide = random.below(2) === 0;
    for (let lane = 0; lane < 16; lane += wide ? 8 : 4) {
      if (wide) view.setBigUint64(at + lane, number(random, 52, 11), true);
      else view.setUint32(at + lane, Number(number(random, 23, 8)), true);
    }
  }
  return new Uint8Array(view.buffer);
}

const EDGES = [8, 16, 32, 64].flatMap((bits) => {
  const top = 1n << BigInt(bits - 1);
  return [top, top - 1n, top + 1n, 2n * top - 1n];
});
const VALUES = [0n, 1n, 2n, 0x1fn, 0x20n, 0x3fn, 0x40n, ...EDGES, 0xffff_ffff_0000_0000n, 0xffff_ffff_ffff_fffen];

function value(random: Random): bigint {
  if (random.below(2) === 0) return random.pick(VALUES);
  return (BigInt(random.u32()) << 32n) | BigInt(random.u32());
}

/** rbx, rbp, rsi, rdi and rsp point into the window, r9 is a small index, everything else is edges and noise. */
export function stateOf(seed: number, overrides: Overrides): State {
  const random = new Random(seed);
  const gpr = BigUint64Array.from({ length: 16 }, () => value(random));
  const data = BASE + BigInt(DATA);
  gpr[RBX] = data + 256n;
  gpr[RBP] = data + 240n;
  gpr[RSI] = data + 128n;
  gpr[RDI] = data + (random.below(3) === 0 ? 120n + BigInt(random.below(16)) : 384n);
  gpr[RSP] = BASE + BigInt(STACK + STACK_SIZE / 2);
  gpr[R9] = BigInt.asUintN(64, BigInt(random.below(9) - 4));
  for (const [register, given] of overrides) if (register < MXCSR) gpr[register] = BigInt.asUintN(64, given);
  const noise = random.below(4) !== 0;
  const same = random.u32();
  const bytes = (length: number): Uint8Array => {
    const words = Uint32Array.from({ length: length / 4 }, () => (noise ? random.u32() : same));
    return new Uint8Array(words.buffer);
  };
  const flags = random.u32() & FLAGS;
  const xmm = Uint8Array.from({ length: 256 }, () => random.pick([0, 0xff, 0x7f, 0x80, random.below(256)]));
  const mxcsr = overrides.get(MXCSR);
  const state = { gpr, flags, xmm, data: bytes(DATA_SIZE), stack: bytes(STACK_SIZE), mxcsr: MXCSR_AT_RESET };
  if (mxcsr === undefined) return state;
  return { ...state, mxcsr: Number(mxcsr), xmm: numbers(random, 256), data: numbers(random, DATA_SIZE) };
}

const TOP = 0xffff_8000_0000_0000n;

export function toGuest(word: bigint): bigint {
  return word >> 32n === 0x2000n ? word | TOP : word;
}

export function toNative(word: bigint): bigint {
  return word >> 32n === 0xffff_a000n ? word & ~TOP : word;
}

export function mapWords(bytes: Uint8Array, map: (word: bigint) => bigint): Uint8Array {
  const words = new BigUint64Array(bytes.slice().buffer);
  return new Uint8Array(words.map(map).buffer);
}

/** What a run has done, in one line: how it ended and where, then every register, flag and byte that changed. */
export function describeRun(before: State, after: State, ended: string, rip: number, undefinedFlags: number): string {
  const parts = [`${ended}@${rip.toString(16)}`];
  after.gpr.forEach((word, index) => {
    if (word !== before.gpr[index]) parts.push(`r${index}=${word.toString(16)}`);
  });
  parts.push(`f=${(after.flags & FLAGS & ~undefinedFlags).toString(16)}`);
  for (let at = 0; at < 256; at += 16) {
    const now = Buffer.from(after.xmm.subarray(at, at + 16)).toString('hex');
    if (now !== Buffer.from(before.xmm.subarray(at, at + 16)).toString('hex')) parts.push(`x${at / 16}=${now}`);
  }
  if (after.mxcsr !== before.mxcsr) parts.push(`m=${after.mxcsr.toString(16)}`);
  parts.push(...changedBytes('d', before.data, after.data), ...changedBytes('s', before.stack, after.stack));
  return parts.join(' ');
}

function changedBytes(name: string, before: Uint8Array, after: Uint8Array): string[] {
  const runs: string[] = [];
  for (let at = 0; at < after.length; at++) {
    if (after[at] === before[at]) continue;
    let end = at;
    while (end < after.length && after[end] !== before[end]) end++;
    runs.push(`${name}${at.toString(16)}=${Buffer.from(after.subarray(at, end)).toString('hex')}`);
    at = end;
  }
  return runs;
}
