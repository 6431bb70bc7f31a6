/** A result as comparing needs it: of a statement, or of a `run.json`. */
import type { RuleResult, ScenarioResult, ShownVerdict } from '../results';
import type { Waiver } from '../waivers';

export interface ComparedRule extends Omit<RuleResult, 'verdict' | 'brokenIn'> {
  readonly verdict: ShownVerdict;
  /** Ids of the scenarios in which it failed, wherever they stand. */
  readonly failedIn: readonly string[];
  readonly violations: number;
  /** The first one, in words. */
  readonly firstViolation?: string;
}

export interface ComparedScenario extends Pick<ScenarioResult, 'id' | 'name' | 'rule' | 'verdict' | 'reason'> {
  /** It failed because a step did not hold, and a waiver covers that. */
  readonly waived?: true;
}

export interface ComparedWaiver extends Pick<
  Waiver,
  'rule' | 'scenario' | 'versions' | 'reason' | 'owner' | 'expires'
> {
  readonly state: string;
}

/** What the result is of: everything that a reader must know to be the same, or not. */
export interface ComparedFacts {
  readonly kit: string;
  readonly specification?: { readonly version: string; readonly sha256: string };
  readonly driver: string;
  /** The image's own version. */
  readonly driverVersion?: string;
  readonly driverSha256?: string;
  readonly profileSha256?: string;
  readonly adapter: string;
  readonly engine?: string;
  readonly observation: string;
  readonly seed: number;
  readonly conformance?: string;
  /** In words; absent: everything. */
  readonly selection?: string;
}

export interface ComparedRun {
  /** Path as the user gave it. */
  readonly source: string;
  readonly schema: 'statement/1' | 'run/1';
  readonly facts: ComparedFacts;
  readonly rules: readonly ComparedRule[];
  readonly scenarios: readonly ComparedScenario[];
  /** Undefined where the result cannot carry any: a run.json. */
  readonly waivers?: readonly ComparedWaiver[];
  /** How many planned scenarios it lacks. */
  readonly missing: number;
  /** `2 of 5` for a shard. */
  readonly part?: string;
}
