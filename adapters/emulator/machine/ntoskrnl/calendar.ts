import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { checked, define, HIGH, type GuestExport } from './define';

/** TIME_FIELDS: year, month, day, hour, minute, second, milliseconds, weekday, each a word. */
const FIELDS = { size: 0x10, count: 8 } as const;
const FIRST_YEAR = 1601;
const MS_PER_DAY = 86_400_000;
/** 1 January 1970 in units of 100 ns since 1601. */
const EPOCH = 116_444_736_000_000_000n;
const UNITS_PER_MS = 10_000n;
const UNITS_PER_SECOND = 10_000_000n;

/** The calendar. The machine lives in the time zone of the system time. */
export const calendarExports: readonly GuestExport[] = [
  define('RtlTimeToTimeFields', HIGH, 'wdm/nf-wdm-rtltimetotimefields', (guest, call) => {
    const milliseconds = Number(timeAt(guest, call, 0) / UNITS_PER_MS);
    const days = Math.floor(milliseconds / MS_PER_DAY);
    const inDay = milliseconds % MS_PER_DAY;
    const to = checked(guest, call, 1, 'write', FIELDS.size);
    const clock = [Math.floor(inDay / 3_600_000), Math.floor(inDay / 60_000) % 60, Math.floor(inDay / 1000) % 60];
    // The first day was a Monday.
    const values = [...dateOf(days), ...clock, inDay % 1000, (days + 1) % 7];
    values.forEach((value, index) => guest.memory.setU16(to + 2 * index, value));
  }),
  define('RtlTimeFieldsToTime', HIGH, 'wdm/nf-wdm-rtltimefieldstotime', (guest, call) => {
    const from = checked(guest, call, 0, 'read', FIELDS.size);
    const fields = Array.from({ length: FIELDS.count }, (_, index) => guest.memory.u16(from + 2 * index));
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, millisecond = 0] = fields;
    const days = daysBefore(year, month, day);
    if (year < FIRST_YEAR || month < 1 || month > 12 || dateOf(days).join() !== [year, month, day].join()) return false;
    const milliseconds = days * MS_PER_DAY + hour * 3_600_000 + minute * 60_000 + second * 1000 + millisecond;
    guest.memory.setU64(checked(guest, call, 1, 'write', 8), BigInt(milliseconds) * UNITS_PER_MS);
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

/** @returns days from 1 January 1601 to a date; months beyond a year, and days beyond a month, run on */
function daysBefore(year: number, month: number, day: number): number {
  let days = 365 * (year - FIRST_YEAR) + leapDays(year - 1) - leapDays(FIRST_YEAR - 1) + day - 1;
  for (let each = 1; each < month; each += 1) days += lengthOf(year, each);
  return days;
}

/** @returns year, month and day, so many days after 1 January 1601 */
function dateOf(days: number): [number, number, number] {
  let year = FIRST_YEAR + Math.floor(days / 366);
  while (daysBefore(year + 1, 1, 1) <= days) year += 1;
  let month = 1;
  while (month < 12 && daysBefore(year, month + 1, 1) <= days) month += 1;
  return [year, month, days - daysBefore(year, month, 1) + 1];
}

function leapDays(year: number): number {
  return Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400);
}

function lengthOf(year: number, month: number): number {
  if (month === 2) return leapDays(year) > leapDays(year - 1) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
