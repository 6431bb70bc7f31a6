/** The scenarios of a run with the code behind their sentences, matched once: what a sentence means does not depend on the driver. */
import type { Pickle, PickleStep, TestCase } from '@cucumber/messages';
import { prepareFeatures, type Features } from './cucumber';
import { Places } from './places';

type Code = (this: object, ...values: readonly unknown[]) => unknown;

/** What is used of Cucumber's support code library, which is the same object that a run through Cucumber uses. */
export interface Library {
  readonly stepDefinitions: readonly StepDefinition[];
  readonly beforeTestCaseHookDefinitions: readonly Hook[];
  readonly afterTestCaseHookDefinitions: readonly Hook[];
  readonly World: new (options: object) => object;
}

export interface Hook {
  readonly code: Code;
}

interface StepDefinition {
  readonly id: string;
  readonly code: Code;
  getInvocationParameters(call: { step: PickleStep; world: object }): Promise<{ parameters: unknown[] }>;
}

/** The code of a step, with its values. A step has one meaning; none or several are a mistake in a feature. */
export type Meaning =
  { readonly code: Code; readonly values: readonly unknown[] } | { readonly unclear: 'undefined' | 'ambiguous' };

export interface PreparedStep {
  readonly keyword: string;
  readonly text: string;
  readonly meaning: Meaning;
}

export interface PreparedScenario {
  readonly id: string;
  readonly uri: string;
  readonly line: number;
  readonly feature: string;
  readonly rule: string | undefined;
  readonly pickle: Pickle;
  readonly steps: readonly PreparedStep[];
}

export interface Prepared {
  readonly library: Library;
  /** By id, in the order of the features. */
  readonly scenarios: ReadonlyMap<string, PreparedScenario>;
}

/** @param features what to prepare; they parse */
export async function prepareScenarios(features: Features): Promise<Prepared> {
  const places = new Places();
  const pickles = new Map<string, Pickle>();
  const testCases: TestCase[] = [];
  const support = await prepareFeatures(features, ({ gherkinDocument, pickle, testCase }) => {
    if (gherkinDocument) places.take(gherkinDocument);
    if (pickle) pickles.set(pickle.id, pickle);
    if (testCase) testCases.push(testCase);
  });
  const library = support as unknown as Library;
  const definitions = new Map(library.stepDefinitions.map((definition) => [definition.id, definition]));
  const scenarios = new Map<string, PreparedScenario>();
  for (const testCase of testCases) {
    const pickle = pickles.get(testCase.pickleId);
    if (!pickle) continue;
    const id = places.idOf(pickle);
    const place = places.of(pickle);
    scenarios.set(id, {
      id,
      uri: pickle.uri.replaceAll('\\', '/'),
      line: places.lineOf(pickle),
      feature: place?.feature ?? '',
      rule: place?.rule,
      pickle,
      steps: await Promise.all(
        pickle.steps.map(async (step) => ({
          keyword: place?.keywords.get(step.astNodeIds[0] ?? '') ?? '',
          text: step.text,
          meaning: await meaningOf(step, testCase, definitions),
        })),
      ),
    });
  }
  return { library, scenarios };
}

async function meaningOf(
  step: PickleStep,
  testCase: TestCase,
  definitions: ReadonlyMap<string, StepDefinition>,
): Promise<Meaning> {
  const ids = testCase.testSteps.find(({ pickleStepId }) => pickleStepId === step.id)?.stepDefinitionIds ?? [];
  const [definition, ...others] = ids.flatMap((id) => definitions.get(id) ?? []);
  if (!definition) return { unclear: 'undefined' };
  if (others.length > 0) return { unclear: 'ambiguous' };
  const { parameters } = await definition.getInvocationParameters({ step, world: {} });
  return { code: definition.code, values: parameters };
}
