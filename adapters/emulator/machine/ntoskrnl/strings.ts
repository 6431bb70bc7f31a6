import type { Call } from '../../../../src/kernel';
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { STATUS } from '../status';
import { COUNTED, readAnsiString, readNarrow, readUnicodeString, readWide, utf16 } from '../text';
import { checked, define, HIGH, PASSIVE, type GuestExport } from './define';

/** Counted strings. */
export const stringExports: readonly GuestExport[] = [
  define('RtlInitUnicodeString', HIGH, 'wdm/nf-wdm-rtlinitunicodestring', (guest, call) =>
    initialise(guest, call, true),
  ),
  define('RtlInitString', HIGH, 'wdm/nf-wdm-rtlinitstring', (guest, call) => initialise(guest, call, false)),
  define('RtlInitAnsiString', HIGH, 'wdm/nf-wdm-rtlinitansistring', (guest, call) => initialise(guest, call, false)),
  define('RtlInitUTF8String', HIGH, 'wdm/nf-wdm-rtlinitutf8string', (guest, call) => initialise(guest, call, false)),
  define('RtlCopyUnicodeString', HIGH, 'wdm/nf-wdm-rtlcopyunicodestring', (guest, call) => {
    const to = checked(guest, call, 0, 'write', COUNTED.size);
    write(guest, to, readUnicodeString(guest, call.pointer(1)), 0);
  }),
  define('RtlAppendUnicodeStringToString', HIGH, 'wdm/nf-wdm-rtlappendunicodestringtostring', (guest, call) =>
    append(guest, call, readUnicodeString(guest, call.pointer(1))),
  ),
  define('RtlAppendUnicodeToString', HIGH, 'wdm/nf-wdm-rtlappendunicodetostring', (guest, call) =>
    append(guest, call, call.pointer(1) === 0 ? '' : readWide(guest, call.pointer(1))),
  ),
  define('RtlPrefixUnicodeString', HIGH, 'ntddk/nf-ntddk-rtlprefixunicodestring', (guest, call) => {
    const [prefix, text] = both(guest, call);
    return text.startsWith(prefix);
  }),
  define('RtlEqualUnicodeString', HIGH, 'wdm/nf-wdm-rtlequalunicodestring', (guest, call) => {
    const [left, right] = both(guest, call);
    return left === right;
  }),
  define('RtlCompareUnicodeString', HIGH, 'wdm/nf-wdm-rtlcompareunicodestring', (guest, call) => {
    const [left, right] = both(guest, call);
    return left === right ? 0 : left < right ? -1 : 1;
  }),
  define('RtlEqualString', HIGH, 'wdm/nf-wdm-rtlequalstring', (guest, call) => {
    const [left, right] = both(guest, call, readAnsiString);
    return left === right;
  }),
  define('RtlCompareString', HIGH, 'wdm/nf-wdm-rtlcomparestring', (guest, call) => {
    const [left, right] = both(guest, call, readAnsiString);
    return left === right ? 0 : left < right ? -1 : 1;
  }),
  define('RtlUpcaseUnicodeChar', PASSIVE, 'wdm/nf-wdm-rtlupcaseunicodechar', (_, call) =>
    String.fromCharCode(call.u16(0)).toUpperCase().charCodeAt(0),
  ),
  define('RtlFreeUnicodeString', PASSIVE, 'wdm/nf-wdm-rtlfreeunicodestring', free),
  define('RtlFreeAnsiString', PASSIVE, 'wdm/nf-wdm-rtlfreeansistring', free),
  define('RtlFreeUTF8String', PASSIVE, 'wdm/nf-wdm-rtlfreeutf8string', free),
  define('RtlAnsiStringToUnicodeString', PASSIVE, 'wdm/nf-wdm-rtlansistringtounicodestring', (guest, call) =>
    convert(guest, call, utf16(readAnsiString(guest, call.pointer(1)), true), 2),
  ),
  define('RtlUnicodeStringToAnsiString', PASSIVE, 'wdm/nf-wdm-rtlunicodestringtoansistring', (guest, call) =>
    convert(guest, call, Buffer.from(`${readUnicodeString(guest, call.pointer(1))}\0`, 'latin1'), 1),
  ),
  define('RtlIntegerToUnicodeString', PASSIVE, 'wdm/nf-wdm-rtlintegertounicodestring', (guest, call) => {
    const to = checked(guest, call, 2, 'write', COUNTED.size);
    const text = call
      .u32(0)
      .toString(call.u32(1) || 10)
      .toUpperCase();
    if (guest.memory.u16(to + COUNTED.maximumLength) < 2 * text.length) return STATUS.BUFFER_OVERFLOW;
    write(guest, to, text, 0);
    return STATUS.SUCCESS;
  }),
  define('RtlUnicodeStringToInteger', PASSIVE, 'wdm/nf-wdm-rtlunicodestringtointeger', (guest, call) => {
    const text = readUnicodeString(guest, call.pointer(0)).trim();
    const value = Number.parseInt(text, call.u32(1) || (/^0x/i.test(text) ? 16 : 10));
    if (Number.isNaN(value)) return STATUS.INVALID_PARAMETER;
    guest.memory.setU32(checked(guest, call, 2, 'write', 4), value >>> 0);
    return STATUS.SUCCESS;
  }),
  define('RtlGUIDFromString', PASSIVE, 'wdm/nf-wdm-rtlguidfromstring', (guest, call) => {
    const digits = readUnicodeString(guest, call.pointer(0)).replace(/[{}-]/g, '');
    if (!/^[0-9a-f]{32}$/i.test(digits)) return STATUS.INVALID_PARAMETER;
    const bytes = Buffer.from(digits, 'hex');
    bytes.subarray(0, 4).reverse();
    bytes.subarray(4, 6).reverse();
    bytes.subarray(6, 8).reverse();
    guest.memory.write(checked(guest, call, 1, 'write', 16), bytes);
    return STATUS.SUCCESS;
  }),
];

