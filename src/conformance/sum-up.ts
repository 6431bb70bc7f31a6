/** From scenarios to the result of a run. Whatever way they were played: the same scenarios, the same result. */
import { rules } from '../rules';
import type { ConformanceProfile, RunIdentity } from './identity';
import type { PlayedScenario } from './player';
import type { RunPart, RunResult, ScenarioResult } from './results';
import { isExhibit, ruleResults } from './rule-results';
import { specifiedRules } from './specified';
import { countTransitions } from './transitions';

export interface Findings {
  readonly identity: RunIdentity;
  /** In the order of the plan. */
  readonly scenarios: readonly ScenarioResult[];
  readonly part?: RunPart;
  readonly missing?: readonly string[];
  /** Why they are missing, where nobody interrupted it. */
  readonly brokenOff?: string;
}

export function sumUp({ identity, scenarios, part, missing, brokenOff }: Findings): RunResult {
  const transitions: Record<string, number> = {};
  for (const scenario of scenarios) countTransitions(scenario.trace, transitions);
  return {
    schema: 'run/1',
    kit: identity.kit,
    adapter: identity.adapter.name,
    observation: identity.adapter.observation,
    driver: identity.driver.name,
    seed: identity.seed,
    identity,
    ...(part && { part }),
    ...(missing && { missing }),
    ...(brokenOff !== undefined && { brokenOff }),
    scenarios,
    rules: ruleResults(rules, scenarios, specifiedRules()),
    transitions,
  };
}

/**
 * A scenario as the conformance profile sees it: in the strict one the stricter readings count as the others do. An exhibit is
 * about another driver, and says itself what is expected of it.
 */
export function inProfile(scenario: PlayedScenario, conformance: ConformanceProfile): PlayedScenario {
  const { strictFindings, verdict, rule } = scenario;
  const [first] = strictFindings;
  if (conformance !== 'strict' || first === undefined || isExhibit(scenario)) return scenario;
  const violations = [...scenario.violations, ...strictFindings].sort((left, right) => left.at - right.at);
  const counted = { ...scenario, violations, strictFindings: [] };
  if (verdict === 'fail' || verdict === 'error') return counted;
  const about = strictFindings.find((finding) => finding.rule === rule) ?? first;
  // Nothing else was wrong, so that only the broken rules are to blame.
  return {
    ...counted,
    verdict: 'fail',
    reason: `${about.rule} is broken in its strict reading: ${about.message}`,
    spoiled: true,
  };
}
