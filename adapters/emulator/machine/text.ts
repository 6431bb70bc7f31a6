/** Strings of Windows in guest memory. */
import type { Guest } from './guest';

/** UNICODE_STRING and ANSI_STRING: lengths in bytes. */
export const COUNTED = { size: 0x10, length: 0x00, maximumLength: 0x02, buffer: 0x08 } as const;

/** @returns text as UTF-16LE */
export function utf16(text: string, terminated = false): Uint8Array {
  return new Uint8Array(Buffer.from(terminated ? `${text}\0` : text, 'utf16le'));
}

/** @returns the text of `length` bytes of UTF-16LE at an offset, read with the driver's rights */
export function readUtf16(guest: Guest, offset: number, length: number): string {
  if (length === 0) return '';
  guest.touch('read', offset, length);
  return Buffer.from(guest.memory.bytes.subarray(offset, offset + length)).toString('utf16le');
}

/** @returns the text of a UNICODE_STRING; empty for NULL. @throws Bugcheck when the driver may not read it */
export function readUnicodeString(guest: Guest, offset: number): string {
  if (offset === 0) return '';
  guest.touch('read', offset, COUNTED.size);
  const buffer = guest.memory.u64(offset + COUNTED.buffer);
  const length = guest.memory.u16(offset + COUNTED.length);
  return length === 0 ? '' : readUtf16(guest, guest.offset(buffer), length);
}

/** @returns the text of an ANSI_STRING */
export function readAnsiString(guest: Guest, offset: number): string {
  if (offset === 0) return '';
  guest.touch('read', offset, COUNTED.size);
  const length = guest.memory.u16(offset + COUNTED.length);
  if (length === 0) return '';
  const buffer = guest.offset(guest.memory.u64(offset + COUNTED.buffer));
  guest.touch('read', buffer, length);
  return Buffer.from(guest.memory.bytes.subarray(buffer, buffer + length)).toString('latin1');
}

/** @returns the UTF-16 units up to a terminator, at most `limit` of them */
export function readWide(guest: Guest, offset: number, limit = 0x7fff): string {
  const units: number[] = [];
  for (let at = offset; units.length < limit; at += 2) {
    guest.touch('read', at, 2);
    const unit = guest.memory.u16(at);
    if (unit === 0) break;
    units.push(unit);
  }
  return units.map((unit) => String.fromCharCode(unit)).join('');
}

/** @returns the bytes up to a terminator, at most `limit` of them, as text */
export function readNarrow(guest: Guest, offset: number, limit = 0x7fff): string {
  let text = '';
  for (let at = offset; text.length < limit; at += 1) {
    guest.touch('read', at, 1);
    const byte = guest.memory.u8(at);
    if (byte === 0) break;
    text += String.fromCharCode(byte);
  }
  return text;
}

/** Makes a UNICODE_STRING in memory of the system. @returns its offset */
export function newUnicodeString(guest: Guest, text: string): number {
  const offset = guest.allocate(COUNTED.size);
  fillUnicodeString(guest, offset, text);
  return offset;
}

/** Fills a UNICODE_STRING with text in memory of the system. */
export function fillUnicodeString(guest: Guest, offset: number, text: string): void {
  const bytes = utf16(text, true);
  const buffer = guest.allocate(bytes.length);
  guest.memory.write(buffer, bytes);
  guest.memory.setU16(offset + COUNTED.length, bytes.length - 2);
  guest.memory.setU16(offset + COUNTED.maximumLength, bytes.length);
  guest.memory.setU64(offset + COUNTED.buffer, guest.address(buffer));
}

/** @returns the GUID at an offset as text in braces, in upper case */
export function readGuid(guest: Guest, offset: number): string {
  const bytes = (from: number, to: number): Buffer => Buffer.from(guest.memory.bytes.slice(offset + from, offset + to));
  const little = (from: number, to: number): string => bytes(from, to).reverse().toString('hex');
  const big = (from: number, to: number): string => bytes(from, to).toString('hex');
  return `{${[little(0, 4), little(4, 6), little(6, 8), big(8, 10), big(10, 16)].join('-')}}`.toUpperCase();
}
