/** Turns the messages of a Cucumber run into scenario results. */
import type { Envelope, Pickle, TestCase, TestStepFinished, TestStepResult } from '@cucumber/messages';
import { TestStepResultStatus } from '@cucumber/messages';
import type { Evidence } from '../../step-definitions/support/evidence';
import { takeEvidence } from '../../step-definitions/support/evidence';
import { Places } from './places';
import type { ScenarioResult, StepResult } from './results';

interface Running {
  readonly pickle: Pickle;
  readonly testCase: TestCase;
  readonly results: Map<string, TestStepResult>;
}

export interface CollectorOptions {
  /** @returns the command that runs the scenario with this id again */
  readonly replay: (scenarioId: string) => string;
  readonly onScenario?: (scenario: ScenarioResult) => void;
}

export class Collector {
  readonly scenarios: ScenarioResult[] = [];
  private readonly places = new Places();
  private readonly pickles = new Map<string, Pickle>();
  private readonly testCases = new Map<string, TestCase>();
  private readonly running = new Map<string, Running>();

  constructor(private readonly options: CollectorOptions) {}

  /** @param envelope the next message of the run */
  take(envelope: Envelope): void {
    if (envelope.gherkinDocument) this.places.take(envelope.gherkinDocument);
    else if (envelope.pickle) this.pickles.set(envelope.pickle.id, envelope.pickle);
    else if (envelope.testCase) this.testCases.set(envelope.testCase.id, envelope.testCase);
    else if (envelope.testCaseStarted) this.start(envelope.testCaseStarted.id, envelope.testCaseStarted.testCaseId);
    else if (envelope.testStepFinished) this.takeStep(envelope.testStepFinished);
    else if (envelope.testCaseFinished) this.finish(envelope.testCaseFinished.testCaseStartedId);
  }

  private start(id: string, testCaseId: string): void {
    const testCase = this.testCases.get(testCaseId);
    const pickle = testCase && this.pickles.get(testCase.pickleId);
    if (testCase && pickle) this.running.set(id, { pickle, testCase, results: new Map() });
  }

  private takeStep(finished: TestStepFinished): void {
    this.running.get(finished.testCaseStartedId)?.results.set(finished.testStepId, finished.testStepResult);
  }

  private finish(id: string): void {
    const running = this.running.get(id);
    if (!running) return;
    this.running.delete(id);
    const scenario = this.result(running, takeEvidence(id));
    this.scenarios.push(scenario);
    this.options.onScenario?.(scenario);
  }

  private result({ pickle, testCase, results }: Running, evidence: Evidence | undefined): ScenarioResult {
    const place = this.places.of(pickle);
    const line = this.places.lineOf(pickle);
    const uri = pickle.uri.replaceAll('\\', '/');
    const id = this.places.idOf(pickle);
    const reason = evidence?.reason ?? (evidence ? undefined : hookFailure(testCase, results));
    return {
      id,
      uri,
      line,
      feature: place?.feature ?? '',
      ...(place?.rule !== undefined && { rule: place.rule }),
      name: pickle.name,
      tags: pickle.tags.map((tag) => tag.name),
      steps: stepResults(pickle, testCase, results, place?.keywords ?? new Map<string, string>()),
      verdict: evidence?.verdict ?? 'error',
      ...(reason !== undefined && { reason }),
      ...(evidence?.spoiled && { spoiled: evidence.spoiled }),
      violations: evidence?.violations ?? [],
      strictFindings: evidence?.strictFindings ?? [],
      trace: evidence?.trace ?? [],
      exercised: evidence?.exercised ?? {},
      ...(evidence?.bugcheck !== undefined && { bugcheck: evidence.bugcheck }),
      replay: this.options.replay(id),
    };
  }
}

function hookFailure(testCase: TestCase, results: ReadonlyMap<string, TestStepResult>): string {
  for (const step of testCase.testSteps) {
    const result = results.get(step.id);
    if (result?.status === TestStepResultStatus.FAILED) return firstLine(result.message ?? 'a hook failed');
    if (result?.status === TestStepResultStatus.UNDEFINED) return 'a step of it has no definition';
    if (result?.status === TestStepResultStatus.AMBIGUOUS) return 'a step of it has several definitions';
  }
  return 'it left no evidence';
}

function stepResults(
  pickle: Pickle,
  testCase: TestCase,
  results: ReadonlyMap<string, TestStepResult>,
  keywords: ReadonlyMap<string, string>,
): StepResult[] {
  const byPickleStep = new Map(testCase.testSteps.map((step) => [step.pickleStepId, results.get(step.id)]));
  return pickle.steps.map((step) => {
    const result = byPickleStep.get(step.id);
    const status =
      result?.status === TestStepResultStatus.PASSED
        ? 'passed'
        : result === undefined || result.status === TestStepResultStatus.SKIPPED
          ? 'skipped'
          : 'failed';
    return {
      keyword: keywords.get(step.astNodeIds[0] ?? '') ?? '',
      text: step.text,
      status,
      ...(status === 'failed' && { message: withoutStack(result?.message ?? result?.status ?? '') }),
    };
  });
}

/** Everything up to the stack: the reader is a driver author, the stack is the kit's. */
function withoutStack(message: string): string {
  const lines = message.split('\n');
  const stack = lines.findIndex((line) => /^\s+at /.test(line));
  return (stack < 0 ? lines : lines.slice(0, stack))
    .join('\n')
    .replace(/^AssertionError(?: \[[^\]]*\])?: /, '')
    .trim();
}

function firstLine(message: string): string {
  return withoutStack(message).split('\n')[0] ?? '';
}
