/** Feature files as the report shows them: what the authors wrote, in their order and words. */
import { AstBuilder, GherkinClassicTokenMatcher, Parser } from '@cucumber/gherkin';
import type { Background, Examples, Scenario, Step, Tag } from '@cucumber/messages';
import { IdGenerator } from '@cucumber/messages';

/** A feature file: its path relative to the kit, as in the ids of scenario results, and its text. */
export interface FeatureFile {
  readonly uri: string;
  readonly text: string;
}

export interface WrittenStep {
  readonly keyword: string;
  readonly text: string;
  readonly table?: readonly (readonly string[])[];
  readonly docString?: string;
}

export interface WrittenExamples {
  readonly name: string;
  readonly header: readonly string[];
  readonly rows: readonly { readonly line: number; readonly cells: readonly string[] }[];
}

export interface WrittenScenario {
  readonly uri: string;
  readonly line: number;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Steps of the backgrounds that precede its own. */
  readonly background: readonly WrittenStep[];
  readonly steps: readonly WrittenStep[];
  readonly examples: readonly WrittenExamples[];
}

export interface WrittenRule {
  readonly name: string;
  readonly description: string;
  /** The id among its tags. */
  readonly id?: string;
  readonly scenarios: readonly WrittenScenario[];
}

export interface WrittenFeature {
  readonly uri: string;
  /** Folder below `features/`: `pause`, `questions`, `sequences`. */
  readonly folder: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  /** Scenarios outside any `Rule:`. */
  readonly scenarios: readonly WrittenScenario[];
  readonly rules: readonly WrittenRule[];
}

const RULE_TAG = /^@([A-Z]{2,3}-\d{2})$/;

/**
 * @param files feature files
 * @returns the features in the order of their paths; files that hold no feature are left out
 * @throws Error (of the parser) when a file does not parse
 */
export function readFeatures(files: readonly FeatureFile[]): WrittenFeature[] {
  return [...files].sort((a, b) => compare(a.uri, b.uri)).flatMap((file) => readFeature(file) ?? []);
}

/** @returns all scenarios of a feature: those outside any `Rule:`, then those below them */
export function scenariosOf({ scenarios, rules }: WrittenFeature): WrittenScenario[] {
  return [...scenarios, ...rules.flatMap((rule) => rule.scenarios)];
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function readFeature({ uri, text }: FeatureFile): WrittenFeature | undefined {
  const parser = new Parser(new AstBuilder(IdGenerator.incrementing()), new GherkinClassicTokenMatcher());
  const { feature } = parser.parse(text);
  if (!feature) return undefined;
  const background = backgroundOf(feature.children);
  return {
    uri,
    folder: uri.split('/').slice(0, -1).at(-1) ?? '',
    name: feature.name,
    description: dedent(feature.description),
    tags: names(feature.tags),
    scenarios: writtenIn(uri, feature.children, background),
    rules: feature.children.flatMap(({ rule }) => {
      if (!rule) return [];
      const id = names(rule.tags).flatMap((tag) => RULE_TAG.exec(tag)?.[1] ?? [])[0];
      return {
        name: rule.name,
        description: dedent(rule.description),
        ...(id !== undefined && { id }),
        scenarios: writtenIn(uri, rule.children, [...background, ...backgroundOf(rule.children)]),
      };
    }),
  };
}

type Child = { readonly background?: Background; readonly scenario?: Scenario };

function backgroundOf(children: readonly Child[]): WrittenStep[] {
  return children.flatMap(({ background }) => background?.steps.map(stepOf) ?? []);
}

function writtenIn(uri: string, children: readonly Child[], background: readonly WrittenStep[]): WrittenScenario[] {
  return children.flatMap(({ scenario }) =>
    scenario
      ? {
          uri,
          line: scenario.location.line,
          name: scenario.name,
          description: dedent(scenario.description),
          tags: names(scenario.tags),
          background,
          steps: scenario.steps.map(stepOf),
          examples: scenario.examples.map(examplesOf),
        }
      : [],
  );
}

function stepOf(step: Step): WrittenStep {
  const table = step.dataTable?.rows.map((row) => row.cells.map((cell) => cell.value));
  return {
    keyword: step.keyword.trim(),
    text: step.text,
    ...(table && { table }),
    ...(step.docString && { docString: step.docString.content }),
  };
}

function examplesOf(examples: Examples): WrittenExamples {
  return {
    name: examples.name,
    header: examples.tableHeader?.cells.map((cell) => cell.value) ?? [],
    rows: examples.tableBody.map((row) => ({ line: row.location.line, cells: row.cells.map((cell) => cell.value) })),
  };
}

function names(tags: readonly Tag[]): string[] {
  return tags.map((tag) => tag.name);
}

/** The parser keeps the indentation of descriptions. */
function dedent(description: string): string {
  return description
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .trim();
}
