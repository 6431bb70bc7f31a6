import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { STATUS } from '../status';
import { readUnicodeString, readWide, utf16 } from '../text';
import { checked, define, PASSIVE, type GuestExport } from './define';
import { Handles, nameIn } from './handles';

/** A value of the registry. */
export interface RegistryValue {
  readonly name: string;
  /** REG_SZ 1, REG_BINARY 3, REG_DWORD 4, REG_MULTI_SZ 7. */
  readonly type: number;
  readonly data: Uint8Array;
}

interface Key {
  readonly path: string;
  readonly values: Map<string, RegistryValue>;
}

/** The registry of one boot: filled before DriverEntry runs, and by the driver. */
export class Registry {
  private readonly keys = new Map<string, Key>();

  /** Makes a key and all keys above it. @param path absolute: `\Registry\Machine\…` */
  create(path: string): Key {
    const clean = path.replace(/\\+$/, '');
    const known = this.keys.get(clean.toLowerCase());
    if (known) return known;
    const above = clean.slice(0, clean.lastIndexOf('\\'));
    if (above !== '') this.create(above);
    const key = { path: clean, values: new Map<string, RegistryValue>() };
    this.keys.set(clean.toLowerCase(), key);
    return key;
  }

  set(path: string, value: RegistryValue): void {
    this.create(path).values.set(value.name.toLowerCase(), value);
  }

  find(path: string): Key | undefined {
    return this.keys.get(path.replace(/\\+$/, '').toLowerCase());
  }

  /** @returns false when there are keys below it */
  remove(path: string): boolean {
    return this.below(path).length === 0 && this.keys.delete(path.toLowerCase());
  }

  /** @returns the names of the keys right below, in the order they were made */
  below(path: string): string[] {
    const start = `${path.toLowerCase()}\\`;
    return [...this.keys.values()]
      .map((key) => key.path)
      .filter((candidate) => candidate.toLowerCase().startsWith(start) && !candidate.slice(start.length).includes('\\'))
      .map((candidate) => candidate.slice(start.length));
  }
}

const CREATED_NEW_KEY = 1;
const OPENED_EXISTING_KEY = 2;

/** Roots of RtlCheckRegistryKey and its like. */
const ROOTS: Readonly<Record<number, string>> = {
  0: '',
  1: '\\Registry\\Machine\\System\\CurrentControlSet\\Services\\',
  2: '\\Registry\\Machine\\System\\CurrentControlSet\\Control\\',
  3: '\\Registry\\Machine\\Software\\Microsoft\\Windows NT\\CurrentVersion\\',
};

