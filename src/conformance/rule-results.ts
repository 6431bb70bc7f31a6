/** The one place where the verdict on a rule is decided from the verdicts on its scenarios. */
import type { Rule } from '../rules';
import type { RuleResult, JudgedScenario, Verdict } from './results';

/** An exhibit shows a named driver; it says nothing about the driver under test. */
export const EXHIBIT_TAG = '@exhibit';

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
  const judged = scenarios.filter((scenario) => !scenario.tags.includes(EXHIBIT_TAG));
  return rules.map((rule) => ruleResult(rule, judged, specified.has(rule.id)));
}

function ruleResult(rule: Rule, scenarios: readonly JudgedScenario[], specified: boolean): RuleResult {
  const own = scenarios.filter((scenario) => scenario.rule === rule.id);
  const broken = scenarios.filter((scenario) => scenario.violations.some((violation) => violation.rule === rule.id));
  const exercised = scenarios.reduce((sum, scenario) => sum + (scenario.exercised[rule.id] ?? 0), 0);
  const { verdict, reason } = decide(own, broken, specified);
  return {
    rule: rule.id,
    verdict,
    ...(reason !== undefined && { reason }),
    scenarios: own.map((scenario) => scenario.id),
    brokenIn: broken.map((scenario) => scenario.id),
    exercised,
  };
}

function decide(
  own: readonly JudgedScenario[],
  broken: readonly JudgedScenario[],
  specified: boolean,
): { verdict: RuleResult['verdict']; reason?: string } {
  const [firstBroken] = broken;
  if (firstBroken) return { verdict: 'fail', reason: `broken in "${firstBroken.name}"` };
  if (own.length === 0 && specified) return { verdict: 'not observed', reason: 'this run left its scenarios out' };
  if (own.length === 0) return { verdict: 'not specified', reason: 'the specification has no scenario for it yet' };
  // What is worst decides, but a rule with at least one scenario that passed was observed.
  for (const verdict of ['fail', 'error'] as const) {
    const found = own.find((scenario) => scenario.verdict === verdict);
    if (found) return { verdict, reason: found.reason ?? `see "${found.name}"` };
  }
  if (own.some((scenario) => scenario.verdict === 'pass')) return { verdict: 'pass' };
  const verdict: Verdict = own.some((scenario) => scenario.verdict === 'not observed')
    ? 'not observed'
    : 'not applicable';
  const reason = own.find((scenario) => scenario.verdict === verdict)?.reason;
  return { verdict, ...(reason !== undefined && { reason }) };
}
