/** Plays scenarios of a statement again: the same driver must leave the same bytes. */
import type { Subject } from '../adapters';
import { sha256 } from '../identity';
import { tokenOf } from '../replay/token';
import type { ScenarioResult } from '../results';
import { runSpecification } from '../run';
import { traceFileOf } from '../trace-files';
import { canonicalJson } from './canonical';
import { interrupted } from './interrupted';
import type { Statement, StatementScenario } from './statement';

export type RerunChoice = 'sample' | 'all' | 'none';

/** Failures that a sample takes in. */
const FAILURES = 20;

/**
 * Chooses what is played again: failures, and others by a hash, so that nobody can choose them by taste.
 * @param size how many scenarios beside the failures
 * @param word of the reviewer: with one that the vendor does not know, the sample cannot be foreseen
 */
export function sampleOf(statement: Statement, size: number, word: string): StatementScenario[] {
  const { scenarios, digest } = statement;
  const lot = ({ id }: StatementScenario): string => sha256(`${digest}\n${word}\n${id}`);
  const failures = scenarios.filter(({ verdict }) => verdict === 'fail' || verdict === 'error').slice(0, FAILURES);
  const drawn = scenarios
    .filter((scenario) => !failures.includes(scenario))
    .map((scenario) => ({ scenario, lot: lot(scenario) }))
    .sort((left, right) => (left.lot < right.lot ? -1 : 1))
    .slice(0, size)
    .map(({ scenario }) => scenario);
  const chosen = new Set([...failures, ...drawn]);
  return scenarios.filter((scenario) => chosen.has(scenario));
}

export interface RerunOptions {
  readonly subject: Subject;
  readonly signal?: AbortSignal | undefined;
  readonly onScenario?: ((scenario: ScenarioResult, finished: number, total: number) => void) | undefined;
}

/**
 * @param chosen scenarios of the statement
 * @returns what came out otherwise, one sentence each
 * @throws CannotJudge when the driver cannot be run, or it is interrupted
 */
export async function rerun(
  { identity }: Statement,
  chosen: readonly StatementScenario[],
  { subject, signal, onScenario }: RerunOptions,
): Promise<string[]> {
  if (chosen.length === 0) return [];
  const run = await runSpecification({
    ...subject,
    seed: identity.seed,
    conformance: identity.conformance,
    paths: chosen.map(({ id }) => id),
    evidence: 'full',
    ...(signal && { signal }),
    ...(onScenario && { onScenario }),
  });
  if (run.missing) throw interrupted();
  const { selection: _again, ...now } = run.identity;
  const { selection: _then, ...then } = identity;
  const others = (Object.keys({ ...then, ...now }) as (keyof typeof then)[]).filter(
    (name) => canonicalJson([then[name]]) !== canonicalJson([now[name]]),
  );
  const found = new Map(run.scenarios.map((scenario) => [scenario.id, scenario]));
  return [
    ...others.map(
      (name) => `What the statement says of its ${name} is not so: played again it is ${canonicalJson(now[name])}.`,
    ),
    ...chosen.flatMap((stated) => {
      const again = found.get(stated.id);
      if (!again) return `${stated.id} could not be played again.`;
      const faults = scenarioFaults(stated, again, sha256(traceFileOf(run, again).bytes));
      if (faults.length > 0 || tokenOf(run.identity, again) === stated.replay) return faults;
      return `The token of ${stated.id} is not the one that playing it again gives.`;
    }),
  ];
}

function scenarioFaults(stated: StatementScenario, again: ScenarioResult, hash: string): string[] {
  const { id, verdict, reason, spoiled } = stated;
  if (again.verdict !== verdict)
    return [`${id} is said to be "${verdict}", and played again it is "${again.verdict}".`];
  if (hash !== stated.trace.sha256) return [`${id} leaves another trace when it is played again.`];
  if (again.reason !== reason || again.spoiled !== spoiled) {
    return [`${id} is "${verdict}" for another reason when it is played again: ${again.reason ?? 'none'}.`];
  }
  return [];
}
