/** The conformance statement `statement/1`: what a vendor hands over, and a reviewer checks with `lwf verify`. */
import type { FileFacts, RunIdentity } from '../identity';
import type { RuleResult, ScenarioResult, ShownVerdict, Verdict } from '../results';
import type { AppliedWaiver } from '../waivers';

/** From best to worst. */
export type Outcome = 'conforms' | 'conforms with waivers' | 'could not judge' | 'incomplete' | 'violations';

export interface StatementViolation {
  /** Id of the scenario. */
  readonly scenario: string;
  /** File of its trace. */
  readonly trace: string;
  readonly reading: 'default' | 'strict';
  /** seq of the crossing that broke the rule. */
  readonly at: number;
  /** seqs of the crossings that prove it. */
  readonly witnesses: readonly number[];
  readonly message: string;
}

/** `scenarios` are the ids of those that stand under it. */
export interface StatementRule extends Omit<RuleResult, 'verdict' | 'brokenIn'> {
  readonly verdict: ShownVerdict;
  readonly violations: readonly StatementViolation[];
  /** How many more violations there are than are listed. */
  readonly unlisted?: number;
  /** Those of its scenarios that failed. */
  readonly failedScenarios: readonly string[];
  /** Indices into the entries of the waivers that cover its failures. */
  readonly waivedBy?: readonly number[];
}

export interface StatementScenario extends Pick<
  ScenarioResult,
  'id' | 'name' | 'rule' | 'verdict' | 'reason' | 'spoiled'
> {
  /** The start of the lab machine that it was played in. */
  readonly boot?: string;
  readonly trace: { readonly file: string; readonly sha256: string; readonly crossings: number };
  /** Token for `lwf replay`. */
  readonly replay: string;
}

export interface StatementWaivers {
  /** The list, enclosed as `waived/FILE`. */
  readonly file: FileFacts;
  /** The day that it was held against: YYYY-MM-DD. */
  readonly on: string;
  readonly entries: readonly AppliedWaiver[];
}

export interface Environment {
  readonly platform: string;
  readonly arch: string;
  /** Version of Node. */
  readonly node: string;
}

export interface Statement {
  readonly schema: 'statement/1';
  readonly identity: RunIdentity;
  readonly environment: Environment;
  /** ISO 8601, UTC: all in which two runs of the same identity on the same machine differ. */
  readonly time: { readonly started: string; readonly finished: string };
  readonly outcome: Outcome;
  readonly totals: {
    readonly rules: Readonly<Record<ShownVerdict, number>>;
    readonly scenarios: Readonly<Record<Verdict, number>>;
  };
  /** Every rule of the catalogue, in its order. */
  readonly rules: readonly StatementRule[];
  /** In the order of the specification. */
  readonly scenarios: readonly StatementScenario[];
  readonly waivers?: StatementWaivers;
  /** The shard of a run that it is about. */
  readonly part?: { readonly index: number; readonly of: number };
  /** Scenarios (ids) that were to be played and were not. */
  readonly missing?: readonly string[];
  /** Command that makes the run again. */
  readonly reproduce: string;
  /** SHA-256 of the canonical JSON of all above but `time`. */
  readonly digest: string;
}

/** Its name in the folder of a run. */
export const STATEMENT_FILE = 'statement.json';
/** Its signature, beside it. */
export const SIGNATURE_FILE = 'statement.jws';
/** Folder of the enclosed list of waivers, in the folder of a run. */
export const WAIVED = 'waived';
