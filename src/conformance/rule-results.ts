/** The one place where the verdict on a rule is decided from the verdicts on its scenarios. */
import type { Rule } from '../rules';
import type { RuleResult, JudgedScenario, Verdict } from './results';

/** An exhibit shows a named driver; it says nothing about the driver under test. */
export const EXHIBIT_TAG = '@exhibit';

export function isExhibit({ tags }: Pick<JudgedScenario, 'tags'>): boolean {
  return tags.includes(EXHIBIT_TAG);
}

/**
 * Does it stand in the specification? A scenario that somebody wrote himself may ask for less than the rule that it names: that it
 * passes says nothing of the rule, and what it wants beyond that is no failure of the rule either. Judges watch it like any other.
 */
export function isSpecified({ id }: Pick<JudgedScenario, 'id'>): boolean {
  return id.startsWith('features/');
}

/**
 * @param rules the catalogue
 * @param scenarios all scenarios of the run
 * @param specified ids of the rules that have scenarios, in this run or not
 * @returns one result a rule, in the order of the catalogue
 */
export function ruleResults(
  rules: readonly Rule[],
  scenarios: readonly JudgedScenario[],
  specified: ReadonlySet<string>,
): RuleResult[] {
  const found = new Map(rules.map((rule) => [rule.id, noFindings()]));
  for (const scenario of scenarios) if (!isExhibit(scenario)) note(scenario, found);
  return rules.map(({ id }) => ruleResult(id, found.get(id) ?? noFindings(), specified.has(id)));
}

/** What a run has on one rule. */
interface Findings {
  /** Scenarios that stand under the rule. */
  readonly own: JudgedScenario[];
  /** Scenarios in which it was broken. */
  readonly broken: Set<JudgedScenario>;
  exercised: number;
}

function noFindings(): Findings {
  return { own: [], broken: new Set(), exercised: 0 };
}

function note(scenario: JudgedScenario, found: ReadonlyMap<string, Findings>): void {
  if (scenario.rule !== undefined && isSpecified(scenario)) found.get(scenario.rule)?.own.push(scenario);
  for (const { rule } of scenario.violations) found.get(rule)?.broken.add(scenario);
  for (const [rule, times] of Object.entries(scenario.exercised)) {
    const findings = found.get(rule);
    if (findings) findings.exercised += times;
  }
}

function ruleResult(rule: string, findings: Findings, specified: boolean): RuleResult {
  const { own, exercised } = findings;
  const broken = [...findings.broken];
  const { verdict, reason } = decide(rule, own, broken, specified);
  return {
    rule,
    verdict,
    ...(reason !== undefined && { reason }),
    scenarios: own.map((scenario) => scenario.id),
    brokenIn: broken.map((scenario) => scenario.id),
    exercised,
  };
}

function decide(
  rule: string,
  own: readonly JudgedScenario[],
  broken: readonly JudgedScenario[],
  specified: boolean,
): { verdict: RuleResult['verdict']; reason?: string } {
  const [firstBroken] = broken;
  // In the scenarios of one rule others can be broken: that is held against those.
  const judged = own.filter(({ verdict, spoiled }) => verdict !== 'fail' || !spoiled);
  if (firstBroken) return { verdict: 'fail', reason: `broken in "${firstBroken.name}"` };
  if (own.length === 0 && specified) return { verdict: 'not observed', reason: 'this run left its scenarios out' };
  if (own.length === 0) return { verdict: 'not specified', reason: 'the specification has no scenario for it yet' };
  // What is worst decides, but a rule with at least one scenario that passed was observed.
  for (const verdict of ['fail', 'error'] as const) {
    const found = judged.find((scenario) => scenario.verdict === verdict);
    if (found) return { verdict, reason: found.reason ?? `see "${found.name}"` };
  }
  if (own.some((scenario) => scenario.verdict === 'pass')) return { verdict: 'pass' };
  const [spoiled, ...others] = own.filter((scenario) => !judged.includes(scenario));
  // What the judges saw kept was kept.
  if (spoiled && [spoiled, ...others].some(({ exercised }) => (exercised[rule] ?? 0) > 0)) return { verdict: 'pass' };
  if (spoiled) return { verdict: 'not observed', reason: `its scenarios were spoiled: ${spoiled.reason ?? ''}` };
  const verdict: Verdict = own.some((scenario) => scenario.verdict === 'not observed')
    ? 'not observed'
    : 'not applicable';
  const reason = own.find((scenario) => scenario.verdict === verdict)?.reason;
  return { verdict, ...(reason !== undefined && { reason }) };
}
