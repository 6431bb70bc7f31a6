/**
 * The register file of a guest thread, as 416 bytes: 16 general registers, rip, rflags, the base of gs, 8 bytes unused,
 * 16 xmm registers. Both engines work on it; the JIT copies it into its memory while the thread runs.
 */
import { GENERAL_REGISTERS } from '../contract';
import type { GeneralRegister, Registers } from '../contract';

export const RIP = 16;
export const RFLAGS = 17;
export const GS_BASE = 18;
/** Offsets in bytes. */
export const XMM_OFFSET = 160;
export const XMM_SIZE = 16;
export const REGISTER_FILE_SIZE = XMM_OFFSET + 16 * XMM_SIZE;

const FLAGS_AT_RESET = 0x202;
const ALWAYS_SET = 0x2;
const INDEX = Object.fromEntries(GENERAL_REGISTERS.map((name, index) => [name, index])) as Record<
  GeneralRegister,
  number
>;

export class RegisterFile implements Registers {
  private readonly buffer = new ArrayBuffer(REGISTER_FILE_SIZE);
  /** All of it, for copies and comparisons. */
  readonly bytes = new Uint8Array(this.buffer);
  /** In 64-bit words: general registers by encoding, then RIP, RFLAGS, GS_BASE. */
  readonly u64 = new BigUint64Array(this.buffer);
  /** The same in halves: the low half of register n is at 2n, the high half at 2n + 1. */
  readonly i32 = new Int32Array(this.buffer);
  readonly u16 = new Uint16Array(this.buffer);
  readonly u8 = this.bytes;
  /** Register n of the vector registers is at 4n. */
  readonly vector = new Int32Array(this.buffer, XMM_OFFSET);

  constructor() {
    this.flags = FLAGS_AT_RESET;
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
