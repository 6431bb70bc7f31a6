/** Many results side by side: versions of a driver against the rules. */
import type { ShownVerdict } from '../results';
import type { ComparedRun } from './compared-run';
import { compareRuns, hasNewFailures, isNewFailure } from './compare';
import { differencesOf } from './what-differs';

export interface VerdictRow {
  readonly rule: string;
  /** One a result; undefined where the result does not have the rule. */
  readonly verdicts: readonly (ShownVerdict | null)[];
}

export interface VerdictMatrix {
  readonly schema: 'verdict-matrix/1';
  readonly runs: readonly (Pick<ComparedRun, 'source' | 'facts'> & { readonly label: string })[];
  /** What neighbours do not have in common beside the driver. */
  readonly differences: readonly string[];
  /** Rules that fail somewhere, or on which the results do not agree, in the order of the catalogue. */
  readonly rows: readonly VerdictRow[];
  /** Rules on which all agree. */
  readonly agreed: number;
  /** What fails in the last result and did not in one before it: ids of rules, and names of scenarios that stand under none. */
  readonly newFailures: readonly string[];
}

/** @param runs at least two, the oldest first */
export function verdictMatrix(runs: readonly ComparedRun[]): VerdictMatrix {
  const byRule = runs.map(({ rules }) => new Map(rules.map(({ rule, verdict }) => [rule, verdict])));
  const ids = [...new Set(runs.flatMap(({ rules }) => rules.map(({ rule }) => rule)))];
  const rows = ids.map((rule) => ({ rule, verdicts: byRule.map((verdicts) => verdicts.get(rule) ?? null) }));
  const telling = rows.filter(
    ({ verdicts }) => new Set(verdicts).size > 1 || verdicts.includes('fail') || verdicts.includes('waived'),
  );
  const last = runs.at(-1);
  const earlier = runs.slice(0, -1);
  const labels = labelsOf(runs);
  return {
    schema: 'verdict-matrix/1',
    runs: runs.map(({ source, facts }, index) => ({ label: labels[index] ?? source, source, facts })),
    differences: earlier.flatMap((run, index) => {
      const next = runs[index + 1];
      const between = `${labels[index] ?? ''} and ${labels[index + 1] ?? ''}`;
      return next ? differencesOf(run, next).map((each) => `${between}: ${each}`) : [];
    }),
    rows: telling,
    agreed: rows.length - telling.length,
    newFailures: last ? newIn(last, earlier) : [],
  };
}

function newIn(last: ComparedRun, earlier: readonly ComparedRun[]): string[] {
  const found = earlier.flatMap((run) => {
    const comparison = compareRuns(run, last);
    if (!hasNewFailures(comparison)) return [];
    const failing = comparison.changes.filter(isNewFailure);
    const stories = comparison.stories.filter(({ kind }) => kind === 'new failure');
    return [...failing.map(({ rule }) => rule), ...stories.map(({ name }) => name)];
  });
  return [...new Set(found)];
}

/** What tells each from the others, in as few words as that takes. */
function labelsOf(runs: readonly ComparedRun[]): string[] {
  const choices: readonly ((run: ComparedRun) => string)[] = [
    ({ facts }) => facts.driverVersion ?? '',
    ({ facts }) => facts.driver,
    ({ facts }) => [facts.driver, facts.driverVersion ?? ''].join(' ').trim(),
    ({ source }) => source,
  ];
  for (const choice of choices) {
    const labels = runs.map(choice);
    if (!labels.includes('') && new Set(labels).size === labels.length) return labels;
  }
  return runs.map(({ source }, index) => `${index + 1}: ${source}`);
}
