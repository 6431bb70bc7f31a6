import type { Call } from '../../../../src/kernel';
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { STATUS } from '../status';
import { COUNTED, readWide, utf16 } from '../text';
import { define, PASSIVE, type GuestExport } from './define';
import { pathBelow, Registry, type RegistryValue } from './registry';

/** RTL_QUERY_REGISTRY_TABLE. */
const TABLE = {
  size: 0x38,
  routine: 0x00,
  flags: 0x08,
  name: 0x10,
  entryContext: 0x18,
  defaultType: 0x20,
  defaultData: 0x28,
  defaultLength: 0x30,
} as const;
/** RTL_QUERY_REGISTRY_… */
const FLAG = {
  subkey: 0x01,
  topkey: 0x02,
  required: 0x04,
  noValue: 0x08,
  noExpand: 0x10,
  direct: 0x20,
  delete: 0x40,
  typeCheck: 0x100,
};
const REG = { none: 0, text: 1, expandable: 2, binary: 3, number: 4, texts: 7 } as const;

/** The run-time library's way to the registry: paths that are relative to well-known keys, and tables of what to read. */
export const registryHelperExports: readonly GuestExport[] = [
  define('RtlQueryRegistryValues', PASSIVE, 'wdm/nf-wdm-rtlqueryregistryvalues', query),
  define('RtlQueryRegistryValuesEx', PASSIVE, 'wdm/nf-wdm-rtlqueryregistryvalues', query),
  define('RtlWriteRegistryValue', PASSIVE, 'wdm/nf-wdm-rtlwriteregistryvalue', (guest, call) => {
    const path = keyPath(guest, call);
    if (path === undefined) return STATUS.INVALID_HANDLE;
    const length = call.u32(5);
    const at = length === 0 ? 0 : call.pointer(4);
    if (length > 0) guest.touch('read', at, length);
    const name = readWide(guest, call.pointer(2));
    const data = guest.memory.bytes.slice(at, at + length);
    guest.part(Registry).set(path, { name, type: call.u32(3), data });
    return STATUS.SUCCESS;
  }),
  define('RtlDeleteRegistryValue', PASSIVE, 'wdm/nf-wdm-rtldeleteregistryvalue', (guest, call) => {
    const key = guest.part(Registry).find(keyPath(guest, call) ?? '');
    const isGone = key?.values.delete(readWide(guest, call.pointer(2)).toLowerCase());
    return isGone ? STATUS.SUCCESS : STATUS.OBJECT_NAME_NOT_FOUND;
  }),
  define('RtlCreateRegistryKey', PASSIVE, 'wdm/nf-wdm-rtlcreateregistrykey', (guest, call) => {
    const path = keyPath(guest, call);
    if (path === undefined) return STATUS.INVALID_HANDLE;
    guest.part(Registry).create(path);
    return STATUS.SUCCESS;
  }),
];

/** The key that RelativeTo and Path name; a handle takes the place of the path when a flag says so. */
function keyPath(guest: Guest, call: GuestCall): string | undefined {
  return pathBelow(guest, call.u32(0), call.u64(1));
}

interface Entry {
  readonly routine: bigint;
  readonly flags: number;
  readonly name: string | undefined;
  readonly context: bigint;
  /** With RTL_QUERY_REGISTRY_TYPECHECK: the type that the value must have. */
  readonly type: number;
  readonly fallback: RegistryValue | undefined;
}

/** Entries up to the one that ends the table: without a routine and a name. */
function entriesAt(guest: Guest, table: number): Entry[] {
  const { memory } = guest;
  const entries: Entry[] = [];
  for (let at = table; ; at += TABLE.size) {
    guest.touch('read', at, TABLE.size);
    const [routine, name] = [memory.u64(at + TABLE.routine), memory.u64(at + TABLE.name)];
    if (routine === 0n && name === 0n) return entries;
    const text = name === 0n ? undefined : readWide(guest, guest.offset(name));
    entries.push({
      routine,
      flags: memory.u32(at + TABLE.flags),
      name: text,
      context: memory.u64(at + TABLE.entryContext),
      type: memory.u32(at + TABLE.defaultType) >>> 24,
      fallback: defaultOf(guest, at, text ?? ''),
    });
  }
}

