import type { Violation } from '../../rules';
import { SHOWN_VERDICTS, type JudgedScenario } from '../results';
import { isExhibit } from '../rule-results';
import { failuresOf } from '../waivers';
import type { ComparedFacts, ComparedRule, ComparedRun } from './compared-run';
import { completenessOf, factsOf, scenarioOf } from './facts';
import type { JsonPart } from './json';

/**
 * @param source path as the user gave it
 * @param content of a `run.json`
 * @throws CannotJudge when it is not as `lwf run` writes it
 */
export function comparedRun(source: string, content: JsonPart): ComparedRun {
  const judged = content.member('scenarios').items().map(judgedScenario);
  const failures = failuresOf(judged);
  const violations = judged.flatMap((scenario) => (isExhibit(scenario) ? [] : scenario.violations));
  const identity = content.optional('identity');
  return {
    source,
    schema: 'run/1',
    facts: identity ? factsOf(identity) : factsWithoutIdentity(content),
    rules: content
      .member('rules')
      .items()
      .map((part): ComparedRule => {
        const rule = part.member('rule').text();
        const own = violations.filter((violation) => violation.rule === rule);
        const reason = part.optional('reason')?.text();
        return {
          rule,
          verdict: part.member('verdict').oneOf(SHOWN_VERDICTS),
          ...(reason !== undefined && { reason }),
          exercised: part.member('exercised').number(),
          scenarios: part.member('scenarios').texts(),
          failedIn: failures.flatMap((failure) => (failure.rule === rule ? failure.scenario : [])),
          violations: own.length,
          ...(own[0] && { firstViolation: own[0].message }),
        };
      }),
    scenarios: content.member('scenarios').items().map(scenarioOf),
    ...completenessOf(content),
  };
}

function judgedScenario(part: JsonPart): JudgedScenario {
  return {
    ...scenarioOf(part),
    tags: part.member('tags').texts(),
    ...(part.optional('spoiled')?.value === true && { spoiled: true as const }),
    violations: part.member('violations').items().map(violationOf),
    exercised: {},
  };
}

function violationOf(part: JsonPart): Violation {
  return {
    rule: part.member('rule').text(),
    reading: 'default',
    at: part.member('at').number(),
    witnesses: [],
    message: part.member('message').text(),
  };
}

/** Of a kit that did not write identities yet. */
function factsWithoutIdentity(content: JsonPart): ComparedFacts {
  return {
    kit: content.member('kit').text(),
    driver: content.member('driver').text(),
    adapter: content.member('adapter').text(),
    observation: content.member('observation').text(),
    seed: content.member('seed').number(),
  };
}
