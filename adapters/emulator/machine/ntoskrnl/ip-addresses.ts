/** IP addresses as text and back, as drivers of the network log them: ip2string.h. */
import { isIPv4, isIPv6 } from 'node:net';
import type { GuestCall, Result } from '../contract';
import type { Guest } from '../guest';
import { STATUS } from '../status';
import { readNarrow, readWide, utf16 } from '../text';
import { checked, define, HIGH, type GuestExport } from './define';

const PAGE = 'ip2string/nf-ip2string';

interface Characters {
  readonly suffix: 'A' | 'W';
  readonly width: number;
  readonly bytes: (text: string) => Uint8Array;
  readonly read: (guest: Guest, offset: number) => string;
}

const CHARACTERS: readonly Characters[] = [
  { suffix: 'A', width: 1, bytes: (text) => Buffer.from(`${text}\0`, 'latin1'), read: (...at) => readNarrow(...at) },
  { suffix: 'W', width: 2, bytes: (text) => utf16(text, true), read: (...at) => readWide(...at) },
];

interface Family {
  readonly name: 'Ipv4' | 'Ipv6';
  readonly size: number;
  readonly text: (address: Uint8Array) => string;
  /** With a scope id and a port, where they are not zero. */
  readonly endpoint: (address: string, scope: number, port: number) => string;
}

const FAMILIES: readonly Family[] = [
  {
    name: 'Ipv4',
    size: 4,
    text: (address) => address.join('.'),
    endpoint: (address, _, port) => (port === 0 ? address : `${address}:${port}`),
  },
  {
    name: 'Ipv6',
    size: 16,
    text: ipv6Text,
    endpoint: (address, scope, port) => {
      const scoped = scope === 0 ? address : `${address}%${scope}`;
      return port === 0 ? scoped : `[${scoped}]:${port}`;
    },
  },
];

/**
 * The shortest text of an IPv6 address: the longest run of zero words is left out, and where an IPv4 address is inside, it is
 * written as one.
 * @param address 16 bytes
 */
export function ipv6Text(address: Uint8Array): string {
  const words = Array.from(
    { length: 8 },
    (_, index) => (address[2 * index] ?? 0) * 256 + (address[2 * index + 1] ?? 0),
  );
  const hasIpv4 = holdsIpv4(words);
  const parts = words.slice(0, hasIpv4 ? 6 : 8);
  const texts = parts.map((word) => word.toString(16));
  const zeros = longestZeros(parts);
  const shortened =
    zeros.length < 2
      ? texts.join(':')
      : `${texts.slice(0, zeros.at).join(':')}::${texts.slice(zeros.at + zeros.length).join(':')}`;
  if (!hasIpv4) return shortened;
  return `${shortened}${shortened.endsWith(':') ? '' : ':'}${address.slice(12).join('.')}`;
}

/** IPv4-compatible, IPv4-mapped, IPv4-translated and ISATAP addresses. */
function holdsIpv4(words: readonly number[]): boolean {
  const [, , , , fifth = 0, sixth = 0, seventh = 0] = words;
  if (fifth === 0 && sixth === 0x5efe) return true;
  if (words.slice(0, 4).some((word) => word !== 0)) return false;
  if (fifth === 0xffff) return sixth === 0;
  return fifth === 0 && (sixth === 0xffff || (sixth === 0 && seventh !== 0));
}

function longestZeros(words: readonly number[]): { readonly at: number; readonly length: number } {
  let best = { at: 0, length: 0 };
  let length = 0;
  words.forEach((word, index) => {
    length = word === 0 ? length + 1 : 0;
    if (length > best.length) best = { at: index + 1 - length, length };
  });
  return best;
}

function addressOf(guest: Guest, call: GuestCall, { size }: Family): Uint8Array {
  const at = checked(guest, call, 0, 'read', size);
  return guest.memory.bytes.slice(at, at + size);
}

/** @returns the address of the terminating zero, as the caller appends there */
function toString(guest: Guest, call: GuestCall, family: Family, characters: Characters): Result {
  const bytes = characters.bytes(family.text(addressOf(guest, call, family)));
  guest.memory.write(checked(guest, call, 1, 'write', bytes.length), bytes);
  return call.u64(1) + BigInt(bytes.length - characters.width);
}

/** The length counts characters, with the zero at the end. */
function toStringEx(guest: Guest, call: GuestCall, family: Family, { bytes, width }: Characters): Result {
  const more = family.name === 'Ipv6' ? 1 : 0;
  const network = call.u16(1 + more);
  const port = (network >>> 8) | ((network & 0xff) << 8);
  const scope = more === 0 ? 0 : call.u32(1);
  const text = bytes(family.endpoint(family.text(addressOf(guest, call, family)), scope, port));
  const lengthAt = checked(guest, call, 3 + more, 'write', 4);
  const room = guest.memory.u32(lengthAt);
  guest.memory.setU32(lengthAt, text.length / width);
  if (room < text.length / width) return STATUS.INVALID_PARAMETER;
  guest.memory.write(checked(guest, call, 2 + more, 'write', text.length), text);
  return STATUS.SUCCESS;
}

