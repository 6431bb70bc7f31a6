/**
 * The register file of a guest thread, as 416 bytes: 16 general registers, rip, rflags, the base of gs, mxcsr
 * in 8 bytes, 16 xmm registers. Both engines work on it; the JIT copies it into its memory while the thread runs.
 */
import { GENERAL_REGISTERS, GUEST_BASE } from '../contract';
import type { GeneralRegister, Registers } from '../contract';

export const RIP = 16;
export const RFLAGS = 17;
export const GS_BASE = 18;
export const MXCSR = 19;
/** Offsets in bytes. */
export const XMM_OFFSET = 160;
const XMM_SIZE = 16;
const REGISTER_FILE_SIZE = XMM_OFFSET + 16 * XMM_SIZE;

/** Upper half of the address of every place in the window; the lower half is its offset. */
export const BASE_HIGH = Number(BigInt.asIntN(32, GUEST_BASE >> 32n));

const RSP = 4;
const FLAGS_AT_RESET = 0x202;
/** All exceptions masked, to the nearest. */
const MXCSR_AT_RESET = 0x1f80;
const ALWAYS_SET = 0x2;
const INDEX = Object.fromEntries(GENERAL_REGISTERS.map((name, index) => [name, index])) as Record<
  GeneralRegister,
  number
>;

/** The bytes of a register file, seen in every width. */
export interface RegisterViews {
  /** All of it, for copies and comparisons. */
  readonly bytes: Uint8Array;
  /** In 64-bit words: general registers by encoding, then RIP, RFLAGS, GS_BASE. */
  readonly u64: BigUint64Array;
  /** The same in halves: the low half of register n is at 2n, the high half at 2n + 1. */
  readonly i32: Int32Array;
  readonly u16: Uint16Array;
  readonly u8: Uint8Array;
  /** Register n of the vector registers is at 4n. */
  readonly vector: Int32Array;
}

/** @returns views of a place for a register file, which begins at a multiple of 8 */
export function registerViews(buffer: ArrayBuffer, offset = 0): RegisterViews {
  const bytes = new Uint8Array(buffer, offset, REGISTER_FILE_SIZE);
  return {
    bytes,
    u64: new BigUint64Array(buffer, offset, REGISTER_FILE_SIZE / 8),
    i32: new Int32Array(buffer, offset, REGISTER_FILE_SIZE / 4),
    u16: new Uint16Array(buffer, offset, REGISTER_FILE_SIZE / 2),
    u8: bytes,
    vector: new Int32Array(buffer, offset + XMM_OFFSET, 64),
  };
}

export class RegisterFile implements Registers, RegisterViews {
  private readonly own = registerViews(new ArrayBuffer(REGISTER_FILE_SIZE));
  bytes = this.own.bytes;
  u64 = this.own.u64;
  i32 = this.own.i32;
  u16 = this.own.u16;
  u8 = this.own.u8;
  vector = this.own.vector;

  constructor() {
    this.flags = FLAGS_AT_RESET;
    this.i32[2 * MXCSR] = MXCSR_AT_RESET;
  }

  /** From now on the registers are there: an engine has them at hand without copying them for every run. */
  moveTo(place: RegisterViews): void {
    place.bytes.set(this.bytes);
    this.bytes = place.bytes;
    this.u64 = place.u64;
    this.i32 = place.i32;
    this.u16 = place.u16;
    this.u8 = place.u8;
    this.vector = place.vector;
  }

  /** Somebody else needs the place. */
  moveBack(): void {
    this.moveTo(this.own);
  }

  get(register: GeneralRegister): bigint {
    return this.word(INDEX[register]);
  }

  set(register: GeneralRegister, value: bigint): void {
    this.u64[INDEX[register]] = value;
  }

  get rip(): bigint {
    return this.word(RIP);
  }

  set rip(value: bigint) {
    this.u64[RIP] = value;
  }

  get ripOffset(): number {
    return this.i32[2 * RIP + 1] === BASE_HIGH ? (this.i32[2 * RIP] ?? 0) >>> 0 : -1;
  }

  get stackOffset(): number {
    return this.i32[2 * RSP + 1] === BASE_HIGH ? (this.i32[2 * RSP] ?? 0) >>> 0 : -1;
  }

  returnTo(caller: bigint): void {
    this.u64[RIP] = caller;
    const top = this.stackOffset;
    // Numbers where they do: a word of 64 bits is made anew by each sum.
    if (top >= 0 && top < 0xffff_fff8) this.i32[2 * RSP] = top + 8;
    else this.u64[RSP] = this.word(RSP) + 8n;
  }

  /** The low half of rflags; the high one is always zero. */
  get flags(): number {
    return this.i32[2 * RFLAGS] ?? 0;
  }

  set flags(value: number) {
    this.i32[2 * RFLAGS] = value | ALWAYS_SET;
  }

  get rflags(): bigint {
    return this.word(RFLAGS);
  }

  set rflags(value: bigint) {
    this.flags = Number(BigInt.asIntN(32, value));
  }

  get gsBase(): bigint {
    return this.word(GS_BASE);
  }

  set gsBase(value: bigint) {
    this.u64[GS_BASE] = value;
  }

  xmm(index: number): Uint8Array {
    const start = xmmStart(index);
    return this.bytes.slice(start, start + XMM_SIZE);
  }

  setXmm(index: number, bytes: Uint8Array): void {
    if (bytes.length !== XMM_SIZE) throw new RangeError(`An xmm register has 16 bytes, not ${bytes.length}`);
    this.bytes.set(bytes, xmmStart(index));
  }

  private word(index: number): bigint {
    return this.u64[index] ?? 0n;
  }
}

function xmmStart(index: number): number {
  if (!Number.isInteger(index) || index < 0 || index > 15) throw new RangeError(`There is no xmm${index}`);
  return XMM_OFFSET + index * XMM_SIZE;
}
