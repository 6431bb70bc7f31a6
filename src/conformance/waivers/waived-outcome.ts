import { outcomeOf, type DecidedRun, type Outcome } from '../outcome';
import type { WaivedRun } from './apply-waivers';

/** What a run says in one word when it was held against a list of waivers. */
export type WaivedOutcome = Outcome | 'conforms with waivers';

type Decided = Omit<DecidedRun, 'scenarios'> & {
  readonly scenarios: readonly (DecidedRun['scenarios'][number] & { readonly id: string })[];
};

/** Failures that are waived decide nothing; all others do as in a run without waivers. */
export function waivedOutcome(run: Decided, waived: WaivedRun): WaivedOutcome {
  const plain = outcomeOf(run);
  const excused = outcomeOf({ ...run, scenarios: run.scenarios.map((scenario) => uncoveredOf(scenario, waived)) });
  return excused === 'conforms' && plain !== 'conforms' ? 'conforms with waivers' : excused;
}

/**
 * @param outcome what the run itself comes to, which its exit code says
 * @param isPart it is a shard
 * @returns what is told of it: a shard in which nothing was broken is not the whole, and conforms to nothing
 */
export function toldOutcome(outcome: WaivedOutcome, isPart: boolean): WaivedOutcome {
  const conforms = outcome === 'conforms' || outcome === 'conforms with waivers';
  return conforms && isPart ? 'incomplete' : outcome;
}

/** What is left of a scenario without what is waived in it: only to decide by. */
function uncoveredOf(scenario: Decided['scenarios'][number], waived: WaivedRun): Decided['scenarios'][number] {
  const { id, rule, verdict, spoiled } = scenario;
  // Nobody is ever told that it passed.
  if (verdict === 'fail' && waived.scenarioWaivedBy(id).length > 0) {
    return { ...scenario, verdict: 'pass', violations: [] };
  }
  const isCovered = (broken: string | undefined): boolean => waived.coverOf(id, broken) !== undefined;
  return {
    ...scenario,
    violations: scenario.violations.filter((violation) => !isCovered(violation.rule)),
    ...((spoiled || isCovered(rule)) && { spoiled: true }),
  };
}
