/** What a statement must say, derived again from the traces beside it. */
import { rules } from '../../rules';
import { caseOf, readToken } from '../replay/token';
import { isExhibit, ruleResults } from '../rule-results';
import { specifiedRules } from '../specified';
import type { WaivedRun, Waivers } from '../waivers';
import { applyWaivers } from '../waivers';
import { canonicalJson } from './canonical';
import { derive, driverVersionOf, type EvidencedScenario } from './derive';
import type { JudgedTrace } from './evidence';
import type { PlannedScenario } from './plan';
import { reproduceCommand } from './reproduce';
import type { Statement, StatementRule, StatementScenario } from './statement';

export interface Rejudged {
  readonly scenarios: readonly EvidencedScenario[];
  /** Scenarios whose verdict the judges contradict, one sentence each. */
  readonly contradictions: readonly string[];
}

/**
 * @param judged scenario id -> what the judges say of its trace; all scenarios
 * @param plan scenario id -> what the specification says of it; all scenarios
 */
export function rejudge(
  { identity, scenarios }: Statement,
  judged: ReadonlyMap<string, JudgedTrace>,
  plan: ReadonlyMap<string, PlannedScenario>,
): Rejudged {
  const contradictions: string[] = [];
  const again = scenarios.map((scenario): EvidencedScenario => {
    const trace = judged.get(scenario.id);
    const tags = plan.get(scenario.id)?.tags ?? [];
    const found = trace ? { ...trace } : { violations: [], strictFindings: [], exercised: {} };
    const isStrict = identity.conformance === 'strict' && !isExhibit({ tags });
    const all = [...found.violations, ...found.strictFindings].sort((left, right) => left.at - right.at);
    const evidenced = {
      ...scenario,
      tags,
      traceFile: scenario.trace.file,
      violations: isStrict ? all : found.violations,
      strictFindings: isStrict ? [] : found.strictFindings,
      exercised: found.exercised,
    };
    contradictions.push(...verdictFaults(scenario, evidenced));
    return evidenced;
  });
  return { scenarios: again, contradictions };
}

/** A driver that breaks a rule cannot have passed. What steps saw is not in the trace: that only playing again can tell. */
function verdictFaults({ id, verdict, spoiled }: StatementScenario, { tags, violations }: EvidencedScenario): string[] {
  const [first] = violations;
  if (isExhibit({ tags })) return [];
  if (first && verdict !== 'fail' && verdict !== 'error') {
    return [`${id} is said to be "${verdict}", and in its trace the judges find ${first.rule} broken at #${first.at}.`];
  }
  if (spoiled && !first) return [`${id} is said to be spoiled by a broken rule, and the judges find none broken.`];
  return [];
}

/** @returns how the verdicts, totals and the outcome differ from what the traces give, one sentence each */
export function resultFaults(
  statement: Statement,
  scenarios: readonly EvidencedScenario[],
  waived: WaivedRun | undefined,
): string[] {
  const { missing = [], part, identity } = statement;
  const derived = derive({
    conformance: identity.conformance,
    scenarios,
    rules: ruleResults(rules, scenarios, specifiedRules()),
    waived,
    missing,
    isPart: part !== undefined,
  });
  return [
    ...(statement.reproduce === reproduceCommand(identity, part, statement.waivers)
      ? []
      : ['The command that makes the run again is not the one of this run.']),
    ...statement.scenarios.flatMap((scenario) => tokenFaults(statement, scenario)),
    ...ruleFaults(statement.rules, derived.rules),
    ...(['rules', 'scenarios'] as const).flatMap((counted) => totalFaults(counted, statement, derived)),
    ...(statement.outcome === derived.outcome
      ? []
      : [`The outcome is said to be "${statement.outcome}", and the evidence gives "${derived.outcome}".`]),
  ];
}

/** The waivers held against the traces again, as on the day that the statement names. */
export function waivedAgain(
  { identity, missing = [], part, waivers }: Statement,
  scenarios: readonly EvidencedScenario[],
  list: Waivers,
): WaivedRun {
  return applyWaivers(
    {
      identity,
      scenarios,
      rules: ruleResults(rules, scenarios, specifiedRules()),
      missing,
      ...(part && { part }),
    },
    list,
    { today: waivers?.on ?? '', driverVersion: driverVersionOf(identity) },
  );
}

/** What a token says of the text of the scenario and of the findings, only playing again can tell. */
function tokenFaults({ identity }: Statement, { id, verdict, replay }: StatementScenario): string[] {
  const fault = `The token of ${id} is not one of this scenario.`;
  try {
    const { textHash: _text, findings: _findings, ...token } = readToken(replay);
    return canonicalJson(token) === canonicalJson({ ...caseOf(identity), scenario: id, verdict }) ? [] : [fault];
  } catch {
    return [fault];
  }
}

function ruleFaults(stated: readonly StatementRule[], derived: readonly StatementRule[]): string[] {
  const byId = new Map(stated.map((rule) => [rule.rule, rule]));
  const faults = derived.flatMap((wanted) => {
    const rule = byId.get(wanted.rule);
    if (!rule) return `${wanted.rule} is a rule of the catalogue, and the statement leaves it out.`;
    return canonicalJson(rule) === canonicalJson(wanted) ? [] : ruleFault(rule, wanted);
  });
  if (faults.length > 0 || stated.length === derived.length) {
    const isOrdered = stated.every(({ rule }, index) => rule === derived[index]?.rule);
    return faults.length > 0 || isOrdered ? faults : ['The rules do not stand in the order of the catalogue.'];
  }
  return ['The statement names rules that the catalogue does not have, or one twice.'];
}

function ruleFault(stated: StatementRule, wanted: StatementRule): string {
  const { rule, verdict } = stated;
  if (verdict !== wanted.verdict) {
    const why = wanted.reason === undefined ? '' : ` (${wanted.reason})`;
    return `${rule} is said to be "${verdict}", and the evidence gives "${wanted.verdict}"${why}.`;
  }
  const names = Object.keys({ ...stated, ...wanted }) as (keyof StatementRule)[];
  const other = names.filter((name) => canonicalJson([stated[name]]) !== canonicalJson([wanted[name]]));
  return `What the statement says of ${rule} (${other.join(', ')}) is not what the evidence gives.`;
}

function totalFaults(
  counted: 'rules' | 'scenarios',
  { totals: stated }: Pick<Statement, 'totals'>,
  { totals: derived }: Pick<Statement, 'totals'>,
): string[] {
  const told: Readonly<Record<string, number>> = stated[counted];
  return Object.entries(derived[counted])
    .filter(([verdict, count]) => told[verdict] !== count)
    .map(
      ([verdict, count]) =>
        `The statement counts ${told[verdict] ?? 0} ${counted} "${verdict}", and there are ${count}.`,
    );
}
