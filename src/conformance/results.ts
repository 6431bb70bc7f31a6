/** What a run found, as plain data: written to `reports/run.json`, read by every report generator. */
import type { Crossing } from '../trace';
import type { Violation } from '../rules/rule';
import type { RunIdentity } from './identity';
import type { MachineNotes } from './lab/notes';

/** On a scenario. Never merge them: README.md, Verdicts, tells what each means. */
export const SCENARIO_VERDICTS = ['pass', 'fail', 'not applicable', 'not observed', 'error'] as const;

export type Verdict = (typeof SCENARIO_VERDICTS)[number];

/** On a rule, and as readers are shown them, in the order in which they are always counted. */
export const SHOWN_VERDICTS = [
  'pass',
  'fail',
  'waived',
  'not applicable',
  'not observed',
  'error',
  'not specified',
] as const;

/**
 * `waived`: it fails, and a reviewed list of waivers covers all of it; never counted as passed. `not specified`: the catalogue has the rule,
 * no scenario exercises it yet.
 */
export type ShownVerdict = (typeof SHOWN_VERDICTS)[number];

export interface StepResult {
  readonly keyword: string;
  readonly text: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  /** For a failed step: what was expected and what was there, without a stack. */
  readonly message?: string;
}

export interface ScenarioResult {
  /** `features/pause/pending.feature:12` */
  readonly id: string;
  readonly uri: string;
  readonly line: number;
  readonly feature: string;
  /** Id of the rule whose `Rule:` it stands under, if any. */
  readonly rule?: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly steps: readonly StepResult[];
  readonly verdict: Verdict;
  /** Why it is not a pass, in one sentence. */
  readonly reason?: string;
  /** It failed because rules are broken, and that says nothing against the rule it stands under, unless it is one of them. */
  readonly spoiled?: true;
  readonly violations: readonly Violation[];
  /** Violations of the stricter readings; they never fail a run of the default profile. */
  readonly strictFindings: readonly Violation[];
  readonly trace: readonly Crossing[];
  /** Rules that judges saw put to the test in this scenario, and how often. */
  readonly exercised: Readonly<Record<string, number>>;
  readonly bugcheck?: string;
  /** What became of the lab machine that it was played on. */
  readonly machine?: MachineNotes;
  /** Command that runs this scenario again. */
  readonly replay: string;
}

/** What the verdict on a rule is decided from. */
export type JudgedScenario = Pick<
  ScenarioResult,
  'id' | 'rule' | 'name' | 'tags' | 'verdict' | 'reason' | 'spoiled' | 'violations' | 'exercised'
>;

export interface RuleResult {
  readonly rule: string;
  readonly verdict: Exclude<ShownVerdict, 'waived'>;
  readonly reason?: string;
  readonly scenarios: readonly string[];
  /** Scenarios (ids) in which a judge found it broken, wherever they stand. */
  readonly brokenIn: readonly string[];
  /** How often judges saw it put to the test. */
  readonly exercised: number;
}

/** Every `of`-th scenario of a plan, from the `index`-th on. */
export interface RunPart {
  /** 1 … `of`. */
  readonly index: number;
  readonly of: number;
  /** How many scenarios the whole run has. */
  readonly total: number;
  /** Hash of the ids of all scenarios of the whole run, in their order. */
  readonly plan: string;
}

export interface RunResult {
  readonly schema: 'run/1';
  readonly kit: string;
  readonly adapter: string;
  readonly observation: string;
  readonly driver: string;
  readonly seed: number;
  /** All that decides this result. */
  readonly identity: RunIdentity;
  /** It is one shard of a run: `lwf merge` joins them. */
  readonly part?: RunPart;
  /** Scenarios (ids) that were to be played and were not, as the run was interrupted. */
  readonly missing?: readonly string[];
  /** Why they are missing, where nobody interrupted it: the machine is gone. */
  readonly brokenOff?: string;
  readonly scenarios: readonly ScenarioResult[];
  readonly rules: readonly RuleResult[];
  /** Transitions of the module state machine that the run's traces contain: `Running>Pausing` -> count. */
  readonly transitions: Readonly<Record<string, number>>;
}

/** One defective driver in the kill matrix. */
export interface MatrixRow {
  readonly driver: string;
  /** One paragraph: what is wrong and where it was seen in the field. */
  readonly story: string;
  /** The rule the defect is there for. */
  readonly breaks: string;
  /** Other rules it trips, with the reason why that is so. */
  readonly explained: Readonly<Record<string, string>>;
  /** Rules that judges found broken -> scenarios (ids) in which they did. */
  readonly killedBy: Readonly<Record<string, readonly string[]>>;
  /** Scenarios whose verdict is fail / error under this driver. */
  readonly failedScenarios: number;
  readonly errors: number;
}

export interface KillMatrix {
  readonly schema: 'kill-matrix/1';
  readonly rules: readonly string[];
  readonly rows: readonly MatrixRow[];
  /** Rules that judges found broken by the reference filter: must be empty. */
  readonly reference: readonly string[];
  /** What is wrong with the matrix, one sentence each: a rule nobody kills, an unexplained kill, an explanation that no longer holds. */
  readonly problems: readonly string[];
}
