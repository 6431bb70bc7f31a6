import type { Call } from '../../../../src/kernel';
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { STATUS } from '../status';
import { COUNTED, readAnsiString, readGuid, readNarrow, readUnicodeString, readUtf16, readWide, utf16 } from '../text';
import { checked, define, HIGH, PASSIVE, type GuestExport } from './define';

/** Case and conversion of counted strings, and strings without a terminator. */
export const stringConversionExports: readonly GuestExport[] = [
  define('RtlInitUnicodeStringEx', HIGH, 'wdm/nf-wdm-rtlinitunicodestringex', (guest, call) => {
    const to = checked(guest, call, 0, 'write', COUNTED.size);
    const from = call.pointer(1);
    const length = from === 0 ? 0 : 2 * readWide(guest, from, 0x7fff).length;
    if (length > 0xfffc) return STATUS.NAME_TOO_LONG;
    guest.memory.setU16(to + COUNTED.length, length);
    guest.memory.setU16(to + COUNTED.maximumLength, from === 0 ? 0 : length + 2);
    guest.memory.setU64(to + COUNTED.buffer, call.u64(1));
    return STATUS.SUCCESS;
  }),
  ...(['RtlUpcaseUnicodeString', 'RtlDowncaseUnicodeString'] as const).map((name) =>
    define(name, PASSIVE, `wdm/nf-wdm-${name.toLowerCase()}`, (guest, call) => {
      const text = readUnicodeString(guest, call.pointer(1));
      const folded = name === 'RtlUpcaseUnicodeString' ? eachUnit(text, upper) : eachUnit(text, lower);
      return fill(guest, call, 0, utf16(folded), 0, call.bool(2));
    }),
  ),
  define('RtlDowncaseUnicodeChar', PASSIVE, 'wdm/nf-wdm-rtldowncaseunicodechar', (_, call) =>
    lower(String.fromCharCode(call.u16(0))).charCodeAt(0),
  ),
  define('RtlUpperChar', PASSIVE, 'wdm/nf-wdm-rtlupperchar', (_, call) =>
    upper(String.fromCharCode(call.u8(0))).charCodeAt(0),
  ),
  define('RtlUpperString', PASSIVE, 'wdm/nf-wdm-rtlupperstring', (guest, call) => {
    copyCounted(guest, call, Buffer.from(eachUnit(readAnsiString(guest, call.pointer(1)), upper), 'latin1'));
  }),
  define('RtlCopyString', HIGH, 'ntddk/nf-ntddk-rtlcopystring', (guest, call) => {
    copyCounted(guest, call, Buffer.from(readAnsiString(guest, call.pointer(1)), 'latin1'));
  }),
  define('RtlPrefixString', PASSIVE, 'ntifs/nf-ntifs-rtlprefixstring', (guest, call) => {
    const [prefix, text] = both(guest, call);
    return text.startsWith(prefix);
  }),
  define('RtlCompareUnicodeStrings', PASSIVE, 'wdm/nf-wdm-rtlcompareunicodestrings', (guest, call) => {
    const read = (index: number): string => {
      const text = readUtf16(guest, call.pointer(index), 2 * Number(call.u64(index + 1)));
      return call.bool(4) ? eachUnit(text, upper) : text;
    };
    const [left, right] = [read(0), read(2)];
    return left === right ? 0 : left < right ? -1 : 1;
  }),
  define('RtlHashUnicodeString', PASSIVE, 'wdm/nf-wdm-rtlhashunicodestring', (guest, call) => {
    const text = readUnicodeString(guest, call.pointer(0));
    let hash = 0;
    for (const unit of call.bool(1) ? eachUnit(text, upper) : text) {
      hash = (Math.imul(hash, 65_599) + unit.charCodeAt(0)) >>> 0;
    }
    guest.memory.setU32(checked(guest, call, 3, 'write', 4), hash);
    return STATUS.SUCCESS;
  }),
  define('RtlCreateUnicodeString', PASSIVE, 'ntifs/nf-ntifs-rtlcreateunicodestring', function* (guest, call) {
    const text = utf16(readWide(guest, call.pointer(1)), true);
    return (yield* fill(guest, call, 0, text, 2, true)) === STATUS.SUCCESS;
  }),
  define('RtlDuplicateUnicodeString', PASSIVE, 'ntifs/nf-ntifs-rtlduplicateunicodestring', (guest, call) => {
    const isTerminated = (call.u32(0) & 1) !== 0;
    const text = utf16(readUnicodeString(guest, call.pointer(1)), isTerminated);
    return fill(guest, call, 2, text, isTerminated ? 2 : 0, true);
  }),
  define('RtlValidateUnicodeString', PASSIVE, 'wdm/nf-wdm-rtlvalidateunicodestring', () => STATUS.SUCCESS),
  define('RtlStringFromGUID', PASSIVE, 'wdm/nf-wdm-rtlstringfromguid', (guest, call) => {
    const text = readGuid(guest, checked(guest, call, 0, 'read', 16));
    return fill(guest, call, 1, utf16(text, true), 2, true);
  }),
  define('RtlInt64ToUnicodeString', PASSIVE, 'wdm/nf-wdm-rtlint64tounicodestring', (guest, call) => {
    const text = call.u64(0).toString(call.u32(1) || 10);
    return fill(guest, call, 2, utf16(text.toUpperCase()), 0, false);
  }),
  define('RtlCharToInteger', PASSIVE, 'ntddk/nf-ntddk-rtlchartointeger', (guest, call) => {
    const text = readNarrow(guest, call.pointer(0)).trim();
    const value = Number.parseInt(text, call.u32(1) || (/^0x/i.test(text) ? 16 : 10));
    guest.memory.setU32(checked(guest, call, 2, 'write', 4), Number.isNaN(value) ? 0 : value >>> 0);
    return STATUS.SUCCESS;
  }),

  ...(
    [
      ['RtlUnicodeToMultiByteN', 'latin1', true],
      ['RtlUnicodeToUTF8N', 'utf8', true],
      ['RtlMultiByteToUnicodeN', 'latin1', false],
      ['RtlUTF8ToUnicodeN', 'utf8', false],
    ] as const
  ).map(([name, encoding, isFromWide]) =>
    define(name, PASSIVE, `ntifs/nf-ntifs-${name.toLowerCase()}`, (guest, call) => {
      const length = call.u32(4);
      const from = length === 0 ? 0 : checked(guest, call, 3, 'read', length);
      const text = Buffer.from(guest.memory.bytes.slice(from, from + length)).toString(
        isFromWide ? 'utf16le' : encoding,
      );
      const bytes = isFromWide ? Buffer.from(text, encoding) : utf16(text);
      const kept = bytes.subarray(0, call.u64(0) === 0n ? bytes.length : call.u32(1));
      if (call.u64(0) !== 0n && kept.length > 0) {
        guest.memory.write(checked(guest, call, 0, 'write', kept.length), kept);
      }
      if (call.u64(2) !== 0n) guest.memory.setU32(checked(guest, call, 2, 'write', 4), kept.length);
      return kept.length < bytes.length ? STATUS.BUFFER_TOO_SMALL : STATUS.SUCCESS;
    }),
  ),
  define('RtlUnicodeStringToUTF8String', PASSIVE, 'wdm/nf-wdm-rtlunicodestringtoutf8string', (guest, call) =>
    fill(guest, call, 0, Buffer.from(`${readUnicodeString(guest, call.pointer(1))}\0`, 'utf8'), 1, call.bool(2)),
  ),
  define('RtlUTF8StringToUnicodeString', PASSIVE, 'wdm/nf-wdm-rtlutf8stringtounicodestring', (guest, call) => {
    const text = Buffer.from(readAnsiString(guest, call.pointer(1)), 'latin1').toString('utf8');
    return fill(guest, call, 0, utf16(text, true), 2, call.bool(2));
  }),
  define('RtlAppendStringToString', PASSIVE, 'ntifs/nf-ntifs-rtlappendstringtostring', (guest, call) => {
    const to = checked(guest, call, 0, 'write', COUNTED.size);
    const added = Buffer.from(readAnsiString(guest, call.pointer(1)), 'latin1');
    const { memory } = guest;
    const kept = memory.u16(to + COUNTED.length);
    if (kept + added.length > memory.u16(to + COUNTED.maximumLength)) return STATUS.BUFFER_TOO_SMALL;
    if (added.length > 0) {
      const end = guest.offset(memory.u64(to + COUNTED.buffer)) + kept;
      guest.touch('write', end, added.length);
      memory.write(end, added);
    }
    memory.setU16(to + COUNTED.length, kept + added.length);
    return STATUS.SUCCESS;
  }),
  ...(['RtlxAnsiStringToUnicodeSize', 'RtlxUnicodeStringToAnsiSize'] as const).map((name) =>
    define(
      name,
      PASSIVE,
      `wdm/nf-wdm-${name.slice(0, 3).toLowerCase()}${name.slice(4).toLowerCase()}`,
      (guest, call) => {
        const length = guest.memory.u16(checked(guest, call, 0, 'read', COUNTED.size));
        return name === 'RtlxAnsiStringToUnicodeSize' ? 2 * length + 2 : length / 2 + 1;
      },
    ),
  ),
];

