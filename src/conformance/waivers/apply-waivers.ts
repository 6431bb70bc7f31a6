/** Which failures of a run are waived, and which waivers are not what they should be. */
import { readRange, readVersion } from '../driver-version';
import type { Selection } from '../identity';
import type { JudgedScenario, RuleResult, ShownVerdict } from '../results';
import { failuresOf, type Failure } from './failures';
import type { Waiver, Waivers } from './waivers';

/**
 * `used`: it covers failures. `unused`: it covers none, since others do or the driver cannot break the rule. `expired`: its day is
 * past. `now passes`: what it is for is kept. `other version`: it is for other versions of the driver. `not judged`: this run does
 * not say whether it is needed.
 */
export type WaiverState = 'used' | 'unused' | 'expired' | 'now passes' | 'other version' | 'not judged';

export interface CoveredFailure {
  /** Id of the scenario. */
  readonly scenario: string;
  /** How often judges saw the rule broken there; 0: only a step of the scenario did not hold. */
  readonly violations: number;
}

/** A waiver, and what became of it in a run: plain data. */
export interface AppliedWaiver extends Waiver {
  readonly state: WaiverState;
  /** Why it has this state, in one sentence. */
  readonly explanation: string;
  /** Failures that it covers; none unless it is used. */
  readonly covers: readonly CoveredFailure[];
  /** The list of waivers no longer says what is true: it should be struck out. */
  readonly stale: boolean;
}

/** What of a run is looked at. */
export interface WaivableRun {
  readonly scenarios: readonly JudgedScenario[];
  readonly rules: readonly RuleResult[];
  readonly identity?: { readonly selection?: Selection };
  /** Scenarios that were planned and not run. */
  readonly missing?: readonly string[];
  readonly part?: unknown;
}

export interface WaiverFacts {
  /** The day on which they are judged: YYYY-MM-DD. */
  readonly today: string;
  /** As the image's resources say it, if they do. */
  readonly driverVersion?: string | undefined;
}

export interface WaivedRun {
  /** In the order of the list. */
  readonly entries: readonly AppliedWaiver[];
  /** Failures that no valid waiver covers. */
  readonly uncovered: readonly Failure[];
  /** The verdict on a rule: `waived` when it failed and valid waivers cover all of it. */
  readonly verdictOf: (rule: string) => ShownVerdict;
  /** Indices of the waivers that cover failures of a rule, ascending. */
  readonly waivedBy: (rule: string) => readonly number[];
  /** Index of the waiver that covers what a rule did in a scenario; undefined when none does. */
  readonly coverOf: (scenario: string, rule: string | undefined) => number | undefined;
  /** Indices of the waivers that cover a scenario that failed, ascending; none when something in it is not covered. */
  readonly scenarioWaivedBy: (scenario: string) => readonly number[];
}

/**
 * Holds the failures of a run against a list of waivers. Pure: the same run, list and day give the same.
 * @returns what became of each waiver, and of each rule and scenario that failed
 */
export function applyWaivers(run: WaivableRun, { entries }: Waivers, facts: WaiverFacts): WaivedRun {
  const failures = failuresOf(run.scenarios);
  const valid = entries.map((waiver) => !isExpired(waiver, facts) && isForVersion(waiver, facts));
  const coveredBy = new Map(failures.map((failure) => [failure, coverOf(failure, entries, valid)]));
  const uncovered = failures.filter((failure) => coveredBy.get(failure) === undefined);
  const byIndex = (of: (failure: Failure) => boolean): number[] =>
    [...new Set(failures.filter(of).flatMap((failure) => coveredBy.get(failure) ?? []))].sort((a, b) => a - b);
  const verdicts = new Map(run.rules.map(({ rule, verdict }) => [rule, verdict]));
  return {
    entries: entries.map((waiver, index) => {
      const matching = failures.filter((failure) => covers(waiver, failure));
      const own = matching.filter((failure) => coveredBy.get(failure) === index);
      const needed = matching.filter((failure) => uncovered.includes(failure));
      return { ...waiver, ...applied(waiver, { run, facts, matching, own, needed }) };
    }),
    uncovered,
    verdictOf: (rule) => {
      const verdict = verdicts.get(rule) ?? 'not specified';
      return verdict === 'fail' && !uncovered.some((failure) => failure.rule === rule) ? 'waived' : verdict;
    },
    coverOf: (scenario, rule) => {
      const failure = failures.find((each) => each.scenario === scenario && each.rule === rule);
      return failure && coveredBy.get(failure);
    },
    waivedBy: (rule) => byIndex((failure) => failure.rule === rule),
    scenarioWaivedBy: (scenario) =>
      uncovered.some((failure) => failure.scenario === scenario) ? [] : byIndex((each) => each.scenario === scenario),
  };
}

/** Index of the waiver that a failure is put down to: of those that cover it the one that says most exactly what it is for. */
function coverOf(failure: Failure, entries: readonly Waiver[], valid: readonly boolean[]): number | undefined {
  const exactness = ({ scenario, versions }: Waiver): number =>
    (scenario === undefined ? 0 : 2) + (versions === undefined ? 0 : 1);
  let best: number | undefined;
  for (const [index, waiver] of entries.entries()) {
    if (!valid[index] || !covers(waiver, failure)) continue;
    const other = best === undefined ? undefined : entries[best];
    if (other === undefined || exactness(waiver) > exactness(other)) best = index;
  }
  return best;
}

