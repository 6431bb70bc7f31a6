/**
 * What the scanner hands on: bytes, so that they can be passed to another thread at no cost. Each record begins with what it is, an
 * integer of 32 bits: for a line that a template fits the number of the template, which only the matcher records. All take whole
 * doubles.
 */
import { TOO_LONG_RECORD } from './layout';
import type { Matcher } from './matcher';

/** Templates have numbers below. */
export const TEMPLATES = 1 << 12;

/** Bytes before those of a line. */
export const LINE_HEAD = 8;

/** @returns bytes of a record that has so many, made up to a whole double */
export function padded(bytes: number): number {
  return (bytes + 7) & ~7;
}

/** Records that are being made. */
export class Records {
  constructor(private readonly matcher: Matcher) {}

  /** Takes out what is there: it stays as it is until the next is added. */
  take(): Buffer {
    const { records, recorded } = this.matcher;
    this.matcher.recorded = 0;
    return records.subarray(0, recorded);
  }

  /** Adds `kind` and the bytes of a line. */
  addLine(kind: number, bytes: Uint8Array): void {
    const { length } = bytes;
    this.add(kind, length, LINE_HEAD + length).set(bytes, LINE_HEAD);
  }

  /** Adds a line that is too long. @param length bytes of it */
  addTooLong(length: number): void {
    this.add(TOO_LONG_RECORD, 0, LINE_HEAD + 8).writeDoubleLE(length, LINE_HEAD);
  }

  private add(kind: number, second: number, bytes: number): Buffer {
    const { records, recorded } = this.matcher;
    const record = records.subarray(recorded, recorded + padded(bytes));
    record.writeInt32LE(kind, 0);
    record.writeInt32LE(second, 4);
    this.matcher.recorded = recorded + padded(bytes);
    return record;
  }
}
