/** What `lwf bisect` says. */
import type { Bisection, OrderedVersions, VersionOfDriver } from '../conformance/bisect';
import { plural } from '../reporting/plural';
import { line, wrapped } from '../reporting/terminal/paint';

export interface ToldBisection {
  readonly rule: string;
  readonly ordered: OrderedVersions;
  readonly bisection: Bisection;
}

/** @returns `1.2.0.0 (out/mydriver-12.sys)` */
export function versionName({ driver, version }: VersionOfDriver): string {
  return version === undefined ? line(driver) : `${line(version)} (${line(driver)})`;
}

/** @returns the answer, its evidence, and what throws doubt on it */
export function bisectText({ rule, ordered, bisection }: ToldBisection): string {
  const { runs } = bisection;
  return [
    ...answer(rule, ordered, bisection),
    ...evidence(bisection),
    ...doubts(rule, ordered, bisection),
    `${plural(runs, 'version')} of ${ordered.versions.length} judged.`,
  ]
    .map((each) => `${each}\n`)
    .join('');
}

function answer(rule: string, { versions }: OrderedVersions, { outcome, before, after, ends }: Bisection): string[] {
  const [oldest, newest] = ends ?? [];
  const name = (index: number | undefined): string => {
    const version = index === undefined ? undefined : versions[index];
    return version ? versionName(version) : '';
  };
  switch (outcome) {
    case 'broken':
      return [`First bad: ${name(after)} breaks ${rule}.`, `Last good: ${name(before)} keeps it.`];
    case 'mended':
      return [
        `${rule} is broken by the oldest and kept by the newest: looked for the first that keeps it.`,
        `First good: ${name(after)} keeps ${rule}.`,
        `Last bad: ${name(before)} breaks it.`,
      ];
    case 'always good':
      return [`Both ends keep ${rule}, ${name(oldest)} and ${name(newest)}: there is nothing to look for.`];
    case 'always bad':
      return [`Both ends break ${rule}: it came in with ${name(oldest)} or before. Add older versions.`];
    case 'unknown':
      return [`Fewer than two versions could be judged on ${rule}.`];
  }
}

function evidence({ judgements, outcome, before, after }: Bisection): string[] {
  const bad = outcome === 'mended' ? before : (after ?? judgements.findIndex((each) => each?.state === 'bad'));
  const found = bad === undefined ? undefined : judgements[bad]?.evidence;
  if (!found) return [];
  return [
    '',
    ...wrapped(`"${found.name}" (${found.scenario}):`, '  '),
    ...wrapped(found.message, '    '),
    `  Play it again: ${line(found.replay)}`,
    '',
  ];
}

function doubts(rule: string, { versions, leftOut }: OrderedVersions, bisection: Bisection): string[] {
  const { judgements, before, after, outcome, otherChanges } = bisection;
  const lines = leftOut.map(
    ({ driver, reason }) => `Left out: ${line(driver)} is no image that can be run (${line(reason)}).`,
  );
  for (const [index, judgement] of judgements.entries()) {
    const version = versions[index];
    if (version && judgement?.state === 'unknown')
      lines.push(`Could not be judged: ${versionName(version)}: ${line(judgement.reason ?? '')}`);
  }
  if (before !== undefined && after !== undefined && after - before > 1) {
    const between = versions.slice(before + 1, after + 1).map(versionName);
    lines.push(`The change came with one of these ${between.length}: ${between.join(', ')}.`);
  }
  for (const [left, right] of otherChanges) {
    const [older, newer] = [versions[left], versions[right]];
    const verb = judgements[right]?.state === 'bad' ? 'broken' : 'mended';
    if (older && newer) lines.push(`${rule} was also ${verb} between ${versionName(older)} and ${versionName(newer)}.`);
  }
  const seen = new Set(judgements.flatMap((each) => each?.evidence?.scenario ?? []));
  if (seen.size > 1)
    lines.push(
      `${rule} is not broken in the same scenario by all bad versions: there may be more than one cause. --all judges every version.`,
    );
  const isWhole = judgements.every((each) => each !== undefined);
  if (!isWhole && (outcome === 'always good' || outcome === 'always bad'))
    lines.push('Versions between the ends were not judged, and may do otherwise: --all judges every version.');
  return lines;
}
