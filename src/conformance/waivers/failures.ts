/** What of a run has to be waived, taken apart: which rule, in which scenario. */
import type { JudgedScenario } from '../results';
import { isExhibit, isSpecified } from '../rule-results';

/** A rule that failed in one scenario. */
export interface Failure {
  /** Absent where a scenario that stands under no rule did not go as it must: that is held against no rule. */
  readonly rule?: string;
  /** Id of the scenario. */
  readonly scenario: string;
  readonly name: string;
  /** How often judges saw the rule broken there; 0: only a step of the scenario did not hold. */
  readonly violations: number;
}

/** The failures that decide the verdicts on rules, in the order of the run: `ruleResults` fails a rule exactly when there is one. */
export function failuresOf(scenarios: readonly JudgedScenario[]): Failure[] {
  return scenarios.flatMap((scenario) => {
    const { id, name, verdict, spoiled, violations } = scenario;
    const rule = isSpecified(scenario) ? scenario.rule : undefined;
    const isUnmet = verdict === 'fail' && !spoiled;
    // It shows another driver: only that it did not go as it must counts, and for no rule.
    if (isExhibit(scenario)) return isUnmet ? [{ scenario: id, name, violations: 0 }] : [];
    const counts = new Map<string, number>();
    for (const violation of violations) counts.set(violation.rule, (counts.get(violation.rule) ?? 0) + 1);
    const broken = [...counts].map(([broke, times]) => ({ rule: broke, scenario: id, name, violations: times }));
    if (!isUnmet || (rule !== undefined && counts.has(rule))) return broken;
    return [...broken, { ...(rule !== undefined && { rule }), scenario: id, name, violations: 0 }];
  });
}