function defaultOf(guest: Guest, at: number, name: string): RegistryValue | undefined {
  const { memory } = guest;
  const type = memory.u32(at + TABLE.defaultType) & 0xff;
  const from = memory.u64(at + TABLE.defaultData);
  if (type === REG.none || from === 0n) return undefined;
  const begin = guest.offset(from);
  const given = memory.u32(at + TABLE.defaultLength);
  const isText = type === REG.text || type === REG.expandable;
  if (given === 0 && isText) return { name, type, data: utf16(readWide(guest, begin), true) };
  const length = given === 0 && type === REG.number ? 4 : given;
  guest.touch('read', begin, length);
  return { name, type, data: memory.bytes.slice(begin, begin + length) };
}

/** A value that RtlQueryRegistryValues is asked for, there or not. */
export interface QueriedValue {
  readonly path: string;
  readonly name: string;
  /** REG_… that the driver says it expects; undefined when it does not. */
  readonly type: number | undefined;
}

/** @returns the values that the table of a call of RtlQueryRegistryValues names */
export function queriedValues(guest: Guest, call: GuestCall): QueriedValue[] {
  const top = keyPath(guest, call) ?? '';
  let path = top;
  const values: QueriedValue[] = [];
  for (const { flags, name, type, fallback } of entriesAt(guest, call.pointer(2))) {
    if ((flags & (FLAG.topkey | FLAG.subkey)) !== 0) path = top;
    if ((flags & FLAG.subkey) !== 0) path = `${top}\\${name ?? ''}`;
    else if (name !== undefined && (flags & FLAG.noValue) === 0) {
      values.push({ path, name, type: (flags & FLAG.typeCheck) !== 0 ? type : fallback?.type });
    }
  }
  return values;
}

function* query(guest: Guest, call: GuestCall): Call<number> {
  const registry = guest.part(Registry);
  const top = keyPath(guest, call);
  if (top === undefined || !registry.find(top)) return STATUS.OBJECT_NAME_NOT_FOUND;
  let path = top;
  for (const entry of entriesAt(guest, call.pointer(2))) {
    if ((entry.flags & (FLAG.topkey | FLAG.subkey)) !== 0) path = top;
    if ((entry.flags & FLAG.subkey) !== 0) {
      path = `${top}\\${entry.name ?? ''}`;
      if (!registry.find(path)) return STATUS.OBJECT_NAME_NOT_FOUND;
      if (entry.routine === 0n) continue;
    }
    const status = yield* serve(guest, path, entry, call.u64(3), call.caller);
    if (status !== STATUS.SUCCESS) return status;
  }
  return STATUS.SUCCESS;
}

function* serve(guest: Guest, path: string, entry: Entry, context: bigint, caller: bigint): Call<number> {
  const key = guest.part(Registry).find(path);
  if ((entry.flags & FLAG.noValue) !== 0) {
    return yield* tell(guest, entry, { name: entry.name ?? '', type: REG.none, data: new Uint8Array() }, context);
  }
  const all = entry.name === undefined || (entry.flags & FLAG.subkey) !== 0;
  const named = entry.name === undefined ? undefined : key?.values.get(entry.name.toLowerCase());
  const values = all ? [...(key?.values.values() ?? [])] : [named ?? entry.fallback].filter((one) => one !== undefined);
  if (values.length === 0) return (entry.flags & FLAG.required) === 0 ? STATUS.SUCCESS : STATUS.OBJECT_NAME_NOT_FOUND;
  for (const value of values) {
    if ((entry.flags & FLAG.typeCheck) !== 0 && entry.type !== value.type) return STATUS.OBJECT_TYPE_MISMATCH;
    const status =
      (entry.flags & FLAG.direct) === 0
        ? yield* tell(guest, entry, value, context)
        : yield* direct(guest, entry, value, caller);
    if (status !== STATUS.SUCCESS) return status;
    if ((entry.flags & FLAG.delete) !== 0) key?.values.delete(value.name.toLowerCase());
  }
  return STATUS.SUCCESS;
}

