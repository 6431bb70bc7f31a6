/** A run in the messages of Cucumber and as Cucumber's own page, for tools and people that know them. Made of the results, so that they are the same however the run was cut. */
import { once } from 'node:events';
import { generateMessages } from '@cucumber/gherkin';
import { CucumberHtmlStream } from '@cucumber/html-formatter';
import {
  AttachmentContentEncoding,
  HookType,
  SourceMediaType,
  TestStepResultStatus as Status,
  version,
  type Envelope,
  type Pickle,
  type TestStepResult,
} from '@cucumber/messages';
import { Places } from '../../conformance/places';
import type { RunResult, ScenarioResult } from '../../conformance/results';
import type { FeatureFile } from '../features/read-features';
import { shownScenario, waivedText, type ShownWaivers } from '../waived';

/** There is no clock in a run. */
const NEVER = { seconds: 0, nanos: 0 };
const JUDGES = 'judges';
const RUN = 'run';

/**
 * @param run a run
 * @param features texts of the feature files that its scenarios stand in; the scenarios of others are left out
 * @param waivers what the run was held against: Cucumber knows no third state, so that waived failures stay failures, and it is said of them
 * @returns the messages in the order in which Cucumber sends them; the same input gives the same messages
 */
export function cucumberMessages(run: RunResult, features: readonly FeatureFile[], waivers?: ShownWaivers): Envelope[] {
  const results = new Map(run.scenarios.map((scenario) => [scenario.id, scenario]));
  const written: Envelope[] = [];
  const played: [Pickle, ScenarioResult][] = [];
  let ids = 0;
  for (const { uri, text } of features) {
    if (!run.scenarios.some((scenario) => scenario.uri === uri)) continue;
    const envelopes = generateMessages(text, uri, SourceMediaType.TEXT_X_CUCUMBER_GHERKIN_PLAIN, {
      newId: () => String((ids += 1)),
      includeSource: true,
      includeGherkinDocument: true,
      includePickles: true,
    });
    const places = new Places();
    for (const { gherkinDocument } of envelopes) if (gherkinDocument) places.take(gherkinDocument);
    for (const envelope of envelopes) {
      const result = envelope.pickle && results.get(places.idOf(envelope.pickle));
      if (envelope.pickle && result) played.push([envelope.pickle, result]);
      // What the run left out is not told as if it had been there.
      if (!envelope.pickle || result) written.push(envelope);
    }
  }
  return [
    meta(run),
    { hook: { id: JUDGES, name: 'the judges', type: HookType.AFTER_TEST_CASE, sourceReference: {} } },
    ...written,
    { testRunStarted: { id: RUN, timestamp: NEVER } },
    ...played.map(([pickle]) => testCase(pickle)),
    ...played.flatMap(([pickle, result]) => playing(pickle, result, waivers)),
    {
      testRunFinished: {
        testRunStartedId: RUN,
        timestamp: NEVER,
        success: run.scenarios.every(({ verdict }) => verdict !== 'fail' && verdict !== 'error'),
      },
    },
  ];
}

export function messagesNdjson(messages: readonly Envelope[]): string {
  return messages.map((message) => `${JSON.stringify(message)}\n`).join('');
}

/** @returns Cucumber's own page, self-contained */
export async function cucumberHtml(messages: readonly Envelope[]): Promise<string> {
  const page = new CucumberHtmlStream();
  const chunks: string[] = [];
  page.on('data', (chunk: unknown) => chunks.push(String(chunk)));
  const end = once(page, 'end');
  for (const message of messages) page.write(message);
  page.end();
  await end;
  return chunks.join('');
}

function meta({ kit }: RunResult): Envelope {
  const any = { name: 'any' };
  const implementation = { name: 'ndis-lwf-spec', version: kit };
  return { meta: { protocolVersion: version, implementation, runtime: { name: 'node.js' }, os: any, cpu: any } };
}

function testCase(pickle: Pickle): Envelope {
  return {
    testCase: {
      id: `case-${pickle.id}`,
      pickleId: pickle.id,
      testRunStartedId: RUN,
      testSteps: [
        ...pickle.steps.map(({ id }) => ({
          id: `step-${id}`,
          pickleStepId: id,
          stepDefinitionIds: [],
          stepMatchArgumentsLists: [{ stepMatchArguments: [] }],
        })),
        { id: `${JUDGES}-${pickle.id}`, hookId: JUDGES },
      ],
    },
  };
}

function playing(pickle: Pickle, result: ScenarioResult, waivers: ShownWaivers | undefined): Envelope[] {
  const id = `playing-${pickle.id}`;
  const hook = `${JUDGES}-${pickle.id}`;
  const steps: [string, TestStepResult][] = [
    ...pickle.steps.map((step, at): [string, TestStepResult] => [`step-${step.id}`, stepOutcome(result, at)]),
    [hook, judgement(result)],
  ];
  return [
    { testCaseStarted: { id, testCaseId: `case-${pickle.id}`, attempt: 0, timestamp: NEVER } },
    ...steps.flatMap(([testStepId, testStepResult]): Envelope[] => [
      { testStepStarted: { testCaseStartedId: id, testStepId, timestamp: NEVER } },
      ...(testStepId === hook ? remarks(result, waivers, id, hook) : []),
      { testStepFinished: { testCaseStartedId: id, testStepId, testStepResult, timestamp: NEVER } },
    ]),
    { testCaseFinished: { testCaseStartedId: id, timestamp: NEVER, willBeRetried: false } },
  ];
}

function stepOutcome({ steps }: ScenarioResult, at: number): TestStepResult {
  const { status = 'skipped', message } = steps[at] ?? {};
  const of = { passed: Status.PASSED, skipped: Status.SKIPPED, failed: Status.FAILED } as const;
  return { status: of[status], duration: NEVER, ...(message !== undefined && { message }) };
}

function judgement({ verdict, reason }: ScenarioResult): TestStepResult {
  if (verdict === 'pass') return { status: Status.PASSED, duration: NEVER };
  if (verdict !== 'fail' && verdict !== 'error') return { status: Status.SKIPPED, duration: NEVER };
  return { status: Status.FAILED, duration: NEVER, message: reason ?? verdict };
}

function remarks(
  result: ScenarioResult,
  waivers: ShownWaivers | undefined,
  testCaseStartedId: string,
  testStepId: string,
): Envelope[] {
  const { verdict, reason, replay } = result;
  if (verdict === 'pass') return [];
  const isWaived = waivers && shownScenario(result, waivers) === 'waived';
  const texts = [
    `${isWaived ? waivedText(result, waivers) : verdict}: ${reason ?? ''}`,
    ...(verdict === 'fail' ? [`Play it again: ${replay}`] : []),
  ];
  return texts.map((body) => ({
    attachment: {
      body,
      contentEncoding: AttachmentContentEncoding.IDENTITY,
      mediaType: 'text/x.cucumber.log+plain',
      testCaseStartedId,
      testStepId,
      timestamp: NEVER,
    },
  }));
}
