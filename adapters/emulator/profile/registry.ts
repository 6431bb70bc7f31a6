/** The registry that the driver finds: what the profile says of it, and the values for given adapters. */
import { fillIn, filterGuid, namesAnAdapter, placeholderFault, type AdapterFacts } from './names';
import type { Problems } from './problems';
import type { EmulatorProfile, RegistryEntry, RegistryType } from './profile';
import { bigintOf, hexBytes } from './read-template';
import { encode } from './render';

/** As the schema lets it through. */
type RawTyped = Readonly<Partial<Record<RegistryType, number | string | readonly string[]>>>;
export type RawRegistryValue = number | string | readonly string[] | RawTyped;
export type RawRegistry = Readonly<Record<string, Readonly<Record<string, RawRegistryValue>>>>;

const SERVICES = '\\Registry\\Machine\\System\\CurrentControlSet\\Services';
const HIVES = /^(HKLM|HKEY_LOCAL_MACHINE|\\Registry\\Machine)(?=\\)/i;

/** Numbers of the types, as ZwQueryValueKey gives them. */
export const REGISTRY_TYPES: Readonly<Record<RegistryType, number>> = {
  REG_SZ: 1,
  REG_EXPAND_SZ: 2,
  REG_BINARY: 3,
  REG_DWORD: 4,
  REG_MULTI_SZ: 7,
  REG_QWORD: 11,
};

/** A value that the registry holds when the driver is loaded. */
export interface RegistryValue {
  /** `\Registry\Machine\System\CurrentControlSet\Services\mydriver\Parameters` */
  readonly key: string;
  readonly name: string;
  readonly type: RegistryType;
  /** As ZwQueryValueKey gives them. */
  readonly bytes: Uint8Array;
}

/** @returns the path that DriverEntry gets as RegistryPath */
export function serviceKey(service: string): string {
  return `${SERVICES}\\${service}`;
}

export function readRegistry(raw: RawRegistry, service: string, problems: Problems): readonly RegistryEntry[] {
  return Object.entries(raw).flatMap(([written, values]) => {
    const key = absoluteKey(written, service);
    const fault = key === undefined ? keyFault(written) : placeholderFault(key);
    if (fault !== undefined || key === undefined) {
      problems.add(['registry', written], fault ?? '', 'key');
      return [];
    }
    return Object.entries(values).map(([name, value]) => {
      const entry: RegistryEntry = { key, name, ...typed(value) };
      checkEntry(entry, ['registry', written, name], problems);
      return entry;
    });
  });
}

function absoluteKey(written: string, service: string): string | undefined {
  if (HIVES.test(written)) return written.replace(HIVES, '\\Registry\\Machine').replace(/\\$/, '');
  if (written.startsWith('\\') || /^HK/i.test(written) || written === '') return undefined;
  return written === '.' ? serviceKey(service) : `${serviceKey(service)}\\${written.replace(/\\$/, '')}`;
}

function keyFault(written: string): string {
  return (
    `"${written}" is no key: give Parameters (or another key below the service's), . for the service's own key, ` +
    'or a whole path that starts with \\Registry\\Machine\\ or HKLM\\'
  );
}

function typed(raw: RawRegistryValue): Pick<RegistryEntry, 'type' | 'data'> {
  if (typeof raw === 'number') return { type: 'REG_DWORD', data: BigInt(raw) };
  if (typeof raw === 'string') return { type: 'REG_SZ', data: raw };
  if (isTexts(raw)) return { type: 'REG_MULTI_SZ', data: raw };
  const [type, value] = Object.entries(raw)[0] as [RegistryType, number | string | readonly string[]];
  if (typeof value === 'object') return { type, data: value };
  switch (type) {
    case 'REG_DWORD':
    case 'REG_QWORD':
      return { type, data: bigintOf(value) };
    case 'REG_BINARY':
      return { type, data: hexBytes(String(value)) };
    default:
      return { type, data: String(value) };
  }
}

function isTexts(raw: readonly string[] | RawTyped): raw is readonly string[] {
  return Array.isArray(raw);
}

function checkEntry({ key, data }: RegistryEntry, path: readonly string[], problems: Problems): void {
  for (const text of textsOf(data)) {
    const fault = placeholderFault(text);
    if (fault !== undefined) problems.add(path, fault);
  }
  if (typeof data === 'string' && namesAnAdapter(data) && !namesAnAdapter(key)) {
    problems.add(
      path,
      'this text differs from adapter to adapter, and its key does not: make it a list (REG_MULTI_SZ), or put {guid} or {instance} into the key',
    );
  }
}

function textsOf(data: RegistryEntry['data']): readonly string[] {
  if (typeof data === 'string') return [data];
  return Array.isArray(data) ? (data as readonly string[]) : [];
}

/**
 * The registry for a machine with these adapters. A key with a placeholder is there once for each of them, and so is a text with
 * one in a list.
 */
export function registryValues(profile: EmulatorProfile, adapters: readonly AdapterFacts[]): readonly RegistryValue[] {
  return profile.registry.flatMap((entry) => {
    if (!namesAnAdapter(entry.key)) return [valueFor(entry, adapters, profile)];
    return adapters.map((adapter) => valueFor(entry, [adapter], profile));
  });
}

function valueFor(entry: RegistryEntry, adapters: readonly AdapterFacts[], profile: EmulatorProfile): RegistryValue {
  const { data, name, type } = entry;
  const always = { filterGuid: filterGuid(profile) };
  const [first] = adapters;
  const one = (text: string) => fillIn(text, first ? { ...first } : always);
  const each = (text: string) =>
    namesAnAdapter(text) ? adapters.map((adapter) => fillIn(text, { ...adapter })) : [fillIn(text, always)];
  const filled = Array.isArray(data)
    ? (data as readonly string[]).flatMap(each)
    : typeof data === 'string'
      ? one(data)
      : (data as bigint | Uint8Array);
  return { key: fillIn(entry.key, first ? { ...first } : always), name, type, bytes: dataBytes(type, filled) };
}

function dataBytes(type: RegistryType, data: bigint | string | readonly string[] | Uint8Array): Uint8Array {
  if (data instanceof Uint8Array) return data;
  if (typeof data === 'string') return encode(`${data}\0`, 'utf16le');
  if (typeof data === 'bigint') {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setBigUint64(0, BigInt.asUintN(64, data), true);
    return type === 'REG_QWORD' ? bytes : bytes.slice(0, 4);
  }
  return encode([...data, ''].map((text) => `${text}\0`).join(''), 'utf16le');
}
