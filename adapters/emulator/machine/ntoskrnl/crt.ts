import { readNarrow, readWide } from '../text';
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { define, HIGH, type GuestExport } from './define';

const PAGE = 'cpp/c-runtime-library';
const STRUNCATE = 80;
const EINVAL = 22;
const ERANGE = 34;

/** Functions of the C run-time library that the kernel exports. They touch memory with the driver's rights. */
export const crtExports: readonly GuestExport[] = [
  define('memcpy', HIGH, `${PAGE}/reference/memcpy-wmemcpy`, copy),
  define('memmove', HIGH, `${PAGE}/reference/memmove-wmemmove`, copy),
  define('RtlCopyMemory', HIGH, 'wdm/nf-wdm-rtlcopymemory', copy),
  define('RtlMoveMemory', HIGH, 'wdm/nf-wdm-rtlmovememory', copy),
  define('memset', HIGH, `${PAGE}/reference/memset-wmemset`, (guest, call) => {
    fill(guest, call.u64(0), Number(call.u64(2)), call.u8(1));
    return call.u64(0);
  }),
  define('RtlZeroMemory', HIGH, 'wdm/nf-wdm-rtlzeromemory', (guest, call) =>
    fill(guest, call.u64(0), Number(call.u64(1)), 0),
  ),
  define('RtlFillMemory', HIGH, 'wdm/nf-wdm-rtlfillmemory', (guest, call) =>
    fill(guest, call.u64(0), Number(call.u64(1)), call.u8(2)),
  ),
  define('memcmp', HIGH, `${PAGE}/reference/memcmp-wmemcmp`, (guest, call) => {
    const { memory } = guest;
    const length = Number(call.u64(2));
    const same = equalBytes(guest, call);
    return same === length ? 0 : Math.sign(memory.u8(call.pointer(0) + same) - memory.u8(call.pointer(1) + same));
  }),
  define('RtlCompareMemory', HIGH, 'wdm/nf-wdm-rtlcomparememory', (guest, call) => BigInt(equalBytes(guest, call))),
  define('strlen', HIGH, `${PAGE}/reference/strlen-wcslen-mbslen-mbslen-l-mbstrlen-mbstrlen-l`, (guest, call) =>
    BigInt(readNarrow(guest, call.pointer(0)).length),
  ),
  define('strcmp', HIGH, `${PAGE}/reference/strcmp-wcscmp-mbscmp`, (guest, call) =>
    order(readNarrow(guest, call.pointer(0)), readNarrow(guest, call.pointer(1))),
  ),
  define('strncmp', HIGH, `${PAGE}/reference/strncmp-wcsncmp-mbsncmp-mbsncmp-l`, (guest, call) => {
    const limit = Number(call.u64(2));
    return order(readNarrow(guest, call.pointer(0), limit), readNarrow(guest, call.pointer(1), limit));
  }),
  define('_stricmp', HIGH, `${PAGE}/reference/stricmp-wcsicmp-mbsicmp-stricmp-l-wcsicmp-l-mbsicmp-l`, (guest, call) =>
    order(folded(readNarrow(guest, call.pointer(0))), folded(readNarrow(guest, call.pointer(1)))),
  ),
  define('wcslen', HIGH, `${PAGE}/reference/strlen-wcslen-mbslen-mbslen-l-mbstrlen-mbstrlen-l`, (guest, call) =>
    BigInt(readWide(guest, call.pointer(0)).length),
  ),
  define('wcsnlen', HIGH, `${PAGE}/reference/strnlen-strnlen-s`, (guest, call) =>
    BigInt(readWide(guest, call.pointer(0), Number(call.u64(1))).length),
  ),
  define('wcscmp', HIGH, `${PAGE}/reference/strcmp-wcscmp-mbscmp`, (guest, call) =>
    order(readWide(guest, call.pointer(0)), readWide(guest, call.pointer(1))),
  ),
  define('wcsncmp', HIGH, `${PAGE}/reference/strncmp-wcsncmp-mbsncmp-mbsncmp-l`, (guest, call) => {
    const limit = Number(call.u64(2));
    return order(readWide(guest, call.pointer(0), limit), readWide(guest, call.pointer(1), limit));
  }),
  define('_wcsicmp', HIGH, `${PAGE}/reference/stricmp-wcsicmp-mbsicmp-stricmp-l-wcsicmp-l-mbsicmp-l`, (guest, call) =>
    order(folded(readWide(guest, call.pointer(0))), folded(readWide(guest, call.pointer(1)))),
  ),
  define(
    '_wcsnicmp',
    HIGH,
    `${PAGE}/reference/strnicmp-wcsnicmp-mbsnicmp-strnicmp-l-wcsnicmp-l-mbsnicmp-l`,
    (guest, call) => {
      const limit = Number(call.u64(2));
      return order(folded(readWide(guest, call.pointer(0), limit)), folded(readWide(guest, call.pointer(1), limit)));
    },
  ),
  define('wcschr', HIGH, `${PAGE}/reference/strchr-wcschr-mbschr-mbschr-l`, (guest, call) =>
    found(guest, call, (text, unit) => (unit === '\0' ? text.length : text.indexOf(unit))),
  ),
  define('wcsrchr', HIGH, `${PAGE}/reference/strrchr-wcsrchr-mbsrchr-mbsrchr-l`, (guest, call) =>
    found(guest, call, (text, unit) => (unit === '\0' ? text.length : text.lastIndexOf(unit))),
  ),
  define('wcsstr', HIGH, `${PAGE}/reference/strstr-wcsstr-mbsstr-mbsstr-l`, (guest, call) => {
    const at = readWide(guest, call.pointer(0)).indexOf(readWide(guest, call.pointer(1)));
    return at < 0 ? 0n : call.u64(0) + BigInt(2 * at);
  }),
  define('wcscpy', HIGH, `${PAGE}/reference/strcpy-wcscpy-mbscpy`, (guest, call) => {
    writeWide(guest, call.pointer(0), `${readWide(guest, call.pointer(1))}\0`);
    return call.u64(0);
  }),
  define('wcsncpy', HIGH, `${PAGE}/reference/strncpy-strncpy-l-wcsncpy-wcsncpy-l-mbsncpy-mbsncpy-l`, (guest, call) => {
    const limit = Number(call.u64(2));
    writeWide(guest, call.pointer(0), readWide(guest, call.pointer(1), limit).padEnd(limit, '\0'));
    return call.u64(0);
  }),
  define('wcscat', HIGH, `${PAGE}/reference/strcat-wcscat-mbscat`, (guest, call) => {
    const to = call.pointer(0);
    writeWide(guest, to + 2 * readWide(guest, to).length, `${readWide(guest, call.pointer(1))}\0`);
    return call.u64(0);
  }),
  define('wcscpy_s', HIGH, `${PAGE}/reference/strcpy-s-wcscpy-s-mbscpy-s-mbscpy-s-l`, (guest, call) => {
    const text = readWide(guest, call.pointer(2));
    return bounded(guest, call, '', text);
  }),
  define('wcscat_s', HIGH, `${PAGE}/reference/strcat-s-wcscat-s-mbscat-s-mbscat-s-l`, (guest, call) => {
    const text = readWide(guest, call.pointer(2));
    return bounded(guest, call, readWide(guest, call.pointer(0), Number(call.u64(1))), text);
  }),
  define(
    'wcsncpy_s',
    HIGH,
    `${PAGE}/reference/strncpy-s-strncpy-s-l-wcsncpy-s-wcsncpy-s-l-mbsncpy-s-mbsncpy-s-l`,
    (guest, call) => {
      const room = Number(call.u64(1));
      const isTruncating = call.u64(3) === 0xffff_ffff_ffff_ffffn;
      const text = readWide(guest, call.pointer(2), isTruncating ? room : Number(call.u64(3)));
      if (!isTruncating || text.length < room) return bounded(guest, call, '', text);
      bounded(guest, call, '', text.slice(0, room - 1));
      return STRUNCATE;
    },
  ),
];

