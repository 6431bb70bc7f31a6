/** What `lwf run --json` tells machines, a line an event: docs/running.md and run-events-1.schema.json describe it. */
import type { AppliedWaiver, RunIdentity, RunResult, ScenarioResult } from '../conformance';
import { shownRule, shownScenario, tally } from '../reporting';
import type { ExitCode } from './exit-code';
import type { HandedOver } from './hand-over';

interface StartEvent {
  readonly event: 'start';
  readonly schema: 'run-events/1';
  readonly identity: RunIdentity;
  /** Scenarios that an interrupted run had played already. */
  readonly finished: number;
  readonly total: number;
}

type ScenarioEvent = Pick<ScenarioResult, 'id' | 'name' | 'rule' | 'reason' | 'violations' | 'machine' | 'replay'> & {
  readonly event: 'scenario';
  /** `waived` where the list of waivers covers all that failed in it. */
  readonly verdict: ScenarioResult['verdict'] | 'waived';
  readonly finished: number;
  readonly total: number;
};

interface EndEvent {
  readonly event: 'end';
  readonly outcome: HandedOver['outcome'];
  readonly exitCode: ExitCode;
  readonly scenarios: Readonly<Record<string, number>>;
  readonly rules: Readonly<Record<string, number>>;
  readonly missing?: readonly string[];
  /** What became of each waiver. */
  readonly waivers?: readonly Pick<AppliedWaiver, 'rule' | 'line' | 'state' | 'explanation' | 'stale'>[];
  readonly folder: string;
}

export function planEvent(identity: RunIdentity, finished: number, total: number): StartEvent {
  return { event: 'start', schema: 'run-events/1', identity, finished, total };
}

export function scenarioEvent(
  scenario: ScenarioResult,
  verdict: ScenarioEvent['verdict'],
  finished: number,
  total: number,
): ScenarioEvent {
  const { id, name, rule, reason, violations, machine, replay } = scenario;
  return {
    event: 'scenario',
    id,
    name,
    ...(rule !== undefined && { rule }),
    verdict,
    ...(reason !== undefined && { reason }),
    violations,
    ...(machine && { machine }),
    replay,
    finished,
    total,
  };
}

export function endEvent(run: RunResult, folder: string, { outcome, code, waivers }: HandedOver): EndEvent {
  const { scenarios, rules, missing } = run;
  return {
    event: 'end',
    outcome,
    exitCode: code,
    scenarios: tally(scenarios.map((scenario) => shownScenario(scenario, waivers))),
    rules: tally(rules.map((rule) => shownRule(rule, waivers))),
    ...(missing && { missing }),
    ...(waivers && {
      waivers: waivers.entries.map(({ rule, line, state, explanation, stale }) => ({
        rule,
        line,
        state,
        explanation,
        stale,
      })),
    }),
    folder,
  };
}
