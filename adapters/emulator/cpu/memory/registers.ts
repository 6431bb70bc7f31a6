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

const FLAGS_AT_RESET = 0x202n;
const INDEX = Object.fromEntries(GENERAL_REGISTERS.map((name, index) => [name, index])) as Record<
  GeneralRegister,
  number
>;

export class RegisterFile implements Registers {
  /** All of it, for copies and comparisons. */
  readonly bytes = new Uint8Array(REGISTER_FILE_SIZE);
  /** In 64-bit words: general registers by encoding, then RIP, RFLAGS, GS_BASE. */
  readonly words = new BigUint64Array(this.bytes.buffer);
  /** The same in halves, low before high. */
  readonly halves = new Uint32Array(this.bytes.buffer);

  constructor() {
    this.words[RFLAGS] = FLAGS_AT_RESET;
  }

  get(register: GeneralRegister): bigint {
    return this.word(INDEX[register]);
  }

  set(register: GeneralRegister, value: bigint): void {
    this.words[INDEX[register]] = value;
  }

  get rip(): bigint {
    return this.word(RIP);
  }

  set rip(value: bigint) {
    this.words[RIP] = value;
  }

  get rflags(): bigint {
    return this.word(RFLAGS);
  }

  set rflags(value: bigint) {
    this.words[RFLAGS] = value | 2n;
  }

  get gsBase(): bigint {
    return this.word(GS_BASE);
  }

  set gsBase(value: bigint) {
    this.words[GS_BASE] = value;
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
    return this.words[index] ?? 0n;
  }
}

function xmmStart(index: number): number {
  if (!Number.isInteger(index) || index < 0 || index > 15) throw new RangeError(`There is no xmm${index}`);
  return XMM_OFFSET + index * XMM_SIZE;
}
