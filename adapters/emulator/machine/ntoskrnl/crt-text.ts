import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { readNarrow, readWide, utf16 } from '../text';
import { define, HIGH, type GuestExport } from './define';

const PAGE = 'cpp/c-runtime-library/reference';
const STRUNCATE = 80;
const EINVAL = 22;
const ERANGE = 34;
const TRUNCATE = 0xffff_ffff_ffff_ffffn;

/** Narrow and wide text are handled alike: by these. */
interface Width {
  read(guest: Guest, at: number, limit?: number): string;
  bytes(text: string): Uint8Array;
  readonly unit: number;
}

const NARROW: Width = { read: readNarrow, bytes: (text) => Buffer.from(text, 'latin1'), unit: 1 };
const WIDE: Width = { read: readWide, bytes: (text) => utf16(text), unit: 2 };

/** Functions of the C run-time library that copy, search, fold and read text. Memory is touched with the driver's rights. */
export const crtTextExports: readonly GuestExport[] = [
  define('strcpy', HIGH, `${PAGE}/strcpy-wcscpy-mbscpy`, (guest, call) => {
    put(guest, NARROW, call.pointer(0), `${readNarrow(guest, call.pointer(1))}\0`);
    return call.u64(0);
  }),
  define('strcat', HIGH, `${PAGE}/strcat-wcscat-mbscat`, (guest, call) => {
    const to = call.pointer(0);
    put(guest, NARROW, to + readNarrow(guest, to).length, `${readNarrow(guest, call.pointer(1))}\0`);
    return call.u64(0);
  }),
  define('strncpy', HIGH, `${PAGE}/strncpy-strncpy-l-wcsncpy-wcsncpy-l-mbsncpy-mbsncpy-l`, (guest, call) => {
    const limit = Number(call.u64(2));
    put(guest, NARROW, call.pointer(0), readNarrow(guest, call.pointer(1), limit).padEnd(limit, '\0'));
    return call.u64(0);
  }),
  ...([NARROW, WIDE] as const).flatMap((width) => [
    define(
      width === NARROW ? 'strncat' : 'wcsncat',
      HIGH,
      `${PAGE}/strncat-strncat-l-wcsncat-wcsncat-l-mbsncat-mbsncat-l`,
      (guest, call) => {
        const to = call.pointer(0);
        const added = width.read(guest, call.pointer(1), Number(call.u64(2)));
        put(guest, width, to + width.unit * width.read(guest, to).length, `${added}\0`);
        return call.u64(0);
      },
    ),
    define(width === NARROW ? 'strspn' : 'wcsspn', HIGH, `${PAGE}/strspn-wcsspn-mbsspn-mbsspn-l`, (guest, call) =>
      span(guest, call, width, true),
    ),
    define(width === NARROW ? 'strcspn' : 'wcscspn', HIGH, `${PAGE}/strcspn-wcscspn-mbscspn-mbscspn-l`, (guest, call) =>
      span(guest, call, width, false),
    ),
    define(
      width === NARROW ? '_strlwr' : '_wcslwr',
      HIGH,
      `${PAGE}/strlwr-wcslwr-mbslwr-strlwr-l-wcslwr-l-mbslwr-l`,
      (guest, call) => rewrite(guest, call, width, lower),
    ),
    define(
      width === NARROW ? '_strupr' : '_wcsupr',
      HIGH,
      `${PAGE}/strupr-strupr-l-mbsupr-mbsupr-l-wcsupr-l-wcsupr`,
      (guest, call) => rewrite(guest, call, width, upper),
    ),
    define(width === NARROW ? '_strrev' : '_wcsrev', HIGH, `${PAGE}/strrev-wcsrev-mbsrev-mbsrev-l`, (guest, call) =>
      rewrite(guest, call, width, (text) => [...text].reverse().join('')),
    ),
    define(
      width === NARROW ? 'strncat_s' : 'wcsncat_s',
      HIGH,
      `${PAGE}/strncat-s-strncat-s-l-wcsncat-s-wcsncat-s-l-mbsncat-s-mbsncat-s-l`,
      (guest, call) => limited(guest, call, width, width.read(guest, call.pointer(0), Number(call.u64(1)))),
    ),
  ]),
  define('strcpy_s', HIGH, `${PAGE}/strcpy-s-wcscpy-s-mbscpy-s-mbscpy-s-l`, (guest, call) =>
    bounded(guest, call, NARROW, '', readNarrow(guest, call.pointer(2))),
  ),
  define('strcat_s', HIGH, `${PAGE}/strcat-s-wcscat-s-mbscat-s-mbscat-s-l`, (guest, call) => {
    const before = readNarrow(guest, call.pointer(0), Number(call.u64(1)));
    return bounded(guest, call, NARROW, before, readNarrow(guest, call.pointer(2)));
  }),
  define(
    'strncpy_s',
    HIGH,
    `${PAGE}/strncpy-s-strncpy-s-l-wcsncpy-s-wcsncpy-s-l-mbsncpy-s-mbsncpy-s-l`,
    (guest, call) => limited(guest, call, NARROW, ''),
  ),
  define('strnlen', HIGH, `${PAGE}/strnlen-strnlen-s`, (guest, call) =>
    BigInt(readNarrow(guest, call.pointer(0), Number(call.u64(1))).length),
  ),
  define('_strnicmp', HIGH, `${PAGE}/strnicmp-wcsnicmp-mbsnicmp-strnicmp-l-wcsnicmp-l-mbsnicmp-l`, (guest, call) => {
    const limit = Number(call.u64(2));
    const [left, right] = [call.pointer(0), call.pointer(1)].map((at) => lower(readNarrow(guest, at, limit)));
    return left === right ? 0 : (left ?? '') < (right ?? '') ? -1 : 1;
  }),
  define('strchr', HIGH, `${PAGE}/strchr-wcschr-mbschr-mbschr-l`, (guest, call) => {
    const text = `${readNarrow(guest, call.pointer(0))}\0`;
    return found(call, text.indexOf(String.fromCharCode(call.u8(1))));
  }),
  define('strrchr', HIGH, `${PAGE}/strrchr-wcsrchr-mbsrchr-mbsrchr-l`, (guest, call) => {
    const text = `${readNarrow(guest, call.pointer(0))}\0`;
    return found(call, text.lastIndexOf(String.fromCharCode(call.u8(1))));
  }),
  define('strstr', HIGH, `${PAGE}/strstr-wcsstr-mbsstr-mbsstr-l`, (guest, call) =>
    found(call, readNarrow(guest, call.pointer(0)).indexOf(readNarrow(guest, call.pointer(1)))),
  ),
  define('memchr', HIGH, `${PAGE}/memchr-wmemchr`, (guest, call) => {
    const begin = call.pointer(0);
    for (let index = 0; index < Number(call.u64(2)); index += 1) {
      guest.touch('read', begin + index, 1);
      if (guest.memory.u8(begin + index) === call.u8(1)) return found(call, index);
    }
    return 0n;
  }),
  define('memcpy_s', HIGH, `${PAGE}/memcpy-s-wmemcpy-s`, copy),
  define('memmove_s', HIGH, `${PAGE}/memmove-s-wmemmove-s`, copy),
];

