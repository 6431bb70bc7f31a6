/**
 * Floating-point numbers as the vector unit computes with them: exact in big integers, then rounded once, with every
 * condition that mxcsr keeps. Numbers go in and out as their bits.
 */
import {
  DOUBLE,
  biasOf,
  indefinite,
  infinity,
  isSignalling,
  isZero,
  length,
  pack,
  quietBit,
  ranked,
  widthOf,
  zero,
  type Format,
  type Unpacked,
} from './float-format';

/** Bits of mxcsr: the conditions that there have been, and those that are taken note of and no more, 7 bits up. */
const CONDITION = { invalid: 1, denormal: 2, zero: 4, overflow: 8, underflow: 0x10, inexact: 0x20 } as const;
const MASKS_AT = 7;
const DENORMALS_ARE_ZEROS = 0x40;
const FLUSH_TO_ZERO = 0x8000;
const ROUNDING_AT = 13;
const ROUNDING = { nearest: 0, down: 1, up: 2, truncate: 3 } as const;

/** A number that is to be rounded; `more` says that it is a little more than that, by less than a unit. */
interface Exact {
  readonly negative: boolean;
  readonly significand: bigint;
  readonly exponent: number;
  readonly more?: boolean;
}

export type Order = 'less' | 'equal' | 'greater' | 'unordered';

