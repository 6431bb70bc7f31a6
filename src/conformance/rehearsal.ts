/**
 * Plays the specification many times over, for the kill matrix: the same pickles, step definitions and hooks as a run through
 * Cucumber, prepared once, without the messages, clocks and reports of a run. A test holds both to the same verdicts.
 */
import type { Pickle, PickleStep, TestCase } from '@cucumber/messages';
import { TestStepResultStatus } from '@cucumber/messages';
import { useAdapter, type Adapter } from '../../adapters/contract';
import { takeEvidence } from '../../step-definitions/support/evidence';
import { Places } from './places';
import { runFeatures, type Features } from './cucumber';
import type { JudgedScenario } from './results';

/** What is used of Cucumber's support code library, which is the same object that a run through Cucumber uses. */
interface Library {
  readonly stepDefinitions: readonly StepDefinition[];
  readonly beforeTestCaseHookDefinitions: readonly Hook[];
  readonly afterTestCaseHookDefinitions: readonly Hook[];
  readonly World: new (options: object) => object;
}

type Code = (this: object, ...values: readonly unknown[]) => unknown;

interface StepDefinition {
  readonly id: string;
  readonly code: Code;
  getInvocationParameters(call: { step: PickleStep; world: object }): Promise<{ parameters: unknown[] }>;
}

interface Hook {
  readonly code: Code;
  appliesToTestCase(pickle: Pickle): boolean;
}

interface PreparedStep {
  readonly code: Code;
  readonly values: readonly unknown[];
}

interface PreparedScenario {
  readonly id: string;
  readonly rule: string | undefined;
  readonly pickle: Pickle;
  readonly steps: readonly PreparedStep[];
}

export class Rehearsal {
  private playings = 0;

  private constructor(
    private readonly library: Library,
    private readonly scenarios: readonly PreparedScenario[],
  ) {}

  /** @param features what to prepare */
  static async prepare(features: Features): Promise<Rehearsal> {
    const places = new Places();
    const pickles = new Map<string, Pickle>();
    const testCases: TestCase[] = [];
    const support = await runFeatures({
      ...features,
      worldParameters: {},
      dryRun: true,
      onMessage: ({ gherkinDocument, pickle, testCase }) => {
        if (gherkinDocument) places.take(gherkinDocument);
        if (pickle) pickles.set(pickle.id, pickle);
        if (testCase) testCases.push(testCase);
      },
    });
    const library = support as unknown as Library;
    const definitions = new Map(library.stepDefinitions.map((definition) => [definition.id, definition]));
    const scenarios: PreparedScenario[] = [];
    for (const testCase of testCases) {
      const pickle = pickles.get(testCase.pickleId);
      if (!pickle) continue;
      scenarios.push({
        id: places.idOf(pickle),
        rule: places.of(pickle)?.rule,
        pickle,
        steps: await prepareSteps(pickle, testCase, definitions),
      });
    }
    return new Rehearsal(library, scenarios);
  }

  /**
   * Plays all scenarios on a driver.
   * @param adapter with the driver under test
   * @param seed of the run
   * @param only ids of the scenarios to play; all without
   */
  async play(adapter: Adapter, seed: number, only?: ReadonlySet<string>): Promise<JudgedScenario[]> {
    useAdapter(adapter);
    const judged: JudgedScenario[] = [];
    for (const scenario of this.scenarios) {
      if (!only || only.has(scenario.id)) judged.push(await this.playScenario(scenario, seed));
    }
    return judged;
  }

  private async playScenario(scenario: PreparedScenario, seed: number): Promise<JudgedScenario> {
    const { pickle, id, rule } = scenario;
    const testCaseStartedId = `rehearsal ${(this.playings += 1)}`;
    const world = new this.library.World({
      attach: nothing,
      log: nothing,
      link: nothing,
      parameters: { seed, evidence: 'violations' },
    });
    const status = await this.playSteps(world, scenario, testCaseStartedId);
    for (const hook of this.library.afterTestCaseHookDefinitions.toReversed()) {
      // What an After hook throws is for Cucumber's reports; the verdict is in the evidence.
      await attempt(() => hook.code.call(world, { pickle, testCaseStartedId, result: { status } }));
    }
    const evidence = takeEvidence(testCaseStartedId);
    return {
      id,
      ...(rule !== undefined && { rule }),
      name: pickle.name,
      tags: pickle.tags.map((tag) => tag.name),
      verdict: evidence?.verdict ?? 'error',
      ...(evidence?.reason !== undefined && { reason: evidence.reason }),
      ...(evidence?.spoiled && { spoiled: evidence.spoiled }),
      violations: evidence?.violations ?? [],
      exercised: evidence?.exercised ?? {},
    };
  }

  private async playSteps(
    world: object,
    { pickle, steps }: PreparedScenario,
    testCaseStartedId: string,
  ): Promise<TestStepResultStatus> {
    for (const hook of this.library.beforeTestCaseHookDefinitions) {
      const outcome = await attempt(() => hook.code.call(world, { pickle, testCaseStartedId }));
      if (outcome !== TestStepResultStatus.PASSED) return outcome;
    }
    for (const { code, values } of steps) {
      const outcome = await attempt(() => code.call(world, ...values));
      if (outcome !== TestStepResultStatus.PASSED) return outcome;
    }
    return TestStepResultStatus.PASSED;
  }
}

/** Matched once: what a sentence means does not depend on the driver. */
async function prepareSteps(
  pickle: Pickle,
  testCase: TestCase,
  definitions: ReadonlyMap<string, StepDefinition>,
): Promise<PreparedStep[]> {
  const prepared: PreparedStep[] = [];
  for (const step of pickle.steps) {
    const ids = testCase.testSteps.find(({ pickleStepId }) => pickleStepId === step.id)?.stepDefinitionIds ?? [];
    const definition = ids.length === 1 ? definitions.get(ids[0] as string) : undefined;
    if (!definition) throw new Error(`"${step.text}" of "${pickle.name}" has ${ids.length} definitions`);
    const { parameters } = await definition.getInvocationParameters({ step, world: {} });
    prepared.push({ code: definition.code, values: parameters });
  }
  return prepared;
}

async function attempt(code: () => unknown): Promise<TestStepResultStatus> {
  try {
    return (await code()) === 'skipped' ? TestStepResultStatus.SKIPPED : TestStepResultStatus.PASSED;
  } catch {
    return TestStepResultStatus.FAILED;
  }
}

function nothing(): void {
  // A rehearsal keeps no attachments.
}
