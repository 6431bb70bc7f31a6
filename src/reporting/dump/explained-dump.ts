/** An explained dump with what its names stand for: statements of rules, lines of scenarios, drivers of the kit. */
import { registeredDrivers } from '../../../adapters/simulator/drivers';
import type { Conclusion, CrashExplanation, Fact, ScenarioName } from '../../dump';
import { rule as ruleOf } from '../../rules';
import { scenariosOf, type WrittenFeature, type WrittenScenario } from '../features/read-features';

export interface Quote {
  readonly line: number;
  readonly text: string;
}

export interface ExplainedFact {
  readonly what: string;
  readonly lines: readonly Quote[];
}

export interface ExplainedConclusion extends Omit<Conclusion, 'known' | 'rules' | 'scenarios' | 'drivers'> {
  readonly known: readonly Quote[];
  readonly rules: readonly { readonly rule: string; readonly statement: string }[];
  /** `id` is what `lwf run` takes. */
  readonly scenarios: readonly { readonly id: string; readonly name: string }[];
  /** Drivers of the kit that break one of the first rules: `lwf run SCENARIO --driver NAME`. */
  readonly drivers: readonly string[];
}

export interface ExplainedCrash extends Omit<CrashExplanation, 'facts' | 'conclusions'> {
  readonly facts: readonly ExplainedFact[];
  readonly conclusions: readonly ExplainedConclusion[];
}

/** What `lwf explain --dump --json` writes. */
export interface ExplainedDump {
  readonly schema: 'dump/1';
  readonly crashes: readonly ExplainedCrash[];
}

const SCENARIOS = 6;
const DRIVERS = 4;
/** Rules of a conclusion whose scenarios and drivers are shown. */
const NEAREST = 3;

/**
 * @param crashes of one text
 * @param features of the specification
 * @throws Error for a rule that the catalogue does not have: the tables of the kit are wrong
 */
export function explainedDump(
  crashes: readonly CrashExplanation[],
  features: readonly WrittenFeature[],
): ExplainedDump {
  return {
    schema: 'dump/1',
    crashes: crashes.map(({ facts, conclusions, ...rest }) => ({
      ...rest,
      facts: facts.map(quoted),
      conclusions: conclusions.map((each) => explained(each, features)),
    })),
  };
}

function quoted({ what, lines }: Fact): ExplainedFact {
  return { what, lines: quotes(lines) };
}

function quotes(lines: Conclusion['known']): Quote[] {
  return lines.map(({ number, text }) => ({ line: number, text: text.trim() }));
}

function explained(conclusion: Conclusion, features: readonly WrittenFeature[]): ExplainedConclusion {
  const { id, certainty, suggests, why, against, next } = conclusion;
  const nearest = conclusion.rules.slice(0, NEAREST);
  return {
    id,
    certainty,
    suggests,
    known: quotes(conclusion.known),
    why,
    against,
    rules: conclusion.rules.map((rule) => ({ rule, statement: ruleOf(rule).statement })),
    scenarios: [
      ...conclusion.scenarios.map((each) => reference(scenarioNamed(each, features))),
      ...nearest.flatMap((rule) => scenariosOfRule(rule, features).slice(0, 2).map(reference)),
    ]
      .filter(({ id: one }, at, all) => all.findIndex((other) => other.id === one) === at)
      .slice(0, SCENARIOS),
    drivers: [...new Set([...conclusion.drivers, ...nearest.flatMap(driversThatBreak)])].slice(0, DRIVERS),
    next,
  };
}

function reference({ uri, line, name }: WrittenScenario): { readonly id: string; readonly name: string } {
  return { id: `${uri}:${line}`, name };
}

/**
 * @returns the scenario of that name in that file
 * @throws Error when there is none: a name in the tables of `src/dump` is out of date
 */
export function scenarioNamed({ feature, name }: ScenarioName, features: readonly WrittenFeature[]): WrittenScenario {
  const found = features
    .filter(({ uri }) => uri === feature)
    .flatMap(scenariosOf)
    .find((scenario) => scenario.name === name);
  if (!found) throw new Error(`${feature} has no scenario "${name}".`);
  return found;
}

/** @returns the scenarios below `Rule:` with that id, in the order of the files */
export function scenariosOfRule(id: string, features: readonly WrittenFeature[]): WrittenScenario[] {
  return features.flatMap(({ rules }) => rules.filter((rule) => rule.id === id).flatMap((rule) => rule.scenarios));
}

/** @returns names of the kit's defective drivers that are there to break the rule */
export function driversThatBreak(id: string): string[] {
  return [...registeredDrivers].filter(([, { breaks }]) => breaks === id).map(([name]) => name);
}