/** What is held against no rule is covered by whoever names its very scenario. */
function covers({ rule, scenario }: Waiver, failure: Failure): boolean {
  const isNamed = scenario !== undefined && (scenario === failure.scenario || scenario === failure.name);
  return failure.rule === undefined ? isNamed : failure.rule === rule && (scenario === undefined || isNamed);
}

function isExpired({ expires }: Waiver, { today }: WaiverFacts): boolean {
  return expires < today;
}

function isForVersion({ versions }: Waiver, { driverVersion }: WaiverFacts): boolean {
  if (versions === undefined) return true;
  const version = driverVersion === undefined ? undefined : readVersion(driverVersion);
  return version !== undefined && readRange(versions)?.(version) === true;
}

interface Situation {
  readonly run: WaivableRun;
  readonly facts: WaiverFacts;
  /** Failures that are what the waiver is for, valid or not. */
  readonly matching: readonly Failure[];
  /** Those that are put down to it. */
  readonly own: readonly Failure[];
  /** Those that nothing covers. */
  readonly needed: readonly Failure[];
}

type Applied = Pick<AppliedWaiver, 'state' | 'explanation' | 'covers' | 'stale'>;

function applied(waiver: Waiver, situation: Situation): Applied {
  const { facts, matching, own, needed } = situation;
  const end = (state: WaiverState, explanation: string, stale = false): Applied => ({
    state,
    explanation,
    covers: own.map(({ scenario, violations }) => ({ scenario, violations })),
    stale,
  });
  if (!isForVersion(waiver, facts)) {
    const { driverVersion } = facts;
    const version =
      driverVersion === undefined || !readVersion(driverVersion) ? 'names no version' : `is ${driverVersion}`;
    return end('other version', `it is for versions ${waiver.versions ?? ''}, and this driver ${version}`);
  }
  if (isExpired(waiver, facts)) {
    const why = `it held until ${waiver.expires}`;
    if (needed.length > 0) return end('expired', `${why}, and ${whatFails(waiver, needed)}`);
    const unneeded = reasonWithoutFailures(waiver, situation);
    if (matching.length > 0) return end('expired', `${why}; other waivers cover what it is for`, true);
    return end('expired', `${why}; ${unneeded.explanation}`, unneeded.state !== 'not judged');
  }
  if (own.length > 0) return end('used', whatFails(waiver, own));
  if (matching.length > 0) {
    return isPartly(situation.run)
      ? end('not judged', 'other waivers cover what it is for, but this run left scenarios out')
      : end('unused', 'other waivers cover all that it is for', true);
  }
  const { state, explanation } = reasonWithoutFailures(waiver, situation);
  return end(state, explanation, state !== 'not judged');
}

function whatFails({ rule }: Waiver, failures: readonly Failure[]): string {
  const violations = failures.reduce((sum, failure) => sum + failure.violations, 0);
  const [first, ...others] = failures;
  const where = others.length === 0 ? `"${first?.name ?? ''}"` : `${failures.length} scenarios`;
  if (violations === 0) return `${rule} fails in ${where}`;
  return `${rule} is broken ${violations === 1 ? 'once' : `${violations} times`} in ${where}`;
}

/** Nothing that the waiver is for failed: is it kept, can it not be broken, or was it not looked at? */
function reasonWithoutFailures(
  { rule, scenario }: Waiver,
  { run }: Situation,
): { readonly state: 'unused' | 'now passes' | 'not judged'; readonly explanation: string } {
  const result = run.rules.find((each) => each.rule === rule);
  if (scenario !== undefined) {
    const played = run.scenarios.filter(({ id, name }) => id === scenario || name === scenario);
    const verdicts = new Set(played.map(({ verdict }) => verdict));
    if (played.length === 0) return { state: 'not judged', explanation: 'this run left its scenario out' };
    if (verdicts.has('error') || verdicts.has('not observed'))
      return { state: 'not judged', explanation: 'its scenario could not be judged' };
    if (verdicts.has('pass')) return { state: 'now passes', explanation: 'its scenario now passes' };
    if (verdicts.has('fail'))
      return { state: 'now passes', explanation: `its scenario fails, and not because of ${rule} any more` };
    return { state: 'unused', explanation: 'its scenario is not applicable to this driver' };
  }
  switch (result?.verdict) {
    case 'pass':
    case 'not applicable': {
      const found = result.verdict === 'pass' ? 'passes' : 'is not applicable';
      if (isPartly(run))
        return { state: 'not judged', explanation: `${rule} ${found}, but this run left scenarios out` };
      if (result.verdict === 'pass') return { state: 'now passes', explanation: 'this run found it kept' };
      return { state: 'unused', explanation: `${rule} is not applicable to this driver` };
    }
    default:
      return {
        state: 'not judged',
        explanation: `this run does not judge ${rule}: ${result?.reason ?? 'it has no verdict'}`,
      };
  }
}

/** A rule can be broken in any scenario, also in one that stands under another. */
function isPartly({ identity, missing = [], part }: WaivableRun): boolean {
  return Object.keys(identity?.selection ?? {}).length > 0 || missing.length > 0 || part !== undefined;
}
