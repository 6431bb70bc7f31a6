/** Bytes of WebAssembly, appended one instruction at a time; labels are depths, so a branch knows how far it goes. */
import { OP, SIMD } from './opcodes';
import type { Simd } from './opcodes';

const VOID = 0x40;
/** Locals that are watched: the first ones. */
const WATCHED = 32;

/** Numbers and not an array of bytes: most are a few instructions long, and a typed array costs more than all that is put into it. */
export class Bytes {
  private readonly bytes: number[] = [];

  get length(): number {
    return this.bytes.length;
  }

  toArray(): Uint8Array {
    return new Uint8Array(this.bytes);
  }

  byte(value: number): this {
    this.bytes.push(value & 0xff);
    return this;
  }

  append(bytes: Uint8Array): this {
    for (const byte of bytes) this.bytes.push(byte);
    return this;
  }

  protected appendOf(other: Bytes): void {
    for (const byte of other.bytes) this.bytes.push(byte);
  }

  unsigned(value: number): this {
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    return this.byte(rest);
  }

  /** A signed 64-bit number in two signed halves. */
  signed(low: number, high: number): this {
    let lo = low | 0;
    let hi = high | 0;
    for (;;) {
      const bits = lo & 0x7f;
      lo = (lo >>> 7) | (hi << 25);
      hi >>= 7;
      const sign = (bits & 0x40) !== 0 ? -1 : 0;
      if (lo === sign && hi === sign) return this.byte(bits);
      this.byte(bits | 0x80);
    }
  }
}

/** @returns one array with all of them, one after the other */
export function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

export type Label = number;

export class Code extends Bytes {
  private depth = 0;
  /** Locals that have been set since `watch`, a bit each; and those that were read, or perhaps not set, before. */
  changed = 0;
  exposed = 0;
  private base = 0;

  /** Begins to watch locals anew. */
  watch(): void {
    this.changed = 0;
    this.exposed = 0;
    this.base = this.depth;
  }

  /** Appends code that only reads locals. */
  include(reading: Code): this {
    this.exposed |= reading.exposed & ~this.changed;
    this.appendOf(reading);
    return this;
  }

  /** @returns the code with some more, without labels, at places that rise */
  withInserted(pieces: readonly { readonly at: number; readonly bytes: Uint8Array }[]): Uint8Array {
    const all = this.toArray();
    const parts: Uint8Array[] = [];
    let from = 0;
    for (const { at, bytes } of pieces) {
      parts.push(all.subarray(from, at), bytes);
      from = at;
    }
    return joined([...parts, all.subarray(from)]);
  }

  op(opcode: number): this {
    return this.byte(opcode);
  }

  i32(value: number): this {
    return this.byte(OP.i32Const).signed(value, value >> 31);
  }

  /** @param hi the upper half; the sign of the lower one without it */
  i64(lo: number, hi: number = lo >> 31): this {
    return this.byte(OP.i64Const).signed(lo, hi);
  }

  get(local: number): this {
    return this.local(OP.localGet, local);
  }

  set(local: number): this {
    return this.local(OP.localSet, local);
  }

  tee(local: number): this {
    return this.local(OP.localTee, local);
  }

  call(index: number): this {
    return this.byte(OP.call).unsigned(index);
  }

  /** A load or a store; no alignment is promised. */
  access(opcode: number, offset: number): this {
    return this.byte(opcode).unsigned(0).unsigned(offset);
  }

  simd(opcode: Simd): this {
    return this.byte(OP.simd).unsigned(SIMD[opcode]);
  }

  /** What belongs to the instruction before: a constant, an order. */
  raw(bytes: Uint8Array): this {
    return this.append(bytes);
  }

  simdAccess(opcode: 'load' | 'store', offset: number): this {
    return this.simd(opcode).unsigned(0).unsigned(offset);
  }

  block(): Label {
    return this.open(OP.block);
  }

  loop(): Label {
    return this.open(OP.loop);
  }

  /** @param type of the value that both arms leave */
  if(type: number = VOID): Label {
    return this.open(OP.if, type);
  }

  else(): this {
    return this.byte(OP.else);
  }

  end(): this {
    this.depth -= 1;
    return this.byte(OP.end);
  }

  br(label: Label): this {
    return this.byte(OP.br).unsigned(this.depth - label);
  }

  brIf(label: Label): this {
    return this.byte(OP.brIf).unsigned(this.depth - label);
  }

  brTable(labels: readonly Label[], otherwise: Label): this {
    this.byte(OP.brTable).unsigned(labels.length);
    for (const label of labels) this.unsigned(this.depth - label);
    return this.unsigned(this.depth - otherwise);
  }

  private local(opcode: number, local: number): this {
    const bit = local < WATCHED ? 1 << local : 0;
    // What is set in one arm only may be what it was.
    if ((this.changed & bit) === 0 && (opcode === OP.localGet || this.depth > this.base)) this.exposed |= bit;
    if (opcode !== OP.localGet) this.changed |= bit;
    return this.byte(opcode).unsigned(local);
  }

  private open(opcode: number, type: number = VOID): Label {
    this.byte(opcode).byte(type);
    this.depth += 1;
    return this.depth;
  }
}
