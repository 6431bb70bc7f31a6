/** The versions of the specification: what each of them changed, and whether that is told as it must be. */
import type { Statements } from './statements';

/** features/history.json */
export interface History {
  /** Oldest first. */
  readonly versions: readonly SpecificationVersion[];
}

export interface SpecificationVersion {
  readonly version: string;
  /** What is new or different in it; null: what is no longer there. */
  readonly statements: Readonly<Record<string, string | null>>;
}

export interface Told {
  /** As features/specification.json has it. */
  readonly version: string;
  readonly history: History;
  /** Text of features/CHANGELOG.md. */
  readonly changelog: string;
  /** As the catalogue and the features are now. */
  readonly statements: Statements;
}

const FILES = {
  version: 'features/specification.json',
  changelog: 'features/CHANGELOG.md',
  history: 'features/history.json',
};
const REMEDY = `raise the version in ${FILES.version}, tell what, why and from which source in ${FILES.changelog}, and run npm run specification`;

/** @returns what is wrong, a sentence each: a rule that changed without a version, a change that is not told */
export function specificationFindings({ version, history, changelog, statements }: Told): string[] {
  const { versions } = history;
  const last = versions.at(-1);
  if (last?.version !== version) {
    return [
      `${FILES.version} says ${version}, and ${FILES.history} ends with ${last?.version ?? 'nothing'}: run npm run specification.`,
    ];
  }
  const known = cumulated(versions);
  return [
    ...changed(known, statements).map(([id, what]) => `${id} ${what} since specification ${version}: ${REMEDY}.`),
    ...versions.flatMap((one, index) => versionFindings(one, versions[index - 1], versions.slice(0, index), changelog)),
  ];
}

/**
 * @param history so far
 * @param version that is being made
 * @param statements as they are now
 * @param changelog says whether the version is still open (`## 1.1.0 (unreleased)`)
 * @returns the history with what the version changes
 * @throws Error when the version is released already and something has changed
 */
export function recorded({ history, version, statements, changelog }: Told): History {
  const { versions } = history;
  const last = versions.at(-1);
  const isNew = last?.version !== version;
  const before = isNew ? versions : versions.slice(0, -1);
  if (!isNew && changed(cumulated(versions), statements).length > 0 && !isOpen(changelog, version)) {
    throw new Error(`Specification ${version} is released and does not change any more: ${REMEDY}.`);
  }
  if (isNew && last && compareVersions(version, last.version) <= 0) {
    throw new Error(`${FILES.version} says ${version}, which does not come after ${last.version}.`);
  }
  const known = cumulated(before);
  const different = changed(known, statements).map(([id]) => [id, statements[id] ?? null] as const);
  return { versions: [...before, { version, statements: Object.fromEntries(different) }] };
}

function versionFindings(
  { version, statements }: SpecificationVersion,
  previous: SpecificationVersion | undefined,
  before: readonly SpecificationVersion[],
  changelog: string,
): string[] {
  const section = sectionOf(changelog, version);
  if (section === undefined) return [`${FILES.changelog} has no section "## ${version}".`];
  // What the first version states is all new.
  if (!previous) return [];
  const known = cumulated(before);
  const untold = Object.keys(statements).flatMap((id) => {
    const entry = section.split(/^- /m).find((each) => each.startsWith(`**${id}**`));
    if (entry === undefined)
      return [`${FILES.changelog} does not tell under ${version} what became of ${id}: - **${id}** …`];
    const missing = ['Why:', 'Source:'].filter((word) => !entry.includes(word));
    return missing.map((word) => `${FILES.changelog}: the entry of ${id} under ${version} has no "${word}".`);
  });
  const values = Object.entries(statements);
  const part = values.some(([, hash]) => hash === null) ? 0 : values.some(([id]) => !known.has(id)) ? 1 : 2;
  const least = ['major, as something was removed', 'minor, as something is new', 'patch'][part];
  return raisedBy(version, previous.version) <= part
    ? untold
    : [...untold, `Specification ${version} raises less of ${previous.version} than it must (${least}).`];
}

function cumulated(versions: readonly SpecificationVersion[]): Map<string, string> {
  const known = new Map<string, string>();
  for (const { statements } of versions) {
    for (const [id, hash] of Object.entries(statements)) {
      if (hash === null) known.delete(id);
      else known.set(id, hash);
    }
  }
  return known;
}

function changed(known: ReadonlyMap<string, string>, statements: Statements): (readonly [id: string, what: string])[] {
  const ids = [...new Set([...known.keys(), ...Object.keys(statements)])].sort();
  return ids.flatMap((id) => {
    const [before, now] = [known.get(id), statements[id]];
    if (before === now) return [];
    return [[id, before === undefined ? 'is new' : now === undefined ? 'was removed' : 'has changed'] as const];
  });
}

/** @returns 0 when the major number differs, 1 the minor, 2 the patch, 3 nothing */
function raisedBy(version: string, previous: string): number {
  const [now, then] = [partsOf(version), partsOf(previous)];
  const part = now.findIndex((number, index) => number !== then[index]);
  return part < 0 ? 3 : part;
}

function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  const part = left.findIndex((number, index) => number !== right[index]);
  return part < 0 ? 0 : (left[part] ?? 0) - (right[part] ?? 0);
}

function partsOf(version: string): number[] {
  return version.split('.').map(Number);
}

function isOpen(changelog: string, version: string): boolean {
  return new RegExp(`^## ${version.replaceAll('.', '\\.')} \\(unreleased\\)`, 'm').test(changelog);
}

function sectionOf(changelog: string, version: string): string | undefined {
  return changelog.split(/^## /m).find((section) => /^\S+/.exec(section)?.[0] === version);
}