function upper(unit: string): string {
  const folded = unit.toUpperCase();
  return folded.length === 1 ? folded : unit;
}

function lower(unit: string): string {
  const folded = unit.toLowerCase();
  return folded.length === 1 ? folded : unit;
}

function eachUnit(text: string, change: (unit: string) => string): string {
  return text.split('').map(change).join('');
}

/** Two ANSI_STRINGs, folded when the third argument says so. */
function both(guest: Guest, call: GuestCall): [string, string] {
  const read = (index: number): string => {
    const text = readAnsiString(guest, call.pointer(index));
    return call.bool(2) ? eachUnit(text, upper) : text;
  };
  return [read(0), read(1)];
}

/** Copies as much as there is room for. */
function copyCounted(guest: Guest, call: GuestCall, bytes: Uint8Array): void {
  const to = checked(guest, call, 0, 'write', COUNTED.size);
  const kept = bytes.subarray(0, guest.memory.u16(to + COUNTED.maximumLength));
  if (kept.length > 0) {
    const buffer = guest.offset(guest.memory.u64(to + COUNTED.buffer));
    guest.touch('write', buffer, kept.length);
    guest.memory.write(buffer, kept);
  }
  guest.memory.setU16(to + COUNTED.length, kept.length);
}

/**
 * Writes text into the counted string of an argument.
 * @param terminator how many of the bytes its length does not count
 * @param isNew into a fresh buffer
 */
function* fill(
  guest: Guest,
  call: GuestCall,
  index: number,
  bytes: Uint8Array,
  terminator: number,
  isNew: boolean,
): Call<number> {
  const { memory } = guest;
  const to = checked(guest, call, index, 'write', COUNTED.size);
  if (isNew) {
    const length = Math.max(bytes.length, 1);
    const buffer = yield* guest.pool.allocate({ length, tag: 'Strg', pageable: true, caller: call.caller });
    if (buffer === 0) return STATUS.INSUFFICIENT_RESOURCES;
    memory.setU64(to + COUNTED.buffer, guest.address(buffer));
    memory.setU16(to + COUNTED.maximumLength, bytes.length);
  } else if (memory.u16(to + COUNTED.maximumLength) < bytes.length) {
    return STATUS.BUFFER_OVERFLOW;
  }
  if (bytes.length > 0) {
    const buffer = guest.offset(memory.u64(to + COUNTED.buffer));
    guest.touch('write', buffer, bytes.length);
    memory.write(buffer, bytes);
  }
  memory.setU16(to + COUNTED.length, bytes.length - terminator);
  return STATUS.SUCCESS;
}
