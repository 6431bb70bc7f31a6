/** What is told while a run goes on: to a person on the terminal, or to a machine as events. */
import type { RunIdentity, RunOptions, ScenarioResult } from '../conformance';
import { createProgress, shownScenario } from '../reporting';
import { planEvent, scenarioEvent } from './run-events';
import { line } from '../reporting/terminal/paint';
import type { Terminal } from './terminal';
import { heldAgainst, type GivenWaivers } from './waiver-options';

export interface RunWatch {
  readonly listeners: Pick<RunOptions, 'onPlan' | 'onStart' | 'onScenario' | 'onMachine'>;
  /** However the run ended. */
  readonly over: () => void;
}

/** @param waivers known violations: a scenario that they cover is told as waived at once */
export function watchRun(terminal: Terminal, json: boolean, waivers: GivenWaivers | undefined): RunWatch {
  const say = (event: object): void => terminal.out(`${JSON.stringify(event)}\n`);
  const progress = json ? undefined : createProgress(terminal, { colour: terminal.colour });
  let identity: RunIdentity | undefined;
  // What becomes of one scenario does not depend on the others.
  const shown = (scenario: ScenarioResult): ReturnType<typeof shownScenario> =>
    identity && waivers
      ? shownScenario(scenario, heldAgainst({ identity, scenarios: [scenario], rules: [] }, waivers))
      : scenario.verdict;
  return {
    listeners: {
      onPlan(planned, finished, total) {
        identity = planned;
        if (json) say(planEvent(planned, finished, total));
      },
      ...(progress && { onStart: progress.onStart }),
      onMachine(words) {
        progress?.over();
        terminal.err(`${line(words)}\n`);
      },
      onScenario(scenario, finished, total) {
        const verdict = shown(scenario);
        progress?.onScenario({ verdict }, finished, total);
        if (json) say(scenarioEvent(scenario, verdict, finished, total));
      },
    },
    over: () => progress?.over(),
  };
}
