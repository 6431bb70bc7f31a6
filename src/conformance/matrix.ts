/** The kill matrix: every defective driver against the whole specification. A rule that nothing breaks is not proven. */
import { registeredDriver, registeredDrivers, type Explanations } from '../../adapters/simulator/drivers';
import { coreRules, rule as ruleOf } from '../rules';
import type { MatrixOptions } from './api';
import { CannotJudge } from './cannot-judge';
import { openAdapter, type Subject } from './adapters';
import { Player } from './player';
import type { JudgedScenario, KillMatrix, MatrixRow, RuleResult } from './results';
import { EXHIBIT_TAG, ruleResults } from './rule-results';
import { featurePaths } from './selection';

const REFERENCE = 'reference';

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
  const rows = await matrixRows(options);
  const adapter = openAdapter(subjectOf(REFERENCE, options));
  const reference = await (await player()).playAll({ adapter, seed: options.seed, evidence: 'violations' });
  return joinMatrix(
    rows,
    { scenarios: reference, rules: ruleResults(coreRules, reference, new Set()) },
    options.drivers === undefined,
  );
}

/** The rows alone: a part of a matrix that is made side by side. */
export async function matrixRows(options: MatrixOptions): Promise<MatrixRow[]> {
  const names = options.drivers ?? defectiveDrivers();
  const rows: MatrixRow[] = [];
  for (const name of names) {
    rows.push(await matrixRow(name, options));
    options.onDriver?.(name, rows.length, names.length);
  }
  return rows;
}

let prepared: Promise<Player> | undefined;

/** Exhibits show drivers of their own, so they say nothing about the one that is played on. */
function player(): Promise<Player> {
  return (prepared ??= Player.prepare({ paths: featurePaths(undefined), tags: `not ${EXHIBIT_TAG}` }));
}

/** Names of the drivers whose defect a rule must catch, in the order of the registry. */
export function defectiveDrivers(): string[] {
  return [...registeredDrivers].filter(([, driver]) => driver.kind === 'defect').map(([name]) => name);
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

function subjectOf(name: string, { subject }: MatrixOptions): Subject {
  return subject?.(name) ?? { driver: name };
}

async function matrixRow(name: string, options: MatrixOptions): Promise<MatrixRow> {
  const driver = registeredDriver(name);
  if (driver?.breaks === undefined) {
    throw new CannotJudge(`"${name}" is not one of the kit's defective drivers. \`lwf drivers\` lists them.`);
  }
  const adapter = openAdapter(subjectOf(name, options));
  const scenarios = await (await player()).playAll({ adapter, seed: options.seed, evidence: 'violations' });
  const killedBy = Object.fromEntries(violatedRules(scenarios));
  return {
    driver: name,
    story: driver.story,
    breaks: driver.breaks,
    explained: { ...implied(driver.breaks, Object.keys(killedBy)), ...explainedOn(adapter.name, driver.explained) },
    killedBy,
    failedScenarios: scenarios.filter((scenario) => scenario.verdict === 'fail').length,
    errors: scenarios.filter((scenario) => scenario.verdict === 'error').length,
  };
}

function violatedRules(scenarios: readonly JudgedScenario[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const scenario of scenarios) {
    if (scenario.tags.includes(EXHIBIT_TAG)) continue;
    for (const id of new Set(scenario.violations.map((violation) => violation.rule))) {
      found.set(id, [...(found.get(id) ?? []), scenario.id]);
    }
  }
  return new Map([...found].sort(([left], [right]) => left.localeCompare(right)));
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

function explainedOn(adapter: string, explanations: Explanations = {}): Record<string, string> {
  const explained: Record<string, string> = {};
  for (const [id, explanation] of Object.entries(explanations)) {
    const why = typeof explanation === 'string' ? explanation : new Map(Object.entries(explanation)).get(adapter);
    if (why !== undefined) explained[id] = why;
  }
  return explained;
}

/** What needs no word from the author of the defect: a rule that covers another one is broken with it. */
function implied(breaks: string, tripped: readonly string[]): Record<string, string> {
  const explained: Record<string, string> = {};
  for (const id of tripped) {
    const covered = id === breaks ? undefined : ruleOf(id).umbrellaOf?.find((other) => tripped.includes(other));
    if (covered !== undefined) explained[id] = `${id} covers ${covered}, which this driver breaks.`;
  }
  return explained;
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
