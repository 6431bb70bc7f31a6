import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { readNarrow, readWide, utf16 } from '../text';
import { define, HIGH, type GuestExport } from './define';
import { argumentsAt, argumentsOf, format } from './format';

const PAGE = 'cpp/c-runtime-library/reference';
const COUNTED = `${PAGE}/snprintf-snprintf-snprintf-l-snwprintf-snwprintf-l`;
const LISTED = `${PAGE}/vsnprintf-vsnprintf-vsnprintf-l-vsnwprintf-vsnwprintf-l`;
const SECURE = `${PAGE}/snprintf-s-snprintf-s-l-snwprintf-s-snwprintf-s-l`;
const TRUNCATE = 0xffff_ffff_ffff_ffffn;
const FAILED = -1;

/** Where the parts of a call are: the index of its format, and of the words behind it. */
interface Shape {
  readonly isWide: boolean;
  /** Index of the format. */
  readonly at: number;
  /** What is behind the format is a va_list. */
  readonly isList: boolean;
}

/** Functions of the C run-time library that write formatted text. */
export const crtFormatExports: readonly GuestExport[] = [
  define('sprintf', HIGH, `${PAGE}/sprintf-sprintf-l-swprintf-swprintf-l-swprintf-l`, (guest, call) =>
    unbounded(guest, call, { isWide: false, at: 1, isList: false }),
  ),
  define('swprintf', HIGH, `${PAGE}/sprintf-sprintf-l-swprintf-swprintf-l-swprintf-l`, (guest, call) =>
    unbounded(guest, call, { isWide: true, at: 1, isList: false }),
  ),
  define('vsprintf', HIGH, `${PAGE}/vsprintf-vsprintf-l-vswprintf-vswprintf-l-vswprintf-l`, (guest, call) =>
    unbounded(guest, call, { isWide: false, at: 1, isList: true }),
  ),
  define('_snprintf', HIGH, COUNTED, (guest, call) => counted(guest, call, { isWide: false, at: 2, isList: false })),
  define('_snwprintf', HIGH, COUNTED, (guest, call) => counted(guest, call, { isWide: true, at: 2, isList: false })),
  define('_vsnprintf', HIGH, LISTED, (guest, call) => counted(guest, call, { isWide: false, at: 2, isList: true })),
  define('_vsnwprintf', HIGH, LISTED, (guest, call) => counted(guest, call, { isWide: true, at: 2, isList: true })),
  define('sprintf_s', HIGH, `${PAGE}/sprintf-s-sprintf-s-l-swprintf-s-swprintf-s-l`, (guest, call) =>
    secure(guest, call, { isWide: false, at: 2, isList: false }, 0n),
  ),
  define('swprintf_s', HIGH, `${PAGE}/sprintf-s-sprintf-s-l-swprintf-s-swprintf-s-l`, (guest, call) =>
    secure(guest, call, { isWide: true, at: 2, isList: false }, 0n),
  ),
  define('vsprintf_s', HIGH, `${PAGE}/vsprintf-s-vsprintf-s-l-vswprintf-s-vswprintf-s-l`, (guest, call) =>
    secure(guest, call, { isWide: false, at: 2, isList: true }, 0n),
  ),
  define('vswprintf_s', HIGH, `${PAGE}/vsprintf-s-vsprintf-s-l-vswprintf-s-vswprintf-s-l`, (guest, call) =>
    secure(guest, call, { isWide: true, at: 2, isList: true }, 0n),
  ),
  define('_snprintf_s', HIGH, SECURE, (guest, call) =>
    secure(guest, call, { isWide: false, at: 3, isList: false }, call.u64(2)),
  ),
  define('_snwprintf_s', HIGH, SECURE, (guest, call) =>
    secure(guest, call, { isWide: true, at: 3, isList: false }, call.u64(2)),
  ),
  define('_vsnprintf_s', HIGH, SECURE, (guest, call) =>
    secure(guest, call, { isWide: false, at: 3, isList: true }, call.u64(2)),
  ),
  define('_vsnwprintf_s', HIGH, SECURE, (guest, call) =>
    secure(guest, call, { isWide: true, at: 3, isList: true }, call.u64(2)),
  ),
];

function textOf(guest: Guest, call: GuestCall, { isWide, at, isList }: Shape): string {
  const source = call.pointer(at);
  const text = isWide ? readWide(guest, source) : readNarrow(guest, source);
  const values = isList ? argumentsAt(guest, call.u64(at + 1)) : argumentsOf(call, at + 1);
  return format(guest, text, values, isWide);
}

function put(guest: Guest, call: GuestCall, text: string, isWide: boolean): void {
  const bytes = isWide ? utf16(text) : Buffer.from(text, 'latin1');
  if (bytes.length === 0) return;
  const to = call.pointer(0);
  guest.touch('write', to, bytes.length);
  guest.memory.write(to, bytes);
}

/** @returns how many characters were written: as many as there are */
function unbounded(guest: Guest, call: GuestCall, shape: Shape): number {
  const text = textOf(guest, call, shape);
  put(guest, call, `${text}\0`, shape.isWide);
  return text.length;
}

/** Ends in no zero when the text fills the buffer. @returns the length; a negative number when there is more */
function counted(guest: Guest, call: GuestCall, shape: Shape): number {
  const room = Number(call.u64(1));
  const text = textOf(guest, call, shape);
  put(guest, call, text.length < room ? `${text}\0` : text.slice(0, room), shape.isWide);
  return text.length > room ? FAILED : text.length;
}

/**
 * Always ends in a zero; empties the buffer rather than cut the text off, unless it was asked to.
 * @param limit characters that are wanted at most; 0 for all of them
 */
function secure(guest: Guest, call: GuestCall, shape: Shape, limit: bigint): number {
  const room = Number(call.u64(1));
  const whole = textOf(guest, call, shape);
  const isCut = limit !== 0n && limit !== TRUNCATE && BigInt(whole.length) > limit;
  const text = isCut ? whole.slice(0, Number(limit)) : whole;
  if (room === 0 || call.u64(0) === 0n) return FAILED;
  if (text.length < room) {
    put(guest, call, `${text}\0`, shape.isWide);
    return isCut ? FAILED : text.length;
  }
  put(guest, call, limit === TRUNCATE ? `${text.slice(0, room - 1)}\0` : '\0', shape.isWide);
  return FAILED;
}
