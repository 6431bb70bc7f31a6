/** What a 64-bit value in a register or an address says by itself. */

/** @returns the number in `fffff807`45e9de30`, `0x25`, `18h` or `c0000005`; undefined for anything else */
export function hex(text: string): bigint | undefined {
  const digits = text.trim().replace(/^0x/i, '').replace(/h$/i, '').replace(/[`'_]/g, '');
  return /^[0-9a-f]{1,16}$/i.test(digits) ? BigInt(`0x${digits}`) : undefined;
}

/** @returns `0x` and the digits, lower case, without leading zeros */
export function hexText(value: bigint): string {
  return `0x${value.toString(16)}`;
}

export type AddressKind = 'nearly null' | 'user' | 'not canonical' | 'system';

/** Windows keeps the first 64 KB of an address space unmapped. */
const NEARLY_NULL = 0x10000n;
const USER_END = 0x8000_0000_0000n;
const SYSTEM_BEGIN = 0xffff_8000_0000_0000n;

export function addressKind(value: bigint): AddressKind {
  if (value < NEARLY_NULL) return 'nearly null';
  if (value < USER_END) return 'user';
  return value >= SYSTEM_BEGIN ? 'system' : 'not canonical';
}

/** The first eight bytes of an x64 pool block, seen as a value. */
export interface PoolHeader {
  readonly tag: string;
  /** In bytes, header included. */
  readonly size: number;
  /** In bytes. */
  readonly previousSize: number;
  readonly inUse: boolean;
}

const GRANULE = 16;
const IN_USE = 2;
const PROTECTED = 0x80;

/**
 * _POOL_HEADER on x64: PreviousSize, PoolIndex, BlockSize and PoolType, a byte each, then the tag. Drivers spell tags
 * with letters and digits, which is what tells a header from a number.
 */
export function poolHeaderIn(value: bigint): PoolHeader | undefined {
  const [previous = 0, index = 0, size = 0, type = 0, ...tagBytes] = bytesOf(value);
  const tag = String.fromCharCode(...tagBytes.map((byte, at) => (at === 3 ? byte & ~PROTECTED : byte)));
  // A block that spans more than a page has no such header, and pool types use the low bits only.
  if (!/^[A-Za-z][A-Za-z0-9_]{2}[A-Za-z0-9_ ]$/.test(tag)) return undefined;
  if (size === 0 || index > 0x7f || type > 0x2f || (previous === 0 && index !== 0)) return undefined;
  return { tag, size: size * GRANULE, previousSize: previous * GRANULE, inUse: (type & IN_USE) !== 0 };
}

/** @returns the eight bytes as text, when all of them are printable: ASCII, or four characters of UTF-16 */
export function textIn(value: bigint): string | undefined {
  const bytes = bytesOf(value);
  const printable = (byte: number) => byte >= 0x20 && byte < 0x7f;
  if (bytes.every(printable)) return String.fromCharCode(...bytes);
  const wide = bytes.every((byte, at) => (at % 2 === 0 ? printable(byte) : byte === 0));
  return wide ? String.fromCharCode(...bytes.filter((_, at) => at % 2 === 0)) : undefined;
}

function bytesOf(value: bigint): number[] {
  return Array.from({ length: 8 }, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn));
}

/** Values that heaps, compilers and drivers write over memory so that its use stands out. */
const FILLS: readonly (readonly [pattern: bigint, what: string, freed: boolean])[] = [
  [0xfeeefeeen, 'the fill of a debug heap for freed memory', true],
  [0xddddddddn, 'a fill for freed memory', true],
  [0xdeadbeefn, 'a value that authors write over what they have freed', true],
  [0xdeaddeadn, 'a value that authors write over what they have freed', true],
  [0xbaadf00dn, 'a fill for memory that nobody has initialised', false],
  [0xcdcdcdcdn, 'a fill for memory that nobody has initialised', false],
  [0xccccccccn, 'a fill for memory that nobody has initialised', false],
  [0xababababn, 'the guard that a debug heap puts behind a block', false],
  [0xfdfdfdfdn, 'the guard that a debug heap puts around a block', false],
];

export interface Fill {
  /** `0xfeeefeee` */
  readonly pattern: string;
  readonly what: string;
  /** Freed, rather than never initialised or beyond the end. */
  readonly freed: boolean;
}

/** How far from the pattern a member of a structure may lie. */
const MEMBER = 0x1000n;

/** @returns the fill that the value repeats, a small offset aside */
export function fillIn(value: bigint): Fill | undefined {
  for (const [pattern, what, freed] of FILLS) {
    const whole = (pattern << 32n) | pattern;
    const distance = value >= whole ? value - whole : whole - value;
    const upper = value >> 32n === pattern;
    if (distance < MEMBER || upper || value === pattern) return { pattern: hexText(pattern), what, freed };
  }
  return undefined;
}
