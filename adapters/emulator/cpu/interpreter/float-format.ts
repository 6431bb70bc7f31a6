/** Floating-point numbers of the vector unit as bits, and what those mean. */

export interface Format {
  /** Bits of the fraction, without the leading one. */
  readonly fraction: number;
  readonly exponent: number;
}

export const SINGLE: Format = { fraction: 23, exponent: 8 };
export const DOUBLE: Format = { fraction: 52, exponent: 11 };

/** What bits mean: a sign, and significand * 2 ** exponent for what is finite. */
export interface Unpacked {
  readonly kind: 'finite' | 'infinite' | 'nan';
  readonly negative: boolean;
  readonly significand: bigint;
  readonly exponent: number;
  /** It has no leading one. */
  readonly denormal: boolean;
  readonly bits: bigint;
}

/** @returns bits that a number takes */
export function length(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length;
}

export function biasOf({ exponent }: Format): number {
  return 2 ** (exponent - 1) - 1;
}

export function widthOf({ fraction, exponent }: Format): number {
  return fraction + exponent + 1;
}

export function quietBit({ fraction }: Format): bigint {
  return 1n << BigInt(fraction - 1);
}

export function pack(format: Format, negative: boolean, exponent: number, fraction: bigint): bigint {
  const sign = negative ? 1n << BigInt(widthOf(format) - 1) : 0n;
  return sign | (BigInt(exponent) << BigInt(format.fraction)) | fraction;
}

export const zero = (format: Format, negative: boolean): bigint => pack(format, negative, 0, 0n);
export const infinity = (format: Format, negative: boolean): bigint =>
  pack(format, negative, 2 ** format.exponent - 1, 0n);
/** What an operation without a result gives. */
export const indefinite = (format: Format): bigint => infinity(format, true) | quietBit(format);

export function isZero({ kind, significand }: Unpacked): boolean {
  return kind === 'finite' && significand === 0n;
}

export function isSignalling(format: Format, { kind, bits }: Unpacked): boolean {
  return kind === 'nan' && (bits & quietBit(format)) === 0n;
}

/** A number that orders as it does; both zeros are one. */
export function ranked(format: Format, x: Unpacked): bigint {
  if (isZero(x)) return 0n;
  const size = BigInt.asUintN(widthOf(format) - 1, x.bits);
  return x.negative ? -size : size;
}
