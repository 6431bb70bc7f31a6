/** The kill matrix: every defective driver against the whole specification. A rule that nothing breaks is not proven. */
import { coreRules } from '../rules';
import type { MatrixOptions } from './api';
import { KIT_DRIVER } from './kit-image';
import { matrixRows, playForMatrix, violatedRules } from './matrix-rows';
import { rowsSideBySide } from './matrix-thread';
import type { JudgedScenario, KillMatrix, MatrixRow, RuleResult } from './results';
import { ruleResults } from './rule-results';

/** What is asked of the run of the reference filter. */
export interface ReferenceRun {
  readonly scenarios: readonly JudgedScenario[];
  readonly rules: readonly RuleResult[];
}

/**
 * @param options which drivers (default: every defective driver of the kit) and the seed
 * @throws CannotJudge for a driver that is not one of the kit's defective drivers
 */
export async function killMatrix(options: MatrixOptions): Promise<KillMatrix> {
  const { threads = 1 } = options;
  const rows = threads > 1 ? await rowsSideBySide(options, threads) : await matrixRows(options);
  const { scenarios: reference } = await playForMatrix(KIT_DRIVER, options);
  return joinMatrix(
    rows,
    { scenarios: reference, rules: ruleResults(coreRules, reference, new Set()) },
    options.drivers === undefined,
  );
}

/**
 * Puts rows together and says what is wrong with the whole.
 * @param reference the run of the reference filter
 * @param complete whether `rows` are all defective drivers, so that a rule without a kill is a problem
 */
export function joinMatrix(rows: readonly MatrixRow[], reference: ReferenceRun, complete: boolean): KillMatrix {
  const broken = [...violatedRules(reference.scenarios).keys()];
  return {
    schema: 'kill-matrix/1',
    rules: coreRules.map((rule) => rule.id),
    rows,
    reference: broken,
    problems: [
      ...broken.map(
        (id) =>
          `The reference filter breaks ${id}: the judge condemns a correct driver, or the reference is not correct.`,
      ),
      ...rows.flatMap(rowProblems),
      ...(complete ? [...unprovenRules(rows), ...untestedRules(reference)] : []),
    ],
  };
}

function rowProblems(row: MatrixRow): string[] {
  const problems: string[] = [];
  const tripped = Object.keys(row.killedBy);
  if (!tripped.includes(row.breaks)) problems.push(`${row.driver} is not caught by ${row.breaks}, the rule it breaks.`);
  for (const id of tripped) {
    if (id === row.breaks || id in row.explained) continue;
    problems.push(`${row.driver} also trips ${id}, and nothing explains why.`);
  }
  for (const id of Object.keys(row.explained)) {
    if (!tripped.includes(id)) problems.push(`${row.driver} explains why it trips ${id}, but it does not trip it.`);
  }
  if (row.errors > 0) problems.push(`${row.driver}: ${row.errors} scenarios ended in an error of the kit.`);
  return problems;
}

function unprovenRules(rows: readonly MatrixRow[]): string[] {
  return coreRules
    .filter((rule) => !rows.some((row) => row.breaks === rule.id && rule.id in row.killedBy))
    .map((rule) => `${rule.id} is not proven: no defective driver of its own is caught by it.`);
}

function untestedRules(reference: ReferenceRun): string[] {
  const exercised = new Map(reference.rules.map((result) => [result.rule, result.exercised]));
  return coreRules
    .filter((rule) => (exercised.get(rule.id) ?? 0) === 0)
    .map((rule) => `${rule.id} is never put to the test by the reference filter: its pass says nothing.`);
}