/** Four decimal numbers, which is what `Strict` allows and nearly everybody passes. */
function ipv4FromString(guest: Guest, call: GuestCall, { read, width }: Characters): Result {
  const text = read(guest, call.pointer(0));
  const [address = ''] = /^[0-9.]*/.exec(text) ?? [];
  if (!isIPv4(address)) return STATUS.INVALID_PARAMETER;
  guest.memory.setU64(checked(guest, call, 2, 'write', 8), call.u64(0) + BigInt(width * address.length));
  guest.memory.write(checked(guest, call, 3, 'write', 4), Uint8Array.from(address.split('.'), Number));
  return STATUS.SUCCESS;
}

/** As much of the text as is an address, without scope or port. */
function ipv6FromString(guest: Guest, call: GuestCall, { read, width }: Characters): Result {
  const [address = ''] = /^[0-9a-f:.]*/i.exec(read(guest, call.pointer(0))) ?? [];
  if (!isIPv6(address)) return STATUS.INVALID_PARAMETER;
  guest.memory.setU64(checked(guest, call, 1, 'write', 8), call.u64(0) + BigInt(width * address.length));
  guest.memory.write(checked(guest, call, 2, 'write', 16), ipv6Bytes(address));
  return STATUS.SUCCESS;
}

/** @param address a whole one, as text. @returns its 16 bytes */
export function ipv6Bytes(address: string): Uint8Array {
  const [front = [], back] = address.split('::').map((half) => half.split(':').flatMap(bytesOfPart));
  const rest = back ?? [];
  return Uint8Array.from([...front, ...Array.from({ length: 16 - front.length - rest.length }, () => 0), ...rest]);
}

function bytesOfPart(part: string): number[] {
  if (part.includes('.')) return part.split('.').map(Number);
  const word = Number.parseInt(part, 16);
  return part === '' ? [] : [word >>> 8, word & 0xff];
}

const ETHERNET = /^[0-9a-f]{2}(?:-[0-9a-f]{2}){5}/i;

/** Six bytes in hexadecimal with dashes between, which is what is read, too. */
function ethernetExports({ suffix, width, bytes, read }: Characters): GuestExport[] {
  const [text, address] = [`RtlEthernetAddressToString${suffix}`, `RtlEthernetStringToAddress${suffix}`];
  return [
    define(text, HIGH, `${PAGE}-${text.toLowerCase()}`, (guest, call) => {
      const at = checked(guest, call, 0, 'read', 6);
      const pairs = [...guest.memory.bytes.subarray(at, at + 6)].map((byte) => byte.toString(16).padStart(2, '0'));
      const written = bytes(pairs.join('-').toUpperCase());
      guest.memory.write(checked(guest, call, 1, 'write', written.length), written);
      return call.u64(1) + BigInt(written.length - width);
    }),
    define(address, HIGH, `${PAGE}-${address.toLowerCase()}`, (guest, call) => {
      const [found] = ETHERNET.exec(read(guest, call.pointer(0))) ?? [];
      if (found === undefined) return STATUS.INVALID_PARAMETER;
      guest.memory.setU64(checked(guest, call, 1, 'write', 8), call.u64(0) + BigInt(width * found.length));
      guest.memory.write(checked(guest, call, 2, 'write', 6), Buffer.from(found.replaceAll('-', ''), 'hex'));
      return STATUS.SUCCESS;
    }),
  ];
}

export const ipAddressExports: readonly GuestExport[] = CHARACTERS.flatMap((characters) => [
  ...FAMILIES.flatMap((family) => {
    const name = `Rtl${family.name}AddressToString`;
    const page = `${PAGE}-${name.toLowerCase()}`;
    const { suffix } = characters;
    return [
      define(`${name}${suffix}`, HIGH, `${page}${suffix.toLowerCase()}`, (guest, call) =>
        toString(guest, call, family, characters),
      ),
      define(`${name}Ex${suffix}`, HIGH, `${page}ex${suffix.toLowerCase()}`, (guest, call) =>
        toStringEx(guest, call, family, characters),
      ),
    ];
  }),
  define(
    `RtlIpv4StringToAddress${characters.suffix}`,
    HIGH,
    `${PAGE}-rtlipv4stringtoaddress${characters.suffix.toLowerCase()}`,
    (guest, call) => ipv4FromString(guest, call, characters),
  ),
  define(
    `RtlIpv6StringToAddress${characters.suffix}`,
    HIGH,
    `${PAGE}-rtlipv6stringtoaddress${characters.suffix.toLowerCase()}`,
    (guest, call) => ipv6FromString(guest, call, characters),
  ),
  ...ethernetExports(characters),
]);