function put(guest: Guest, width: Width, to: number, text: string): void {
  const bytes = width.bytes(text);
  guest.touch('write', to, bytes.length);
  guest.memory.write(to, bytes);
}

/** Letters of ASCII, as the kernel's run-time library folds them. */
function lower(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function upper(text: string): string {
  return text.replace(/[a-z]/g, (letter) => letter.toUpperCase());
}

function found(call: GuestCall, at: number): bigint {
  return at < 0 ? 0n : call.u64(0) + BigInt(at);
}

/** @returns how many of the first characters are in a set, or are not */
function span(guest: Guest, call: GuestCall, width: Width, isIn: boolean): bigint {
  const text = [...width.read(guest, call.pointer(0))];
  const set = width.read(guest, call.pointer(1));
  const end = text.findIndex((unit) => set.includes(unit) !== isIn);
  return BigInt(end < 0 ? text.length : end);
}

function rewrite(guest: Guest, call: GuestCall, width: Width, change: (text: string) => string): bigint {
  const to = call.pointer(0);
  const text = width.read(guest, to);
  if (text !== '') put(guest, width, to, change(text));
  return call.u64(0);
}

/** @returns errno of a secure function: the destination is emptied when there is no room */
function bounded(guest: Guest, call: GuestCall, width: Width, before: string, text: string): number {
  const [to, room] = [call.pointer(0), Number(call.u64(1))];
  if (to === 0 || room === 0) return EINVAL;
  const fits = before.length + text.length < room;
  put(guest, width, to, fits ? `${before}${text}\0` : '\0');
  return fits ? 0 : ERANGE;
}

/** The same with a limit on what is taken, which may ask for as much as fits. */
function limited(guest: Guest, call: GuestCall, width: Width, before: string): number {
  const room = Number(call.u64(1)) - before.length;
  const isTruncating = call.u64(3) === TRUNCATE;
  const text = width.read(guest, call.pointer(2), isTruncating ? room : Number(call.u64(3)));
  if (!isTruncating || text.length < room) return bounded(guest, call, width, before, text);
  bounded(guest, call, width, before, text.slice(0, Math.max(room - 1, 0)));
  return STRUNCATE;
}

function copy(guest: Guest, call: GuestCall): number {
  const [room, length] = [call.u64(1), call.u64(3)];
  if (length === 0n) return 0;
  if (call.u64(0) === 0n) return EINVAL;
  const to = call.pointer(0);
  if (call.u64(2) === 0n || length > room) {
    guest.touch('write', to, Number(room));
    guest.memory.fill(to, Number(room), 0);
    return call.u64(2) === 0n ? EINVAL : ERANGE;
  }
  const from = call.pointer(2);
  guest.touch('read', from, Number(length));
  guest.touch('write', to, Number(length));
  guest.memory.write(to, guest.memory.bytes.slice(from, from + Number(length)));
  return 0;
}