export const registryExports: readonly GuestExport[] = [
  define('ZwOpenKey', PASSIVE, 'wdm/nf-wdm-zwopenkey', open),
  define('ZwOpenKeyEx', PASSIVE, 'wdm/nf-wdm-zwopenkeyex', open),
  define('ZwCreateKey', PASSIVE, 'wdm/nf-wdm-zwcreatekey', (guest, call) => {
    const out = checked(guest, call, 0, 'write', 8);
    const path = pathOf(guest, call.pointer(2));
    if (path === undefined) return STATUS.INVALID_HANDLE;
    const existed = guest.part(Registry).find(path) !== undefined;
    const key = guest.part(Registry).create(path);
    guest.memory.setU64(out, guest.part(Handles).open({ kind: 'key', path: key.path }));
    const disposition = call.pointer(6);
    if (disposition !== 0) {
      guest.touch('write', disposition, 4);
      guest.memory.setU32(disposition, existed ? OPENED_EXISTING_KEY : CREATED_NEW_KEY);
    }
    return STATUS.SUCCESS;
  }),
  define('ZwDeleteKey', PASSIVE, 'wdm/nf-wdm-zwdeletekey', (guest, call) => {
    const key = keyOf(guest, call.u64(0));
    if (!key) return STATUS.INVALID_HANDLE;
    return guest.part(Registry).remove(key.path) ? STATUS.SUCCESS : STATUS.ACCESS_DENIED;
  }),
  define('ZwQueryKey', PASSIVE, 'wdm/nf-wdm-zwquerykey', (guest, call) => {
    const key = keyOf(guest, call.u64(0));
    if (!key) return STATUS.INVALID_HANDLE;
    const information = keyInformation(guest, key, call.u32(1));
    return information ? answer(guest, call, information, 2) : STATUS.INVALID_PARAMETER;
  }),
  // Nobody else changes the registry, so the change that is waited for never comes.
  define('ZwNotifyChangeKey', PASSIVE, 'ntifs/nf-ntifs-zwnotifychangekey', () => STATUS.PENDING),
  define('ZwFlushKey', PASSIVE, 'wdm/nf-wdm-zwflushkey', () => STATUS.SUCCESS),
  define('ZwQueryValueKey', PASSIVE, 'wdm/nf-wdm-zwqueryvaluekey', (guest, call) => {
    const key = keyOf(guest, call.u64(0));
    if (!key) return STATUS.INVALID_HANDLE;
    const value = key.values.get(readUnicodeString(guest, call.pointer(1)).toLowerCase());
    if (!value) return STATUS.OBJECT_NAME_NOT_FOUND;
    const information = valueInformation(value, call.u32(2));
    return information ? answer(guest, call, information, 3) : STATUS.INVALID_PARAMETER;
  }),
  define('ZwEnumerateValueKey', PASSIVE, 'wdm/nf-wdm-zwenumeratevaluekey', (guest, call) => {
    const key = keyOf(guest, call.u64(0));
    if (!key) return STATUS.INVALID_HANDLE;
    const value = [...key.values.values()][call.u32(1)];
    if (!value) return STATUS.NO_MORE_ENTRIES;
    const information = valueInformation(value, call.u32(2));
    return information ? answer(guest, call, information, 3) : STATUS.INVALID_PARAMETER;
  }),
  define('ZwEnumerateKey', PASSIVE, 'wdm/nf-wdm-zwenumeratekey', (guest, call) => {
    const key = keyOf(guest, call.u64(0));
    if (!key) return STATUS.INVALID_HANDLE;
    const name = guest.part(Registry).below(key.path)[call.u32(1)];
    const found = name === undefined ? undefined : guest.part(Registry).find(`${key.path}\\${name}`);
    if (!found) return STATUS.NO_MORE_ENTRIES;
    const information = keyInformation(guest, found, call.u32(2));
    return information ? answer(guest, call, information, 3) : STATUS.INVALID_PARAMETER;
  }),
  define('ZwSetValueKey', PASSIVE, 'wdm/nf-wdm-zwsetvaluekey', (guest, call) => {
    const key = keyOf(guest, call.u64(0));
    if (!key) return STATUS.INVALID_HANDLE;
    const length = call.u32(5);
    const from = length === 0 ? 0 : checked(guest, call, 4, 'read', length);
    const name = readUnicodeString(guest, call.pointer(1));
    guest
      .part(Registry)
      .set(key.path, { name, type: call.u32(3), data: guest.memory.bytes.slice(from, from + length) });
    return STATUS.SUCCESS;
  }),
  define('ZwDeleteValueKey', PASSIVE, 'wdm/nf-wdm-zwdeletevaluekey', (guest, call) => {
    const key = keyOf(guest, call.u64(0));
    if (!key) return STATUS.INVALID_HANDLE;
    const isGone = key.values.delete(readUnicodeString(guest, call.pointer(1)).toLowerCase());
    return isGone ? STATUS.SUCCESS : STATUS.OBJECT_NAME_NOT_FOUND;
  }),
  define('RtlCheckRegistryKey', PASSIVE, 'wdm/nf-wdm-rtlcheckregistrykey', (guest, call) => {
    const path = pathBelow(guest, call.u32(0), call.u64(1));
    return path !== undefined && guest.part(Registry).find(path) ? STATUS.SUCCESS : STATUS.OBJECT_NAME_NOT_FOUND;
  }),
];

function open(guest: Guest, call: GuestCall): number {
  const out = checked(guest, call, 0, 'write', 8);
  const path = pathOf(guest, call.pointer(2));
  if (path === undefined) return STATUS.INVALID_HANDLE;
  const key = guest.part(Registry).find(path);
  if (!key) return STATUS.OBJECT_NAME_NOT_FOUND;
  guest.memory.setU64(out, guest.part(Handles).open({ kind: 'key', path: key.path }));
  return STATUS.SUCCESS;
}

