/** What is different between two results. */
import type { ShownVerdict } from '../results';
import type { ComparedRule, ComparedRun, ComparedScenario, ComparedWaiver } from './compared-run';
import { isSpecified } from '../rule-results';
import { ScenarioKeys } from './scenario-keys';
import { differencesOf } from './what-differs';

/**
 * `new failure`: it fails, and did not. `waived`: it fails, and somebody answers for it now. `fixed`: it failed, and is kept.
 * `applicability`, `observation`: the driver gained or lost what the rule is about; it can be seen, or no longer. `error`: the kit
 * broke, or no longer. `failures`: it fails as before, in other scenarios or more or less often. `counts`: as before, put to the
 * test more or less often.
 */
export type ChangeKind =
  'new failure' | 'waived' | 'fixed' | 'applicability' | 'observation' | 'error' | 'failures' | 'counts';

export const CHANGE_KINDS: readonly ChangeKind[] = [
  'new failure',
  'fixed',
  'waived',
  'applicability',
  'observation',
  'error',
  'failures',
  'counts',
];

export interface RuleChange {
  readonly rule: string;
  readonly kind: ChangeKind;
  readonly old: RuleSide;
  readonly new: RuleSide;
  /** Names of the scenarios in which it fails now and did not. */
  readonly failsIn: readonly string[];
  /** Names of the scenarios in which it failed and does not now. */
  readonly failsNoMoreIn: readonly string[];
  /** What a reader must know about it, in one sentence. */
  readonly note?: string;
}

export type RuleSide = Pick<ComparedRule, 'verdict' | 'reason' | 'exercised' | 'violations' | 'firstViolation'>;

export interface OneSided {
  /** Rules of the catalogue that the other does not have, or did not play, with their verdicts. */
  readonly rules: readonly { readonly rule: string; readonly verdict: ShownVerdict }[];
  readonly scenarios: readonly Pick<ComparedScenario, 'id' | 'name' | 'verdict'>[];
}

export interface Comparison {
  readonly schema: 'comparison/1';
  readonly old: Pick<ComparedRun, 'source' | 'facts'>;
  readonly new: Pick<ComparedRun, 'source' | 'facts'>;
  /** What the two do not have in common beside the driver, one sentence each. */
  readonly differences: readonly string[];
  /** How many rules and scenarios both have. */
  readonly compared: { readonly rules: number; readonly scenarios: number };
  /** In the order of `CHANGE_KINDS`, then of the catalogue. */
  readonly changes: readonly RuleChange[];
  /** Scenarios that stand under no rule and fail now, or failed. */
  readonly stories: readonly { readonly name: string; readonly id: string; readonly kind: 'new failure' | 'fixed' }[];
  readonly onlyOld: OneSided;
  readonly onlyNew: OneSided;
  readonly waivers: { readonly appeared: readonly ComparedWaiver[]; readonly gone: readonly ComparedWaiver[] };
}

/**
 * @param older the result that is the measure
 * @param newer the result that is held against it
 */
export function compareRuns(older: ComparedRun, newer: ComparedRun): Comparison {
  const keys = new ScenarioKeys(older, newer);
  const oldRules = new Map(older.rules.map((each) => [each.rule, each]));
  const both = newer.rules.flatMap((now) => {
    const before = oldRules.get(now.rule);
    return before && !isLeftOut(before, now) && !isLeftOut(now, before) ? [{ before, now }] : [];
  });
  const compared = new Set(both.map(({ now }) => now.rule));
  const shared = newer.scenarios.flatMap((now) => {
    const before = keys.oldOf(now.id);
    return before ? [{ before, now }] : [];
  });
  // How often rules were put to the test is no news where other scenarios were played.
  const areTheSame = shared.length === newer.scenarios.length && shared.length === older.scenarios.length;
  const changes = both
    .flatMap(({ before, now }) => changeOf(before, now, keys) ?? [])
    .filter(({ kind }) => kind !== 'counts' || areTheSame);
  const sharedOld = new Set(shared.map(({ before }) => before.id));
  const sharedNew = new Set(shared.map(({ now }) => now.id));
  return {
    schema: 'comparison/1',
    old: { source: older.source, facts: older.facts },
    new: { source: newer.source, facts: newer.facts },
    differences: differencesOf(older, newer),
    compared: { rules: compared.size, scenarios: shared.length },
    changes: CHANGE_KINDS.flatMap((kind) => changes.filter((change) => change.kind === kind)),
    stories: shared.flatMap(({ before, now }) => {
      const kind = storyKind(before, now);
      return kind === undefined ? [] : [{ id: now.id, name: now.name, kind }];
    }),
    onlyOld: oneSided(older, compared, sharedOld),
    onlyNew: oneSided(newer, compared, sharedNew),
    waivers: {
      appeared: missingIn(newer.waivers ?? [], older.waivers ?? []),
      gone: missingIn(older.waivers ?? [], newer.waivers ?? []),
    },
  };
}

/** Does anything fail that did not? */
export function hasNewFailures({ changes, stories }: Pick<Comparison, 'changes' | 'stories'>): boolean {
  return stories.some(({ kind }) => kind === 'new failure') || changes.some(isNewFailure);
}

/** Also where a rule that failed before fails in another scenario, and nobody answers for it. */
export function isNewFailure({ kind, failsIn, new: now }: RuleChange): boolean {
  return kind === 'new failure' || (kind === 'failures' && now.verdict === 'fail' && failsIn.length > 0);
}

