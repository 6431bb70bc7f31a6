/**
 * Plays scenarios one at a time: the same pickles, step definitions and hooks as a run through Cucumber, without its messages,
 * clocks and reports, so that a run can be cut anywhere. A test holds both to the same evidence.
 */
import { setImmediate } from 'node:timers/promises';
import { TestStepResultStatus as Status } from '@cucumber/messages';
import { useAdapter, type Adapter } from '../../adapters/contract';
import { takeEvidence, type Evidence } from '../../step-definitions/support/evidence';
import type { Features } from './cucumber';
import { prepareScenarios, type Prepared, type PreparedScenario, type PreparedStep } from './prepared-scenarios';
import type { ScenarioResult, StepResult } from './results';

/** What one playing of a scenario found. How to play it again, and on which machine it was, is known to the run. */
export type PlayedScenario = Omit<ScenarioResult, 'replay' | 'machine'>;

export interface PlayOptions {
  /** With the driver under test. */
  readonly adapter: Adapter;
  readonly seed: number;
  /** `full` keeps traces; `violations` keeps what the kill matrix needs. */
  readonly evidence: 'full' | 'violations';
}

/** From good to bad, as Cucumber tells its hooks. */
const SEVERITY = [Status.PASSED, Status.SKIPPED, Status.UNDEFINED, Status.AMBIGUOUS, Status.FAILED];

const UNCLEAR = { undefined: Status.UNDEFINED, ambiguous: Status.AMBIGUOUS };

interface Outcome {
  readonly status: Status;
  readonly message?: string;
}

export class Player {
  private playings = 0;

  private constructor(private readonly prepared: Prepared) {}

  /** @param features what to prepare; they parse */
  static async prepare(features: Features): Promise<Player> {
    return new Player(await prepareScenarios(features));
  }

  /** Ids of all scenarios, in the order of the features. */
  get ids(): readonly string[] {
    return [...this.prepared.scenarios.keys()];
  }

  /** @returns id of the rule that a scenario stands under */
  ruleOf(id: string): string | undefined {
    return this.prepared.scenarios.get(id)?.rule;
  }

  /**
   * Plays all scenarios.
   * @param only ids of the scenarios to play; all without
   */
  async playAll(options: PlayOptions, only: Iterable<string> = this.ids): Promise<PlayedScenario[]> {
    const chosen = new Set(only);
    const played: PlayedScenario[] = [];
    for (const id of this.ids) {
      if (!chosen.has(id)) continue;
      // Between two scenarios the process is heard: whoever presses Ctrl-C is.
      await setImmediate();
      played.push(await this.play(id, options));
    }
    return played;
  }

  /**
   * Plays one scenario.
   * @throws Error when it was not prepared
   */
  async play(id: string, { adapter, seed, evidence: wanted }: PlayOptions): Promise<PlayedScenario> {
    const scenario = this.prepared.scenarios.get(id);
    if (!scenario) throw new Error(`there is no scenario ${id}`);
    useAdapter(adapter);
    const { library } = this.prepared;
    const { pickle } = scenario;
    const testCaseStartedId = `playing ${(this.playings += 1)}`;
    const world = new library.World({
      attach: nothing,
      log: nothing,
      link: nothing,
      parameters: { seed, evidence: wanted },
    });
    const outcomes: Outcome[] = [];
    for (const { code } of library.beforeTestCaseHookDefinitions) {
      if (worst(outcomes) !== Status.PASSED) break;
      outcomes.push(await attempt(() => code.call(world, { pickle, testCaseStartedId })));
    }
    const told = [...outcomes];
    const steps: StepResult[] = [];
    for (const step of scenario.steps) {
      const outcome = await playStep(world, step, worst(told));
      told.push(outcome);
      steps.push(stepResult(step, outcome));
    }
    for (const { code } of library.afterTestCaseHookDefinitions.toReversed()) {
      const result = { status: worst(told) };
      told.push(await attempt(() => code.call(world, { pickle, testCaseStartedId, result })));
    }
    return played(scenario, steps, told, takeEvidence(testCaseStartedId));
  }
}

async function playStep(world: object, { meaning }: PreparedStep, before: Status): Promise<Outcome> {
  // That nobody knows what it means is said wherever it stands.
  if ('unclear' in meaning) return { status: UNCLEAR[meaning.unclear] };
  if (before !== Status.PASSED) return { status: Status.SKIPPED };
  return attempt(() => meaning.code.call(world, ...meaning.values));
}

function worst(outcomes: readonly Outcome[]): Status {
  const ranks = outcomes.map(({ status }) => SEVERITY.indexOf(status));
  return SEVERITY[Math.max(0, ...ranks)] ?? Status.FAILED;
}

function played(
  { id, uri, line, feature, rule, pickle }: PreparedScenario,
  steps: readonly StepResult[],
  outcomes: readonly Outcome[],
  evidence: Evidence | undefined,
): PlayedScenario {
  const reason = evidence
    ? evidence.reason
    : (outcomes.find(({ message }) => message)?.message ?? 'it left no evidence');
  return {
    id,
    uri,
    line,
    feature,
    ...(rule !== undefined && { rule }),
    name: pickle.name,
    tags: pickle.tags.map((tag) => tag.name),
    steps,
    verdict: evidence?.verdict ?? 'error',
    ...(reason !== undefined && { reason: evidence ? reason : firstLine(reason) }),
    ...(evidence?.spoiled && { spoiled: evidence.spoiled }),
    violations: evidence?.violations ?? [],
    strictFindings: evidence?.strictFindings ?? [],
    trace: evidence?.trace ?? [],
    exercised: evidence?.exercised ?? {},
    ...(evidence?.bugcheck !== undefined && { bugcheck: evidence.bugcheck }),
  };
}

function stepResult({ keyword, text }: PreparedStep, { status, message = status }: Outcome): StepResult {
  if (status === Status.PASSED) return { keyword, text, status: 'passed' };
  if (status === Status.SKIPPED) return { keyword, text, status: 'skipped' };
  return { keyword, text, status: 'failed', message };
}

async function attempt(code: () => unknown): Promise<Outcome> {
  try {
    return { status: (await code()) === 'skipped' ? Status.SKIPPED : Status.PASSED };
  } catch (failure) {
    return { status: Status.FAILED, message: messageOf(failure) };
  }
}

/** Everything up to the stack: the reader is a driver author, the stack is the kit's. */
function messageOf(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure);
  const { message, stack = '' } = failure;
  const lines = (stack.includes(message) ? stack : message).split('\n');
  const end = lines.findIndex((line) => /^\s+at /.test(line));
  return (end < 0 ? lines : lines.slice(0, end))
    .join('\n')
    .replace(/^AssertionError(?: \[[^\]]*\])?: /, '')
    .trim();
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? '';
}

function nothing(): void {
  // What Cucumber would put into its reports is not kept.
}