/** KEY_BASIC_INFORMATION 0, KEY_NODE_INFORMATION 1, KEY_FULL_INFORMATION 2, KEY_NAME_INFORMATION 3. */
function keyInformation(guest: Guest, { path, values }: Key, kind: number): Information | undefined {
  const text = utf16(kind === 3 ? path : path.slice(path.lastIndexOf('\\') + 1));
  const header = { 0: 0x10, 1: 0x18, 2: 0x2c, 3: 0x04 }[kind];
  if (header === undefined) return undefined;
  const bytes = Buffer.alloc(kind === 2 ? 0x30 : header + text.length);
  if (kind !== 2) {
    bytes.writeUInt32LE(text.length, header - 4);
    bytes.set(text, header);
    return { bytes, header };
  }
  const below = guest.part(Registry).below(path);
  const longest = (texts: readonly string[]) => Math.max(0, ...texts.map((each) => 2 * each.length));
  bytes.writeUInt32LE(below.length, 0x14);
  bytes.writeUInt32LE(longest(below), 0x18);
  bytes.writeUInt32LE(values.size, 0x20);
  bytes.writeUInt32LE(longest([...values.values()].map(({ name }) => name)), 0x24);
  bytes.writeUInt32LE(Math.max(0, ...[...values.values()].map(({ data }) => data.length)), 0x28);
  return { bytes, header };
}

/** RTL_REGISTRY_HANDLE: a handle takes the place of the path. */
const BY_HANDLE = 0x4000_0000;

/**
 * @param relativeTo RTL_REGISTRY_…
 * @param path address of a text, or a handle
 * @returns the absolute path of the key that they name; undefined for a handle that is none
 */
export function pathBelow(guest: Guest, relativeTo: number, path: bigint): string | undefined {
  if ((relativeTo & BY_HANDLE) !== 0) return keyOf(guest, path)?.path;
  return `${ROOTS[relativeTo & 0xff] ?? ''}${path === 0n ? '' : readWide(guest, guest.offset(path))}`;
}

/** @returns the absolute path of a key that OBJECT_ATTRIBUTES name; undefined when their root is no key */
export function pathOf(guest: Guest, attributes: number): string | undefined {
  const { root, name } = nameIn(guest, attributes);
  if (root === 0n) return name;
  const target = guest.part(Handles).of(root);
  return target?.kind === 'key' ? `${target.path}\\${name}` : undefined;
}

/** @returns the key that a handle is open on; undefined for a handle that is none */
export function keyOf(guest: Guest, handle: bigint): Key | undefined {
  const target = guest.part(Handles).of(handle);
  return target?.kind === 'key' ? guest.part(Registry).find(target.path) : undefined;
}

const PARTIAL = 2;
const PARTIAL_ALIGN64 = 4;

interface Information {
  readonly bytes: Buffer;
  /** Bytes in front of the part whose length varies. */
  readonly header: number;
}

/** KEY_VALUE_BASIC_INFORMATION 0, …_FULL_INFORMATION 1, …_PARTIAL_INFORMATION 2, …_PARTIAL_INFORMATION_ALIGN64 4. */
function valueInformation({ name, type, data }: RegistryValue, kind: number): Information | undefined {
  if (kind === PARTIAL_ALIGN64) {
    const bytes = Buffer.alloc(8 + data.length);
    bytes.writeUInt32LE(type, 0);
    bytes.writeUInt32LE(data.length, 4);
    bytes.set(data, 8);
    return { bytes, header: 8 };
  }
  if (kind > PARTIAL) return undefined;
  const text = utf16(name);
  const header = kind === 0 ? 0x0c : kind === 1 ? 0x14 : 0x0c;
  const dataAt = kind === 1 ? Math.ceil((header + text.length) / 8) * 8 : header;
  const bytes = Buffer.alloc(kind === 0 ? header + text.length : dataAt + data.length);
  bytes.writeUInt32LE(type, 0x04);
  if (kind === 2) bytes.writeUInt32LE(data.length, 0x08);
  else if (kind === 0) bytes.writeUInt32LE(text.length, 0x08);
  else {
    bytes.writeUInt32LE(dataAt, 0x08);
    bytes.writeUInt32LE(data.length, 0x0c);
    bytes.writeUInt32LE(text.length, 0x10);
  }
  if (kind !== 2) bytes.set(text, header);
  if (kind !== 0) bytes.set(data, dataAt);
  return { bytes, header };
}

/** Copies out what fits. Arguments from `first` on: buffer, its length, where the length needed goes. */
function answer(guest: Guest, call: GuestCall, { bytes, header }: Information, first: number): number {
  const room = call.u32(first + 1);
  const needed = checked(guest, call, first + 2, 'write', 4);
  guest.memory.setU32(needed, bytes.length);
  if (room < header) return STATUS.BUFFER_TOO_SMALL;
  const shown = bytes.subarray(0, room);
  guest.memory.write(checked(guest, call, first, 'write', shown.length), shown);
  return room < bytes.length ? STATUS.BUFFER_OVERFLOW : STATUS.SUCCESS;
}
