/** Everything that the page shows, with what its parts must look up in each other. */
import {
  SHOWN_VERDICTS,
  type KillMatrix,
  type RuleResult,
  type RunResult,
  type ScenarioResult,
} from '../../conformance/results';
import type { Rule } from '../../rules/rule';
import type { Catalogue } from '../catalogue';
import { scenariosOf, type WrittenFeature, type WrittenRule, type WrittenScenario } from '../features/read-features';
import type { ShownVerdict } from '../verdicts';
import { shownRule, shownScenario, type ShownWaivers } from '../waived';
import { DiagramStore } from './diagram-store';

export interface BookOptions {
  readonly run: RunResult;
  readonly otherRuns: readonly RunResult[];
  readonly matrix: KillMatrix | undefined;
  readonly features: readonly WrittenFeature[];
  readonly catalogue: Catalogue;
  /** What the run (the first, not those beside it) was held against. */
  readonly waivers?: ShownWaivers | undefined;
}

export class Book {
  readonly run: RunResult;
  /** The run first, then the others. */
  readonly runs: readonly RunResult[];
  readonly matrix: KillMatrix | undefined;
  readonly features: readonly WrittenFeature[];
  readonly catalogue: Catalogue;
  readonly waivers: ShownWaivers | undefined;
  readonly diagrams = new DiagramStore();

  private readonly rules: ReadonlyMap<string, Rule>;
  private readonly ruleResults: ReadonlyMap<RunResult, ReadonlyMap<string, RuleResult>>;
  private readonly scenarioResults: ReadonlyMap<RunResult, ReadonlyMap<string, ScenarioResult>>;
  /** Id of a scenario result -> anchor of the scenario as written. */
  private readonly anchors = new Map<string, string>();
  private readonly names = new Map<string, string>();

  constructor({ run, otherRuns, matrix, features, catalogue, waivers }: BookOptions) {
    this.run = run;
    this.runs = [run, ...otherRuns];
    this.matrix = matrix;
    this.features = features;
    this.catalogue = catalogue;
    this.waivers = waivers;
    this.rules = new Map(catalogue.rules.map((rule) => [rule.id, rule]));
    this.ruleResults = new Map(this.runs.map((r) => [r, new Map(r.rules.map((result) => [result.rule, result]))]));
    this.scenarioResults = new Map(this.runs.map((r) => [r, new Map(r.scenarios.map((s) => [s.id, s]))]));
    for (const feature of features) {
      for (const scenario of scenariosOf(feature)) {
        const anchor = anchorOf(scenario);
        for (const line of [scenario.line, ...rowLines(scenario)]) {
          this.anchors.set(`${scenario.uri}:${line}`, anchor);
          this.names.set(`${scenario.uri}:${line}`, scenario.name);
        }
      }
    }
  }

  /** What tells a run from the others of the page, in a word where one is enough. */
  nameOf(run: RunResult): string {
    const isTold = (of: (each: RunResult) => string): boolean => new Set(this.runs.map(of)).size === this.runs.length;
    if (isTold(({ adapter }) => adapter)) return run.adapter;
    return isTold(({ driver }) => driver) ? run.driver : `${run.driver} on ${run.adapter}`;
  }

  rule(id: string): Rule | undefined {
    return this.rules.get(id);
  }

  ruleResult(run: RunResult, id: string): RuleResult | undefined {
    return this.ruleResults.get(run)?.get(id);
  }

  /** The verdict on a rule as it is shown: a failure may be waived. */
  ruleVerdict(run: RunResult, id: string): ShownVerdict {
    const result = this.ruleResult(run, id);
    return result ? shownRule(result, this.waiversOf(run)) : 'not specified';
  }

  /** The verdict on a scenario as it is shown: a failure may be waived. */
  verdictOf(run: RunResult, result: ScenarioResult): ShownVerdict {
    return shownScenario(result, this.waiversOf(run));
  }

  private waiversOf(run: RunResult): ShownWaivers | undefined {
    return run === this.run ? this.waivers : undefined;
  }

  /** @returns results of a scenario as written: one, or one for each row of its examples */
  results(run: RunResult, scenario: WrittenScenario): ScenarioResult[] {
    const rows = rowLines(scenario);
    const byId = this.scenarioResults.get(run);
    return (rows.length > 0 ? rows : [scenario.line]).flatMap((line) => byId?.get(`${scenario.uri}:${line}`) ?? []);
  }

  scenarioAnchor(id: string): string | undefined {
    return this.anchors.get(id);
  }

  /** Of one row of an outline, with what stands in the row. */
  scenarioName(id: string): string {
    return this.scenarioResults.get(this.run)?.get(id)?.name ?? this.writtenName(id);
  }

  /** As the feature file has it: the rows of an outline share theirs. */
  writtenName(id: string): string {
    return this.names.get(id) ?? id;
  }

  /** @returns the `Rule:` blocks with that id, wherever they stand */
  writtenRules(id: string): { readonly feature: WrittenFeature; readonly rule: WrittenRule }[] {
    return this.features.flatMap((feature) =>
      feature.rules.filter((rule) => rule.id === id).map((rule) => ({ feature, rule })),
    );
  }
}

/** `waived` only where there are waivers. */
export function shownVerdicts({ waivers }: Book): readonly ShownVerdict[] {
  return SHOWN_VERDICTS.filter((verdict) => verdict !== 'waived' || waivers !== undefined);
}

function rowLines(scenario: WrittenScenario): number[] {
  return scenario.examples.flatMap(({ rows }) => rows.map(({ line }) => line));
}

/** `features/pause/pending.feature:12` -> `scenario-pause-pending-12` */
export function anchorOf({ uri, line }: { readonly uri: string; readonly line: number }): string {
  const path = uri.replace(/^features\//, '').replace(/\.feature$/, '');
  return `scenario-${path.replace(/[^A-Za-z0-9]+/g, '-')}-${line}`;
}

/** The run's own driver has 0, so that links to its failures stay valid whatever is shown beside it. */
export function failureAnchor({ runs }: Book, run: RunResult, result: ScenarioResult): string {
  return `failure-${runs.indexOf(run)}-${anchorOf(result).slice('scenario-'.length)}`;
}

/** `features/questions/why.feature` -> `feature-questions-why` */
export function featureAnchor(uri: string): string {
  const path = uri.replace(/^features\//, '').replace(/\.feature$/, '');
  return `feature-${path.replace(/[^A-Za-z0-9]+/g, '-')}`;
}

/** Names of drivers come from users: an anchor must be one word. */
export function driverAnchor(driver: string): string {
  return `driver-${driver.replace(/[^A-Za-z0-9]+/g, '-')}`;
}