/** Largest integer whose square is not above. */
function root(value: bigint): bigint {
  let guess = 1n << BigInt((length(value) + 1) >> 1);
  for (;;) {
    const next = (guess + value / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
}

/** Computes one instruction: what it is made with is mxcsr. */
export class FloatUnit {
  private raised = 0;

  constructor(private readonly mxcsr: number) {}

  /** mxcsr with the conditions that there were; undefined when one of them is an exception. */
  get outcome(): number | undefined {
    return (this.raised & ~(this.mxcsr >> MASKS_AT)) === 0 ? this.mxcsr | this.raised : undefined;
  }

  add(format: Format, a: bigint, b: bigint): bigint {
    return this.sum(format, a, b, false);
  }

  subtract(format: Format, a: bigint, b: bigint): bigint {
    return this.sum(format, a, b, true);
  }

  multiply(format: Format, a: bigint, b: bigint): bigint {
    const [x, y] = [this.unpack(format, a), this.unpack(format, b)];
    const negative = x.negative !== y.negative;
    if (x.kind === 'nan' || y.kind === 'nan') return this.propagate(format, x, y);
    if (x.kind === 'infinite' || y.kind === 'infinite') {
      if (isZero(x) || isZero(y)) return this.invalid(format);
      this.noteDenormal(x, y);
      return infinity(format, negative);
    }
    this.noteDenormal(x, y);
    return this.round(format, {
      negative,
      significand: x.significand * y.significand,
      exponent: x.exponent + y.exponent,
    });
  }

  divide(format: Format, a: bigint, b: bigint): bigint {
    const [x, y] = [this.unpack(format, a), this.unpack(format, b)];
    const negative = x.negative !== y.negative;
    if (x.kind === 'nan' || y.kind === 'nan') return this.propagate(format, x, y);
    if (x.kind === y.kind && (x.kind === 'infinite' || (isZero(x) && isZero(y)))) return this.invalid(format);
    if (x.kind === 'infinite') {
      this.noteDenormal(y);
      return infinity(format, negative);
    }
    if (y.kind === 'infinite') {
      this.noteDenormal(x);
      return zero(format, negative);
    }
    if (isZero(y)) {
      this.raised |= CONDITION.zero;
      return infinity(format, negative);
    }
    this.noteDenormal(x, y);
    const up = Math.max(0, format.fraction + 4 + length(y.significand) - length(x.significand));
    const dividend = x.significand << BigInt(up);
    return this.round(format, {
      negative,
      significand: dividend / y.significand,
      exponent: x.exponent - y.exponent - up,
      more: dividend % y.significand !== 0n,
    });
  }

  squareRoot(format: Format, a: bigint): bigint {
    const x = this.unpack(format, a);
    if (x.kind === 'nan') return this.propagate(format, x, x);
    if (isZero(x)) return zero(format, x.negative);
    if (x.negative) return this.invalid(format);
    if (x.kind === 'infinite') return infinity(format, false);
    this.noteDenormal(x);
    const wanted = Math.max(0, 2 * (format.fraction + 4) - length(x.significand));
    const up = wanted + ((x.exponent - wanted) & 1);
    const square = x.significand << BigInt(up);
    const significand = root(square);
    return this.round(format, {
      negative: false,
      significand,
      exponent: (x.exponent - up) / 2,
      more: significand * significand !== square,
    });
  }

  /** Of zeros and when one is no number, it is the second. */
  minimum(format: Format, a: bigint, b: bigint): bigint {
    return this.order(format, a, b, true) === 'less' ? this.flushed(format, a) : this.flushed(format, b);
  }

  maximum(format: Format, a: bigint, b: bigint): bigint {
    return this.order(format, a, b, true) === 'greater' ? this.flushed(format, a) : this.flushed(format, b);
  }

  /** @param signals whether what is no number is invalid even when it is a quiet one */
  order(format: Format, a: bigint, b: bigint, signals: boolean): Order {
    const [x, y] = [this.unpack(format, a), this.unpack(format, b)];
    if (x.kind === 'nan' || y.kind === 'nan') {
      if (signals || isSignalling(format, x) || isSignalling(format, y)) this.raised |= CONDITION.invalid;
      return 'unordered';
    }
    this.noteDenormal(x, y);
    const [left, right] = [ranked(format, x), ranked(format, y)];
    return left < right ? 'less' : left > right ? 'greater' : 'equal';
  }

  convert(from: Format, to: Format, a: bigint): bigint {
    const x = this.unpack(from, a);
    if (x.kind === 'nan') {
      if (isSignalling(from, x)) this.raised |= CONDITION.invalid;
      const fraction = BigInt.asUintN(from.fraction, a) << BigInt(DOUBLE.fraction - from.fraction);
      return infinity(to, x.negative) | quietBit(to) | (fraction >> BigInt(DOUBLE.fraction - to.fraction));
    }
    if (x.kind === 'infinite') return infinity(to, x.negative);
    this.noteDenormal(x);
    return this.round(to, x);
  }

  /** @param value signed */
  fromInteger(format: Format, value: bigint): bigint {
    return this.round(format, { negative: value < 0n, significand: value < 0n ? -value : value, exponent: 0 });
  }

  /**
   * @param bits of the integer, 32 or 64
   * @returns its bits; those of the lowest number when there is no result
   */
  toInteger(format: Format, a: bigint, bits: number, truncates: boolean): bigint {
    const x = this.unpack(format, a);
    const limit = 1n << BigInt(bits - 1);
    const { kept, inexact } = this.cut(x, 0, truncates ? ROUNDING.truncate : this.rounding);
    const value = x.negative ? -kept : kept;
    if (x.kind !== 'finite' || value < -limit || value >= limit) {
      this.raised |= CONDITION.invalid;
      return limit;
    }
    if (inexact) this.raised |= CONDITION.inexact;
    return BigInt.asUintN(bits, value);
  }

  private get rounding(): number {
    return (this.mxcsr >> ROUNDING_AT) & 3;
  }

  private sum(format: Format, a: bigint, b: bigint, subtracts: boolean): bigint {
    const [x, y] = [this.unpack(format, a), this.unpack(format, b)];
    if (x.kind === 'nan' || y.kind === 'nan') return this.propagate(format, x, y);
    const negative = y.negative !== subtracts;
    if (x.kind === 'infinite' && y.kind === 'infinite' && x.negative !== negative) return this.invalid(format);
    this.noteDenormal(x, y);
    if (x.kind === 'infinite') return infinity(format, x.negative);
    if (y.kind === 'infinite') return infinity(format, negative);
    const exponent = Math.min(x.exponent, y.exponent);
    const left = x.significand << BigInt(x.exponent - exponent);
    const right = y.significand << BigInt(y.exponent - exponent);
    const total = (x.negative ? -left : left) + (negative ? -right : right);
    // Nothing is left: of zeros with one sign that sign, else that of the rounding.
    if (total === 0n)
      return zero(format, isZero(x) && x.negative === negative ? negative : this.rounding === ROUNDING.down);
    return this.round(format, { negative: total < 0n, significand: total < 0n ? -total : total, exponent });
  }

  private unpack(format: Format, bits: bigint): Unpacked {
    const negative = bits >> BigInt(widthOf(format) - 1) !== 0n;
    const exponent = Number(BigInt.asUintN(format.exponent, bits >> BigInt(format.fraction)));
    const fraction = BigInt.asUintN(format.fraction, this.flushed(format, bits));
    if (exponent === 2 ** format.exponent - 1) {
      const kind = fraction === 0n ? 'infinite' : 'nan';
      return { kind, negative, significand: 0n, exponent: 0, denormal: false, bits };
    }
    return {
      kind: 'finite',
      negative,
      significand: exponent === 0 ? fraction : fraction | (1n << BigInt(format.fraction)),
      exponent: Math.max(exponent, 1) - biasOf(format) - format.fraction,
      denormal: exponent === 0 && fraction !== 0n,
      bits,
    };
  }

  /** @returns 0 with its sign for a denormal number that is to be taken so */
  private flushed(format: Format, bits: bigint): bigint {
    if ((this.mxcsr & DENORMALS_ARE_ZEROS) === 0) return bits;
    const exponent = BigInt.asUintN(format.exponent, bits >> BigInt(format.fraction));
    return exponent === 0n ? (bits >> BigInt(format.fraction)) << BigInt(format.fraction) : bits;
  }

  private noteDenormal(...numbers: readonly Unpacked[]): void {
    if (numbers.some(({ denormal }) => denormal)) this.raised |= CONDITION.denormal;
  }

  private invalid(format: Format): bigint {
    this.raised |= CONDITION.invalid;
    return indefinite(format);
  }

  /** The first that is no number, made quiet. */
  private propagate(format: Format, x: Unpacked, y: Unpacked): bigint {
    if (isSignalling(format, x) || isSignalling(format, y)) this.raised |= CONDITION.invalid;
    return (x.kind === 'nan' ? x : y).bits | quietBit(format);
  }

  /** Cuts a number to units of 2 ** unit. */
  private cut({ negative, significand, exponent, more = false }: Exact, unit: number, rounding: number) {
    const down = BigInt(Math.max(0, unit - exponent));
    const whole = significand << BigInt(Math.max(0, exponent - unit));
    const kept = whole >> down;
    const rest = whole - (kept << down);
    const half = down === 0n ? 1n : 1n << (down - 1n);
    const inexact = rest !== 0n || more;
    const above = rest > half || (rest === half && (more || (kept & 1n) !== 0n));
    const away = rounding === (negative ? ROUNDING.down : ROUNDING.up);
    const rises = rounding === ROUNDING.nearest ? above : away && inexact;
    return { kept: rises ? kept + 1n : kept, inexact };
  }

  private round(format: Format, exact: Exact): bigint {
    const { negative, significand, exponent } = exact;
    if (significand === 0n) return zero(format, negative);
    const least = 1 - biasOf(format);
    const leading = length(significand) - 1 + exponent;
    const rounded = this.cut(exact, leading - format.fraction, this.rounding);
    // Whether it is tiny is asked of what it would be rounded to if there were no lowest exponent.
    const tiny = leading + (length(rounded.kept) - 1 - format.fraction) < least;
    if (tiny && (this.mxcsr & FLUSH_TO_ZERO) !== 0 && this.isMasked(CONDITION.underflow)) {
      this.raised |= CONDITION.underflow | CONDITION.inexact;
      return zero(format, negative);
    }
    const unit = Math.max(leading, least) - format.fraction;
    const { kept, inexact } = leading < least ? this.cut(exact, unit, this.rounding) : rounded;
    if (tiny && (inexact || !this.isMasked(CONDITION.underflow))) this.raised |= CONDITION.underflow;
    if (inexact) this.raised |= CONDITION.inexact;
    const top = length(kept) - 1 - format.fraction;
    const biased = top < 0 ? 0 : unit + format.fraction + top + biasOf(format);
    if (biased >= 2 ** format.exponent - 1) return this.overflow(format, negative);
    return pack(format, negative, biased, BigInt.asUintN(format.fraction, top > 0 ? kept >> 1n : kept));
  }

  private overflow(format: Format, negative: boolean): bigint {
    this.raised |= CONDITION.overflow | CONDITION.inexact;
    const { rounding } = this;
    const away = rounding === ROUNDING.nearest || rounding === (negative ? ROUNDING.down : ROUNDING.up);
    return away ? infinity(format, negative) : infinity(format, negative) - 1n;
  }

  private isMasked(condition: number): boolean {
    return ((this.mxcsr >> MASKS_AT) & condition) !== 0;
  }
}
