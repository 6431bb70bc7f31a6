/** Rows of the kill matrix: one defective driver against the whole specification. */
import { registeredDriver, registeredDrivers, type Explanations } from '../../adapters/simulator/drivers';
import { rule as ruleOf } from '../rules';
import { openAdapter, type Subject } from './adapters';
import type { MatrixOptions } from './api';
import { CannotJudge } from './cannot-judge';
import { kitImage } from './kit-image';
import { Player } from './player';
import { ReferencePlays } from './reference-plays';
import type { JudgedScenario, MatrixRow } from './results';
import { EXHIBIT_TAG, isExhibit } from './rule-results';
import { featurePaths } from './selection';

/** Makes rows one after the other. @throws CannotJudge for a driver that is not one of the kit's defective drivers */
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

/** By seed. */
const referencePlays = new Map<number, ReferencePlays>();

/** Exhibits show drivers of their own, so they say nothing about the one that is played on. */
function player(): Promise<Player> {
  return (prepared ??= Player.prepare({ paths: featurePaths(undefined), tags: `not ${EXHIBIT_TAG}` }));
}

async function referencePlaysOf(seed: number): Promise<ReferencePlays> {
  const plays = referencePlays.get(seed) ?? new ReferencePlays(await player(), seed);
  referencePlays.set(seed, plays);
  return plays;
}

/** Names of the drivers whose defect a rule must catch, in the order of the registry. */
export function defectiveDrivers(): string[] {
  return [...registeredDrivers].filter(([, driver]) => driver.kind === 'defect').map(([name]) => name);
}

/**
 * Plays what a row, or the reference, is judged by.
 * @param name of a driver of the kit
 * @param known what need not be played, by id of the scenario
 */
export async function playForMatrix(
  name: string,
  options: MatrixOptions,
  known: ReadonlyMap<string, JudgedScenario> = new Map(),
): Promise<{ adapter: string; scenarios: JudgedScenario[] }> {
  const adapter = openAdapter(subjectOf(name, options));
  const prepared = await player();
  // Steps fail all the time, and nobody reads where in the kit: the stacks of their errors would take a twentieth of the time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    const rest = prepared.ids.filter((id) => !known.has(id));
    const played = await prepared.playAll({ adapter, seed: options.seed, evidence: 'violations' }, rest);
    const found = new Map([...known, ...played.map((scenario) => [scenario.id, scenario] as const)]);
    return { adapter: adapter.name, scenarios: prepared.ids.flatMap((id) => found.get(id) ?? []) };
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function subjectOf(name: string, { images }: MatrixOptions): Subject {
  return images === undefined ? { driver: name } : kitImage(name, images);
}

/** @throws CannotJudge for a driver that is not one of the kit's defective drivers */
export async function matrixRow(name: string, options: MatrixOptions): Promise<MatrixRow> {
  const driver = registeredDriver(name);
  if (driver?.breaks === undefined) {
    throw new CannotJudge(`"${name}" is not one of the kit's defective drivers. \`lwf drivers\` lists them.`);
  }
  // Images are executed whole: nobody sees which functions of one are those of another.
  const known =
    options.images === undefined ? await (await referencePlaysOf(options.seed)).sharedWith(name) : undefined;
  const { adapter, scenarios } = await playForMatrix(name, options, known);
  const killedBy = Object.fromEntries(violatedRules(scenarios));
  return {
    driver: name,
    story: driver.story,
    breaks: driver.breaks,
    explained: { ...implied(driver.breaks, Object.keys(killedBy)), ...explainedOn(adapter, driver.explained) },
    killedBy,
    failedScenarios: scenarios.filter((scenario) => scenario.verdict === 'fail').length,
    errors: scenarios.filter((scenario) => scenario.verdict === 'error').length,
  };
}

/** Rules that were broken, in the order of their ids, and the scenarios (ids) in which they were. */
export function violatedRules(scenarios: readonly JudgedScenario[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const scenario of scenarios) {
    if (isExhibit(scenario)) continue;
    for (const id of new Set(scenario.violations.map((violation) => violation.rule))) {
      found.set(id, [...(found.get(id) ?? []), scenario.id]);
    }
  }
  return new Map([...found].sort(([left], [right]) => left.localeCompare(right)));
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
