/** A result as comparing needs it: of a statement, or of a `run.json`. */
import type { ShownVerdict, Verdict } from '../results';

export interface ComparedRule {
  readonly rule: string;
  readonly verdict: ShownVerdict;
  readonly reason?: string;
  readonly exercised: number;
  /** Ids of the scenarios of its own that were played. */
  readonly scenarios: readonly string[];
  /** Ids of the scenarios in which it failed, wherever they stand. */
  readonly failedIn: readonly string[];
  readonly violations: number;
  /** The first one, in words. */
  readonly firstViolation?: string;
}

export interface ComparedScenario {
  readonly id: string;
  readonly name: string;
  readonly rule?: string;
  readonly verdict: Verdict;
  readonly reason?: string;
  /** It failed because a step did not hold, and a waiver covers that. */
  readonly waived?: true;
}

export interface ComparedWaiver {
  readonly rule: string;
  readonly scenario?: string;
  readonly versions?: string;
  readonly reason: string;
  readonly owner: string;
  readonly expires: string;
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
