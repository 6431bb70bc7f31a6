/** Verdicts as they are shown when a run was held against a list of waivers: a waived failure is never a plain one, and never a pass. */
import type { AppliedWaiver, WaivedRun } from '../conformance/waivers';
import type { RuleResult, ScenarioResult, ShownVerdict, Verdict } from '../conformance/results';

/** What became of a list of waivers. */
export interface ShownWaivers extends WaivedRun {
  /** Name of the list. */
  readonly file: string;
  /** The day it was held against: YYYY-MM-DD. */
  readonly on: string;
}

export function shownRule({ rule, verdict }: Pick<RuleResult, 'rule' | 'verdict'>, waivers?: WaivedRun): ShownVerdict {
  return waivers?.verdictOf(rule) ?? verdict;
}

export function shownScenario(
  { id, verdict }: Pick<ScenarioResult, 'id' | 'verdict'>,
  waivers?: WaivedRun,
): Verdict | 'waived' {
  return verdict === 'fail' && (waivers?.scenarioWaivedBy(id).length ?? 0) > 0 ? 'waived' : verdict;
}

/** @returns `until 2026-12-31 by us: why (https://…)` */
export function answerText({ expires, owner, reason, link }: AppliedWaiver): string {
  return `until ${expires} by ${owner}: ${reason} (${link})`;
}

/** @returns who answers for a scenario that is waived: `waived until 2026-12-31 by us: why (https://…)` */
export function waivedText(
  { id }: Pick<ScenarioResult, 'id'>,
  { entries, scenarioWaivedBy }: Pick<WaivedRun, 'entries' | 'scenarioWaivedBy'>,
): string {
  return `waived ${scenarioWaivedBy(id)
    .flatMap((index) => entries[index] ?? [])
    .map(answerText)
    .join('; ')}`;
}

/** Does a waiver need somebody's hand? */
export function isTrouble({ state, stale }: AppliedWaiver): boolean {
  return stale || state === 'expired';
}
