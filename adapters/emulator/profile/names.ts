/** Names of adapters, and the placeholders that stand for them in a profile's texts. */
import { didYouMean } from './nearest';
import type { EmulatorProfile } from './profile';

export const PLACEHOLDERS = {
  adapter: 'the adapter’s name in the scenario: A',
  guid: 'the adapter’s GUID, in braces',
  ifIndex: 'the adapter’s interface index',
  instance: 'the adapter’s number below the network class key: 0001',
  miniport: 'the adapter’s BaseMiniportName',
  filterGuid: 'the filter’s GUID, in braces',
} as const;
export type Placeholder = keyof typeof PLACEHOLDERS;

/** What one modelled adapter is called. */
export interface AdapterFacts {
  /** In the scenario. */
  readonly adapter: string;
  /** In braces, upper case: `{4D36E972-E325-11CE-BFC1-08002BE10318}`. */
  readonly guid: string;
  readonly ifIndex: number;
  readonly instance: string;
  readonly miniport: string;
  readonly filterGuid: string;
  /** FilterModuleGuidName. */
  readonly moduleName: string;
}

/** One word: what else stands in braces, JSON for instance, is the driver's own. */
const IN_BRACES = /\{(\s*[\w-]*\s*)\}/g;
const GUID = /^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$/;

/** @returns what is wrong with the placeholders of a text, undefined when nothing is; a GUID in braces is a GUID */
export function placeholderFault(text: string, allowed: readonly Placeholder[] = allPlaceholders): string | undefined {
  for (const [whole, name = ''] of text.matchAll(IN_BRACES)) {
    if (GUID.test(name) || allowed.some((known) => known === name)) continue;
    const known = allowed.map((each) => `{${each}}`).join(', ');
    return `"${whole}" is no placeholder${didYouMean(name, allowed) || '.'} Known here: ${known}`;
  }
  return undefined;
}

const allPlaceholders = Object.keys(PLACEHOLDERS) as Placeholder[];

/** @returns whether a text says something else for every adapter */
export function namesAnAdapter(text: string): boolean {
  return [...text.matchAll(IN_BRACES)].some(
    ([, name]) => name !== 'filterGuid' && allPlaceholders.some((each) => each === name),
  );
}

/** @returns whether a text has that placeholder in it */
export function uses(text: string, placeholder: Placeholder): boolean {
  return [...text.matchAll(IN_BRACES)].some(([, name]) => name === placeholder);
}

type Names = Readonly<Partial<Record<Placeholder, string | number>>>;

/** Fills placeholders in; those that `names` does not know stay as they are. */
export function fillIn(text: string, names: Names): string {
  return text.replace(IN_BRACES, (whole, name: string) =>
    Object.hasOwn(names, name) ? String(names[name as Placeholder]) : whole,
  );
}

/** For a profile that gives none, before the driver has registered one. */
const DEFAULT_FILTER_GUID = '{4C574653-5045-4331-8000-000000000001}';

/**
 * @param registered UniqueName of the filter characteristics: the GUID of the INF, which names the filter's modules
 * @returns the filter's GUID in braces, upper case, as NDIS spells it in FilterModuleGuidName
 */
export function filterGuid(profile: EmulatorProfile, registered = ''): string {
  if (profile.filter.guid !== undefined) return profile.filter.guid;
  return GUID.test(registered.replace(/^\{(.*)\}$/, '$1')) ? registered.toUpperCase() : DEFAULT_FILTER_GUID;
}

/**
 * @param adapter its name in the scenario
 * @param position 0 for the first adapter of the machine
 * @param registered UniqueName that the driver registered, when it has
 */
export function adapterFacts(
  profile: EmulatorProfile,
  adapter: string,
  position: number,
  registered?: string,
): AdapterFacts {
  const names = {
    adapter,
    guid: guidOf(adapter),
    ifIndex: profile.adapters.ifIndex + position,
    instance: String(position + 1).padStart(4, '0'),
    filterGuid: filterGuid(profile, registered),
  };
  const miniport = fillIn(profile.adapters.baseMiniportName, names);
  return { ...names, miniport, moduleName: fillIn(profile.adapters.moduleName, { ...names, miniport }) };
}

/** A GUID (of the random kind) that depends on the text alone. */
function guidOf(text: string): string {
  const words = [0, 1, 2, 3].map((salt) => hash(`${salt}:${text}`).toString(16).padStart(8, '0'));
  const digits = [...words.join('')];
  digits[12] = '4';
  digits[16] = 'A';
  const hex = digits.join('').toUpperCase();
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return `{${parts.join('-')}}`;
}

/** FNV-1a, then mixed, so that texts that differ in one letter differ everywhere. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const letter of text) value = Math.imul(value ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}

/** @returns the 16 bytes of a GUID as the WDK's structure has them: three little-endian parts, then eight bytes */
export function guidBytes(guid: string): Uint8Array {
  const hex = guid.replace(/[{}-]/g, '');
  const order = [3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15];
  return Uint8Array.from(order, (index) => parseInt(hex.slice(index * 2, index * 2 + 2), 16));
}