function copy(guest: Guest, call: GuestCall): bigint {
  const length = Number(call.u64(2));
  if (length > 0) {
    const to = call.pointer(0);
    const from = call.pointer(1);
    guest.touch('read', from, length);
    guest.touch('write', to, length);
    guest.memory.write(to, guest.memory.bytes.slice(from, from + length));
  }
  return call.u64(0);
}

function fill(guest: Guest, address: bigint, length: number, value: number): void {
  if (length === 0) return;
  const to = guest.offset(address);
  guest.touch('write', to, length);
  guest.memory.fill(to, length, value);
}

/** @returns how many bytes at the beginning are the same. Nothing is read behind the first two that differ. */
function equalBytes(guest: Guest, call: GuestCall): number {
  const length = Number(call.u64(2));
  if (length === 0) return 0;
  const { bytes } = guest.memory;
  const [left, right] = [call.pointer(0), call.pointer(1)];
  let same = 0;
  while (same < length && bytes[left + same] === bytes[right + same]) same += 1;
  const read = Math.min(same + 1, length);
  guest.touch('read', left, read);
  guest.touch('read', right, read);
  return same;
}

/** Letters of ASCII, as the kernel's run-time library folds them. */
function folded(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function order(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

function found(guest: Guest, call: GuestCall, search: (text: string, unit: string) => number): bigint {
  const at = search(readWide(guest, call.pointer(0)), String.fromCharCode(call.u16(1)));
  return at < 0 ? 0n : call.u64(0) + BigInt(2 * at);
}

function writeWide(guest: Guest, to: number, text: string): void {
  guest.touch('write', to, 2 * text.length);
  guest.memory.write(to, new Uint8Array(Buffer.from(text, 'utf16le')));
}

/** @returns errno of a secure function: the destination is emptied when there is no room */
function bounded(guest: Guest, call: GuestCall, before: string, text: string): number {
  const to = call.pointer(0);
  const room = Number(call.u64(1));
  if (to === 0 || room === 0) return EINVAL;
  if (before.length + text.length >= room) {
    writeWide(guest, to, '\0');
    return ERANGE;
  }
  writeWide(guest, to, `${before}${text}\0`);
  return 0;
}