function initialise(guest: Guest, call: GuestCall, isWide: boolean): void {
  const to = checked(guest, call, 0, 'write', COUNTED.size);
  const from = call.pointer(1);
  const unit = isWide ? 2 : 1;
  const text = from === 0 ? undefined : isWide ? readWide(guest, from) : readNarrow(guest, from);
  guest.memory.setU16(to + COUNTED.length, (text?.length ?? 0) * unit);
  guest.memory.setU16(to + COUNTED.maximumLength, text === undefined ? 0 : (text.length + 1) * unit);
  guest.memory.setU64(to + COUNTED.buffer, call.u64(1));
}

/** Writes text behind the first `kept` bytes, as much as there is room for. */
function write(guest: Guest, to: number, text: string, kept: number): void {
  const { memory } = guest;
  const room = memory.u16(to + COUNTED.maximumLength) - kept;
  const bytes = utf16(text).subarray(0, Math.max(room - (room % 2), 0));
  if (bytes.length > 0) {
    const buffer = guest.offset(memory.u64(to + COUNTED.buffer)) + kept;
    const isTerminated = bytes.length + 2 <= room;
    guest.touch('write', buffer, bytes.length + (isTerminated ? 2 : 0));
    memory.write(buffer, bytes);
    if (isTerminated) memory.setU16(buffer + bytes.length, 0);
  }
  memory.setU16(to + COUNTED.length, kept + bytes.length);
}

function append(guest: Guest, call: GuestCall, text: string): number {
  const to = checked(guest, call, 0, 'write', COUNTED.size);
  const kept = guest.memory.u16(to + COUNTED.length);
  if (kept + 2 * text.length > guest.memory.u16(to + COUNTED.maximumLength)) return STATUS.BUFFER_TOO_SMALL;
  if (text !== '') write(guest, to, text, kept);
  return STATUS.SUCCESS;
}

/** The two strings of a comparison, folded when the third argument says so. */
function both(guest: Guest, call: GuestCall, read = readUnicodeString): [string, string] {
  const fold = call.bool(2) ? (text: string) => text.toUpperCase() : (text: string) => text;
  return [fold(read(guest, call.pointer(0))), fold(read(guest, call.pointer(1)))];
}

/**
 * Writes into the string that the first argument leads to: into its own buffer, or into a new one when the third argument says so.
 * @param bytes of the text, with its end
 * @param unit bytes of a character
 * @returns STATUS_SUCCESS, STATUS_BUFFER_OVERFLOW or STATUS_INSUFFICIENT_RESOURCES
 */
export function* convert(guest: Guest, call: GuestCall, bytes: Uint8Array, unit: number): Call<number> {
  const { memory } = guest;
  const to = checked(guest, call, 0, 'write', COUNTED.size);
  if (call.bool(2)) {
    const buffer = yield* guest.pool.allocate({
      length: bytes.length,
      tag: 'Strg',
      pageable: true,
      caller: call.caller,
    });
    if (buffer === 0) return STATUS.INSUFFICIENT_RESOURCES;
    memory.setU64(to + COUNTED.buffer, guest.address(buffer));
    memory.setU16(to + COUNTED.maximumLength, bytes.length);
  } else if (memory.u16(to + COUNTED.maximumLength) < bytes.length - unit) {
    return STATUS.BUFFER_OVERFLOW;
  }
  const buffer = guest.offset(memory.u64(to + COUNTED.buffer));
  const written = bytes.subarray(0, memory.u16(to + COUNTED.maximumLength));
  guest.touch('write', buffer, written.length);
  memory.write(buffer, written);
  memory.setU16(to + COUNTED.length, bytes.length - unit);
  return STATUS.SUCCESS;
}

function* free(guest: Guest, call: GuestCall): Call<void> {
  const at = checked(guest, call, 0, 'write', COUNTED.size);
  const buffer = guest.memory.u64(at + COUNTED.buffer);
  if (buffer !== 0n) yield* guest.pool.free(buffer, call.caller);
  guest.memory.fill(at, COUNTED.size, 0);
}
