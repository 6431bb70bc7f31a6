import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { checked, define, HIGH, type GuestExport } from './define';

/** TIME_FIELDS: year, month, day, hour, minute, second, milliseconds, weekday, each a word. */
const FIELDS = { size: 0x10, count: 8 } as const;
/** 1 January 1970 in units of 100 ns since 1601. */
const EPOCH = 116_444_736_000_000_000n;
const UNITS_PER_MS = 10_000n;
const UNITS_PER_SECOND = 10_000_000n;

/** The calendar. The machine lives in the time zone of the system time. */
export const calendarExports: readonly GuestExport[] = [
  define('RtlTimeToTimeFields', HIGH, 'wdm/nf-wdm-rtltimetotimefields', (guest, call) => {
    const time = new Date(Number((timeAt(guest, call, 0) - EPOCH) / UNITS_PER_MS));
    const to = checked(guest, call, 1, 'write', FIELDS.size);
    const date = [time.getUTCFullYear(), time.getUTCMonth() + 1, time.getUTCDate()];
    const clock = [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds(), time.getUTCMilliseconds()];
    [...date, ...clock, time.getUTCDay()].forEach((value, index) => guest.memory.setU16(to + 2 * index, value));
  }),
  define('RtlTimeFieldsToTime', HIGH, 'wdm/nf-wdm-rtltimefieldstotime', (guest, call) => {
    const from = checked(guest, call, 0, 'read', FIELDS.size);
    const fields = Array.from({ length: FIELDS.count }, (_, index) => guest.memory.u16(from + 2 * index));
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millisecond = 0] = fields;
    const time = Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
    if (month < 1 || month > 12 || day < 1 || new Date(time).getUTCDate() !== day) return false;
    guest.memory.setU64(checked(guest, call, 1, 'write', 8), BigInt(time) * UNITS_PER_MS + EPOCH);
    return true;
  }),
  define('RtlTimeToSecondsSince1970', HIGH, 'ntddk/nf-ntddk-rtltimetosecondssince1970', (guest, call) => {
    const seconds = (timeAt(guest, call, 0) - EPOCH) / UNITS_PER_SECOND;
    if (seconds < 0n || seconds > 0xffff_ffffn) return false;
    guest.memory.setU32(checked(guest, call, 1, 'write', 4), Number(seconds));
    return true;
  }),
  define('RtlSecondsSince1970ToTime', HIGH, 'ntddk/nf-ntddk-rtlsecondssince1970totime', (guest, call) => {
    guest.memory.setU64(checked(guest, call, 1, 'write', 8), BigInt(call.u32(0)) * UNITS_PER_SECOND + EPOCH);
  }),
  define('ExLocalTimeToSystemTime', HIGH, 'wdm/nf-wdm-exlocaltimetosystemtime', (guest, call) => {
    guest.memory.setU64(checked(guest, call, 1, 'write', 8), timeAt(guest, call, 0));
  }),
];

function timeAt(guest: Guest, call: GuestCall, index: number): bigint {
  return guest.memory.u64(checked(guest, call, index, 'read', 8));
}