/** What scenarios of one's own want is held against no rule, whichever they stand under. */
function storyKind(before: ComparedScenario, now: ComparedScenario): 'new failure' | 'fixed' | undefined {
  if (now.rule !== undefined && isSpecified(now)) return undefined;
  const fails = ({ verdict, waived }: ComparedScenario): boolean => verdict === 'fail' && !waived;
  if (fails(now)) return fails(before) ? undefined : 'new failure';
  return before.verdict === 'fail' && now.verdict === 'pass' ? 'fixed' : undefined;
}

/** One run chose other scenarios: that it says nothing about the rule is no change of the driver. */
function isLeftOut(rule: ComparedRule, other: ComparedRule): boolean {
  return rule.verdict === 'not observed' && rule.scenarios.length === 0 && other.scenarios.length > 0;
}

function changeOf(before: ComparedRule, now: ComparedRule, keys: ScenarioKeys): RuleChange | undefined {
  const failedBefore = new Set(before.failedIn.map((id) => keys.ofOld(id)));
  const failsNow = new Set(now.failedIn.map((id) => keys.ofNew(id)));
  const failsIn = now.failedIn.filter((id) => !failedBefore.has(keys.ofNew(id)));
  const failsNoMoreIn = before.failedIn.filter((id) => !failsNow.has(keys.ofOld(id)));
  const found = kindOf(before, now, failsIn.length + failsNoMoreIn.length > 0, keys);
  return (
    found && {
      rule: now.rule,
      kind: found.kind,
      old: sideOf(before),
      new: sideOf(now),
      failsIn: failsIn.map((id) => keys.nameOfNew(id)),
      failsNoMoreIn: failsNoMoreIn.map((id) => keys.nameOfOld(id)),
      ...(found.note !== undefined && { note: found.note }),
    }
  );
}

function kindOf(
  before: ComparedRule,
  now: ComparedRule,
  failsElsewhere: boolean,
  keys: ScenarioKeys,
): { readonly kind: ChangeKind; readonly note?: string } | undefined {
  if (before.verdict === now.verdict) {
    const isFailing = now.verdict === 'fail' || now.verdict === 'waived';
    if (isFailing && (failsElsewhere || before.violations !== now.violations)) return { kind: 'failures' };
    return before.exercised === now.exercised ? undefined : { kind: 'counts' };
  }
  if (now.verdict === 'fail') {
    if (before.verdict === 'waived') return { kind: 'new failure', note: 'it was waived, and is not any more' };
    const unplayed = now.failedIn.every((id) => keys.oldOf(id) === undefined);
    return { kind: 'new failure', ...(unplayed && { note: 'only in scenarios that the older result does not have' }) };
  }
  if (now.verdict === 'waived') return { kind: 'waived', note: whyWaived(before.verdict) };
  const failed = before.verdict === 'fail' || before.verdict === 'waived';
  if (!failed) return { kind: otherKind(before.verdict, now.verdict) };
  const again = before.failedIn.flatMap((id) => keys.newOf(id) ?? []);
  if (again.length < before.failedIn.length)
    return { kind: 'observation', note: 'scenarios in which it failed were not played again' };
  if (now.verdict === 'pass') return { kind: 'fixed' };
  // The run chose other rules, and yet it saw this one kept where it was broken.
  const isUnchosen = now.verdict === 'not observed' && now.scenarios.length === 0;
  if (isUnchosen && again.every(({ verdict }) => verdict === 'pass'))
    return { kind: 'fixed', note: 'in the scenarios in which it failed; its own were not chosen' };
  return { kind: otherKind(before.verdict, now.verdict), note: 'it failed, and was not judged again' };
}

function whyWaived(before: ShownVerdict): string {
  return before === 'fail'
    ? 'it failed before, and is waived now'
    : `it did not fail before (${before}), and is waived`;
}

function otherKind(before: ShownVerdict, now: ShownVerdict): ChangeKind {
  const has = (verdict: ShownVerdict): boolean => before === verdict || now === verdict;
  if (has('error')) return 'error';
  return has('not applicable') ? 'applicability' : 'observation';
}

function sideOf({ verdict, reason, exercised, violations, firstViolation }: ComparedRule): RuleSide {
  return {
    verdict,
    ...(reason !== undefined && { reason }),
    exercised,
    violations,
    ...(firstViolation !== undefined && { firstViolation }),
  };
}

function oneSided(run: ComparedRun, compared: ReadonlySet<string>, shared: ReadonlySet<string>): OneSided {
  return {
    rules: run.rules
      .filter(({ rule, scenarios, verdict }) => !compared.has(rule) && (scenarios.length > 0 || verdict === 'fail'))
      .map(({ rule, verdict }) => ({ rule, verdict })),
    scenarios: run.scenarios
      .filter(({ id }) => !shared.has(id))
      .map(({ id, name, verdict }) => ({ id, name, verdict })),
  };
}

function missingIn(waivers: readonly ComparedWaiver[], others: readonly ComparedWaiver[]): ComparedWaiver[] {
  const keyOf = ({ rule, scenario, versions }: ComparedWaiver): string => JSON.stringify([rule, scenario, versions]);
  const known = new Set(others.map(keyOf));
  return waivers.filter((waiver) => !known.has(keyOf(waiver)));
}
