/** What a run says in one word: the one place where it is decided. */
import { isCoreRule } from './core';
import type { RunResult, ScenarioResult } from './results';

export type Outcome = 'conforms' | 'violations' | 'could not judge' | 'incomplete';

type DecidedScenario = Pick<ScenarioResult, 'verdict' | 'violations' | 'rule' | 'spoiled'>;

/** What of a run decides. */
export type DecidedRun = Pick<RunResult, 'missing'> & {
  readonly scenarios: readonly DecidedScenario[];
  readonly identity: Pick<RunResult['identity'], 'conformance'>;
};

/**
 * A broken rule is known even when something else could not be judged. Where nothing was observed, nothing conforms.
 * @param run as it was found; waivers are not for here
 */
export function outcomeOf({ scenarios, missing = [], identity }: DecidedRun): Outcome {
  const isCore = identity.conformance === 'core';
  if (scenarios.some((scenario) => scenario.verdict === 'fail' && (!isCore || concernsCore(scenario)))) {
    return 'violations';
  }
  if (missing.length > 0) return 'incomplete';
  const deciding = isCore ? scenarios.filter(({ rule }) => rule === undefined || isCoreRule(rule)) : scenarios;
  if (deciding.some(({ verdict }) => verdict === 'error')) return 'could not judge';
  const unobserved = deciding.some(({ verdict }) => verdict === 'not observed');
  return unobserved && deciding.every(({ verdict }) => verdict !== 'pass') ? 'could not judge' : 'conforms';
}

/** Does its failure count where only the rules of the core profile decide? */
function concernsCore({ violations, rule, spoiled }: DecidedScenario): boolean {
  if (violations.some((violation) => isCoreRule(violation.rule))) return true;
  // Rules of the full profile alone are to blame.
  if (spoiled) return false;
  return rule === undefined || isCoreRule(rule);
}
