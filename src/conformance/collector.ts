/** Turns the messages of a Cucumber run into scenario results. */
import type {
  Attachment,
  Envelope,
  Feature,
  Pickle,
  Scenario,
  TestCase,
  TestStepFinished,
  TestStepResult,
} from '@cucumber/messages';
import type { Evidence } from '../../step-definitions/support/evidence';
import { EVIDENCE_MEDIA_TYPE } from '../../step-definitions/support/evidence';
import type { ScenarioResult, StepResult } from './results';

const RULE_TAG = /^@([A-Z]{2,3}-\d{2})$/;

interface Place {
  readonly feature: string;
  readonly rule?: string;
  readonly line: number;
  readonly keywords: ReadonlyMap<string, string>;
}

interface Running {
  readonly pickle: Pickle;
  readonly testCase: TestCase;
  readonly results: Map<string, TestStepResult>;
  evidence?: Evidence;
}

export interface CollectorOptions {
  /** @returns the command that runs the scenario with this id again */
  readonly replay: (scenarioId: string) => string;
  readonly onScenario?: (scenario: ScenarioResult) => void;
}

export class Collector {
  readonly scenarios: ScenarioResult[] = [];
  private readonly places = new Map<string, Place>();
  private readonly rows = new Map<string, number>();
  private readonly pickles = new Map<string, Pickle>();
  private readonly testCases = new Map<string, TestCase>();
  private readonly running = new Map<string, Running>();

  constructor(private readonly options: CollectorOptions) {}

  /** @param envelope the next message of the run */
  take(envelope: Envelope): void {
    if (envelope.gherkinDocument?.feature) this.takeFeature(envelope.gherkinDocument.feature);
    else if (envelope.pickle) this.pickles.set(envelope.pickle.id, envelope.pickle);
    else if (envelope.testCase) this.testCases.set(envelope.testCase.id, envelope.testCase);
    else if (envelope.testCaseStarted) this.start(envelope.testCaseStarted.id, envelope.testCaseStarted.testCaseId);
    else if (envelope.attachment) this.takeAttachment(envelope.attachment);
    else if (envelope.testStepFinished) this.takeStep(envelope.testStepFinished);
    else if (envelope.testCaseFinished) this.finish(envelope.testCaseFinished.testCaseStartedId);
  }

  private takeFeature(feature: Feature): void {
    for (const child of feature.children) {
      if (child.scenario) this.takeScenario(feature, child.scenario, undefined, feature.children);
      if (child.rule) {
        const rule = child.rule.tags.map((tag) => RULE_TAG.exec(tag.name)?.[1]).find((id) => id !== undefined);
        for (const inner of child.rule.children) {
          if (inner.scenario)
            this.takeScenario(feature, inner.scenario, rule, [...feature.children, ...child.rule.children]);
        }
      }
    }
  }

  private takeScenario(
    feature: Feature,
    scenario: Scenario,
    rule: string | undefined,
    siblings: readonly { readonly background?: { readonly steps: Scenario['steps'] } }[],
  ): void {
    const steps = [...siblings.flatMap((sibling) => sibling.background?.steps ?? []), ...scenario.steps];
    this.places.set(scenario.id, {
      feature: feature.name,
      ...(rule !== undefined && { rule }),
      line: scenario.location.line,
      keywords: new Map(steps.map((step) => [step.id, step.keyword.trim()])),
    });
    for (const examples of scenario.examples) {
      for (const row of examples.tableBody) this.rows.set(row.id, row.location.line);
    }
  }

  private start(id: string, testCaseId: string): void {
    const testCase = this.testCases.get(testCaseId);
    const pickle = testCase && this.pickles.get(testCase.pickleId);
    if (testCase && pickle) this.running.set(id, { pickle, testCase, results: new Map() });
  }

  private takeAttachment(attachment: Attachment): void {
    const running = this.running.get(attachment.testCaseStartedId ?? '');
    if (running && attachment.mediaType === EVIDENCE_MEDIA_TYPE) {
      const text =
        attachment.contentEncoding === 'BASE64' ? Buffer.from(attachment.body, 'base64').toString() : attachment.body;
      running.evidence = JSON.parse(text) as Evidence;
    }
  }

  private takeStep(finished: TestStepFinished): void {
    this.running.get(finished.testCaseStartedId)?.results.set(finished.testStepId, finished.testStepResult);
  }

  private finish(id: string): void {
    const running = this.running.get(id);
    if (!running) return;
    this.running.delete(id);
    const scenario = this.result(running);
    this.scenarios.push(scenario);
    this.options.onScenario?.(scenario);
  }

  private result({ pickle, testCase, results, evidence }: Running): ScenarioResult {
    const place = this.places.get(pickle.astNodeIds[0] ?? '');
    const line = this.rows.get(pickle.astNodeIds[1] ?? '') ?? place?.line ?? 0;
    const uri = pickle.uri.replaceAll('\\', '/');
    const id = `${uri}:${line}`;
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
    if (result?.status === 'FAILED') return firstLine(result.message ?? 'a hook failed');
    if (result?.status === 'UNDEFINED') return 'a step of it has no definition';
    if (result?.status === 'AMBIGUOUS') return 'a step of it has several definitions';
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
      result?.status === 'PASSED'
        ? 'passed'
        : result === undefined || result.status === 'SKIPPED'
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
