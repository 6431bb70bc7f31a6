/** Versions of drivers, as Windows writes them: up to four numbers. Ranges of them, as waivers write them. */

/** The most significant number first; never empty, at most four. */
export type DriverVersion = readonly number[];

const PARTS = 4;

/** `10.0.19041.1 (WinBuild.160101.0800)` and `6, 1, 7600, 16385` are found in real drivers. */
const LEADING_VERSION = /^\s*v?(\d{1,9}(?:\s*[.,]\s*\d{1,9}){0,3})(?![\w.])/i;

/** @returns the version that a text begins with; undefined when it begins with none */
export function readVersion(text: string): DriverVersion | undefined {
  return LEADING_VERSION.exec(text)?.[1]?.split(/[.,]/).map(Number);
}

/** @returns below 0 when `left` is older, above 0 when it is newer, 0 when both are the same; a missing part is 0 */
export function compareVersions(left: DriverVersion, right: DriverVersion): number {
  for (let part = 0; part < PARTS; part += 1) {
    const difference = (left[part] ?? 0) - (right[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export type VersionRange = (version: DriverVersion) => boolean;

const COMPARATOR = /^(>=|<=|>|<|=|)(\d{1,9}(?:\.\d{1,9}){0,3})(\.[*x])?$/i;

/**
 * Reads `>=1.2.0 <1.4 || 2.0.*`: what stands beside each other must hold together, one of what `||` separates must. A version
 * with fewer than four numbers stands for all that begin with it: `<=1.4` takes 1.4.7 in, `>1.4` leaves it out.
 * @returns undefined when the text is no range
 */
export function readRange(text: string): VersionRange | undefined {
  const alternatives = text.split('||').map(readComparators);
  if (alternatives.includes(undefined)) return undefined;
  return (version) => alternatives.some((all) => all?.every((holds) => holds(version)));
}

function readComparators(text: string): VersionRange[] | undefined {
  const words = text
    .replace(/([<>=])\s+/g, '$1')
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  const comparators = words.flatMap((word) => readComparator(word) ?? []);
  return words.length > 0 && comparators.length === words.length ? comparators : undefined;
}

function readComparator(word: string): VersionRange | undefined {
  if (word === '*') return () => true;
  const [, sign, digits, wildcard] = COMPARATOR.exec(word) ?? [];
  if (digits === undefined) return undefined;
  const bound = digits.split('.').map(Number);
  // Four numbers leave nothing open.
  if (wildcard !== undefined && bound.length === PARTS) return undefined;
  const against = (version: DriverVersion): number => compareVersions(version.slice(0, bound.length), bound);
  switch (sign) {
    case '>=':
      return (version) => against(version) >= 0;
    case '<=':
      return (version) => against(version) <= 0;
    case '>':
      return (version) => against(version) > 0;
    case '<':
      return (version) => against(version) < 0;
    default:
      return (version) => against(version) === 0;
  }
}