/** The driver's routine hears each text of a REG_MULTI_SZ by itself. */
function* tell(guest: Guest, entry: Entry, value: RegistryValue, context: bigint): Call<number> {
  const isSplit = value.type === REG.texts && (entry.flags & FLAG.noExpand) === 0;
  const texts = Buffer.from(value.data).toString('utf16le').split('\0').filter(Boolean);
  const parts: readonly RegistryValue[] = isSplit
    ? texts.map((text) => ({ name: value.name, type: REG.text, data: utf16(text, true) }))
    : [value];
  for (const { name, type, data } of parts) {
    const result = yield* guest.call(
      entry.routine,
      place(guest, utf16(name, true)),
      BigInt(type),
      place(guest, data),
      BigInt(data.length),
      context,
      entry.context,
    );
    const status = Number(result & 0xffff_ffffn);
    if (status >= 0x8000_0000) return status;
  }
  return STATUS.SUCCESS;
}

function place(guest: Guest, bytes: Uint8Array): bigint {
  const at = guest.allocate(Math.max(bytes.length, 2));
  guest.memory.write(at, bytes);
  return guest.address(at);
}

/** The value goes where EntryContext points: numbers as they are, text into a UNICODE_STRING, other data behind its length. */
function* direct(guest: Guest, entry: Entry, { type, data }: RegistryValue, caller: bigint): Call<number> {
  const { memory } = guest;
  const at = guest.offset(entry.context);
  if (type === REG.text || type === REG.expandable || type === REG.texts)
    return yield* directText(guest, at, data, caller);
  if (data.length <= 4) {
    guest.touch('write', at, 4);
    memory.write(at, data);
    return STATUS.SUCCESS;
  }
  guest.touch('write', at, 4);
  const room = memory.i32(at);
  // A negative length stands for the length of the buffer itself, a positive one for that of the data behind it.
  if (room < 0) {
    if (-room < data.length) return STATUS.BUFFER_TOO_SMALL;
    guest.touch('write', at, data.length);
    memory.write(at, data);
    return STATUS.SUCCESS;
  }
  if (room - 8 < data.length) return STATUS.BUFFER_TOO_SMALL;
  guest.touch('write', at, 8 + data.length);
  memory.setU32(at, data.length);
  memory.setU32(at + 4, type);
  memory.write(at + 8, data);
  return STATUS.SUCCESS;
}

function* directText(guest: Guest, at: number, data: Uint8Array, caller: bigint): Call<number> {
  const { memory } = guest;
  guest.touch('write', at, COUNTED.size);
  if (memory.u64(at + COUNTED.buffer) === 0n) {
    const fresh = yield* guest.pool.allocate({ length: data.length, tag: 'Strg', pageable: true, caller });
    if (fresh === 0) return STATUS.INSUFFICIENT_RESOURCES;
    memory.setU64(at + COUNTED.buffer, guest.address(fresh));
    memory.setU16(at + COUNTED.maximumLength, data.length);
  } else if (memory.u16(at + COUNTED.maximumLength) < data.length) {
    return STATUS.BUFFER_TOO_SMALL;
  }
  const buffer = guest.offset(memory.u64(at + COUNTED.buffer));
  guest.touch('write', buffer, data.length);
  memory.write(buffer, data);
  memory.setU16(at + COUNTED.length, Math.max(data.length - 2, 0));
  return STATUS.SUCCESS;
}
