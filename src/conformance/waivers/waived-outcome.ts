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
  const excused = outcomeOf({
    ...run,
    // Only to decide by: nobody is ever told that they passed.
    scenarios: run.scenarios.map((scenario) =>
      scenario.verdict === 'fail' && waived.scenarioWaivedBy(scenario.id).length > 0
        ? { ...scenario, verdict: 'pass', violations: [] }
        : scenario,
    ),
  });
  return excused === 'conforms' && plain !== 'conforms' ? 'conforms with waivers' : excused;
}
