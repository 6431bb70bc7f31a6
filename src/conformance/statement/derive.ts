/** What a statement says of rules and of the whole, from what is known of each scenario. Making and verifying share it. */
import type { ConformanceProfile, RunIdentity } from '../identity';
import { SCENARIO_VERDICTS, SHOWN_VERDICTS, type JudgedScenario, type RuleResult } from '../results';
import { isExhibit } from '../rule-results';
import type { Violation } from '../../rules';
import { outcomeOf } from '../outcome';
import { toldOutcome, waivedOutcome, type WaivedRun } from '../waivers';
import { type Outcome, type Statement, type StatementRule, type StatementViolation } from './statement';

/** Whoever breaks a rule more often learns nothing from more of them; but every scenario in which it is broken is named. */
const LISTED = 100;

/** A scenario with what the judges found in its trace. */
export interface EvidencedScenario extends JudgedScenario {
  readonly strictFindings: readonly Violation[];
  /** File of its trace, below the folder of the statement. */
  readonly traceFile: string;
}

export interface Evidenced {
  readonly conformance: ConformanceProfile;
  readonly scenarios: readonly EvidencedScenario[];
  /** The verdicts on the rules, before waivers. */
  readonly rules: readonly RuleResult[];
  readonly waived: WaivedRun | undefined;
  readonly missing: readonly string[];
  readonly isPart: boolean;
}

/** The version of the driver that waivers are for. */
export function driverVersionOf({ driver }: RunIdentity): string | undefined {
  const version = driver.image?.version;
  return version?.['FileVersion'] ?? version?.['ProductVersion'];
}

/**
 * @param evidenced a run, or what is left of it in the statement's folder
 * @returns the part of a statement that says what was found
 */
export function derive(evidenced: Evidenced): Pick<Statement, 'outcome' | 'totals' | 'rules'> {
  const { scenarios, waived } = evidenced;
  const listed = listViolations(scenarios);
  const failed = new Set(scenarios.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id));
  const rules = evidenced.rules.map((result): StatementRule => {
    const { rule, reason } = result;
    const violations = listed.get(rule) ?? [];
    const told = toldOf(violations);
    const waivedBy = waived?.waivedBy(rule) ?? [];
    return {
      rule,
      verdict: waived?.verdictOf(rule) ?? result.verdict,
      ...(reason !== undefined && { reason }),
      exercised: result.exercised,
      scenarios: result.scenarios,
      violations: told,
      ...(violations.length > told.length && { unlisted: violations.length - told.length }),
      failedScenarios: result.scenarios.filter((id) => failed.has(id)),
      ...(waivedBy.length > 0 && { waivedBy }),
    };
  });
  return {
    outcome: statementOutcome(evidenced),
    totals: {
      rules: count(SHOWN_VERDICTS, rules),
      scenarios: count(SCENARIO_VERDICTS, scenarios),
    },
    rules,
  };
}

function toldOf(violations: readonly StatementViolation[]): StatementViolation[] {
  const places = new Set<string>();
  return violations.filter(({ scenario, reading }, index) => {
    const known = places.size;
    const isFirst = places.add(`${reading} ${scenario}`).size > known;
    return isFirst || index < LISTED;
  });
}

function listViolations(scenarios: readonly EvidencedScenario[]): Map<string, StatementViolation[]> {
  const listed = new Map<string, StatementViolation[]>();
  for (const { id, tags, traceFile, violations, strictFindings } of scenarios) {
    // An exhibit shows another driver.
    if (isExhibit({ tags })) continue;
    for (const { rule, reading, at, witnesses, message } of [...violations, ...strictFindings]) {
      const found = listed.get(rule) ?? [];
      listed.set(rule, found);
      found.push({ scenario: id, trace: traceFile, reading, at, witnesses, message });
    }
  }
  return listed;
}

function statementOutcome({ conformance, scenarios, waived, missing, isPart }: Evidenced): Outcome {
  const run = { identity: { conformance }, scenarios, missing, ...(isPart && { part: isPart }) };
  return toldOutcome(waived ? waivedOutcome(run, waived) : outcomeOf(run), isPart);
}

function count<V extends string>(
  kinds: readonly V[],
  results: readonly { readonly verdict: V }[],
): Readonly<Record<V, number>> {
  const counts = Object.fromEntries(kinds.map((kind) => [kind, 0])) as Record<V, number>;
  for (const { verdict } of results) counts[verdict] += 1;
  return counts;
}
