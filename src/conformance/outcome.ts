/** What a run says in one word: the one place where it is decided. */
import { isCoreRule } from './core';
import type { RunResult, ScenarioResult } from './results';
import { isExhibit } from './rule-results';

export type Outcome = 'conforms' | 'violations' | 'could not judge' | 'incomplete';

type DecidedScenario = Pick<ScenarioResult, 'verdict' | 'violations' | 'rule' | 'spoiled' | 'tags'>;

/** What of a run decides. */
export type DecidedRun = Pick<RunResult, 'missing'> & {
  /** It is a shard: what it does not show, others may. */
  readonly part?: unknown;
  readonly scenarios: readonly DecidedScenario[];
  readonly identity: Pick<RunResult['identity'], 'conformance'>;
};

/**
 * A broken rule is known even when something else could not be judged. Where nothing was seen to be as it must, nothing conforms: a
 * driver that a whole selection does not apply to keeps nothing of it, and what an exhibit shows is another driver. Nor does a scenario
 * without a rule speak for rules that were played as well, and none of which was observed.
 * @param run as it was found; waivers are not for here
 */
export function outcomeOf({ scenarios, missing = [], part, identity }: DecidedRun): Outcome {
  const isCore = identity.conformance === 'core';
  if (scenarios.some((scenario) => tellsAgainst(scenario) && (!isCore || concernsCore(scenario)))) return 'violations';
  if (missing.length > 0) return 'incomplete';
  const deciding = isCore ? scenarios.filter(({ rule }) => rule === undefined || isCoreRule(rule)) : scenarios;
  if (deciding.some(({ verdict }) => verdict === 'error')) return 'could not judge';
  const telling = deciding.filter((scenario) => !isExhibit(scenario));
  const underRules = telling.filter(({ rule }) => rule !== undefined);
  const isSeen = underRules.length === 0 || underRules.some(({ verdict }) => verdict === 'pass' || verdict === 'fail');
  const isKept = isSeen && telling.some(({ verdict }) => verdict === 'pass');
  return part !== undefined || isKept ? 'conforms' : 'could not judge';
}

/** What judges found before the kit broke, they found. */
function tellsAgainst(scenario: DecidedScenario): boolean {
  const { verdict, violations } = scenario;
  return verdict === 'fail' || (verdict === 'error' && violations.length > 0 && !isExhibit(scenario));
}

/** Does what it found count where only the rules of the core profile decide? */
function concernsCore({ verdict, violations, rule, spoiled }: DecidedScenario): boolean {
  if (violations.some((violation) => isCoreRule(violation.rule))) return true;
  // Rules of the full profile alone are to blame.
  if (spoiled || verdict === 'error') return false;
  return rule === undefined || isCoreRule(rule);
}
