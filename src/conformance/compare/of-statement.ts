import { CannotJudge } from '../cannot-judge';
import { SHOWN_VERDICTS } from '../results';
import { digestOf } from '../statement/canonical';
import type { ComparedRule, ComparedRun, ComparedWaiver } from './compared-run';
import { completenessOf, factsOf, scenarioOf } from './facts';
import type { JsonPart } from './json';

/**
 * @param source path as the user gave it
 * @param content of a statement
 * @throws CannotJudge when it is not as `lwf run` wrote it
 */
export function comparedStatement(source: string, content: JsonPart): ComparedRun {
  requireDigest(source, content);
  const scenarios = content.member('scenarios').items();
  const spoiled = new Set(
    scenarios.filter((part) => part.optional('spoiled')?.value === true).map((part) => part.member('id').text()),
  );
  const waived = waivedIn(content);
  const identity = content.member('identity');
  const isStrict = identity.member('conformance').value === 'strict';
  return {
    source,
    schema: 'statement/1',
    facts: factsOf(identity),
    rules: content
      .member('rules')
      .items()
      .map((part) => ruleOf(part, spoiled, isStrict)),
    scenarios: scenarios.map((part) => ({
      ...scenarioOf(part),
      ...(waived.has(part.member('id').text()) && { waived: true }),
    })),
    waivers: content.optional('waivers')?.member('entries').items().map(waiverOf) ?? [],
    ...completenessOf(content),
  };
}

/** What somebody edited is no result. */
function requireDigest(source: string, content: JsonPart): void {
  const statement = content.members() as Parameters<typeof digestOf>[0];
  if (content.member('digest').text() === digestOf(statement)) return;
  throw new CannotJudge(
    `The statement in ${source} was changed after it was made: its digest does not fit. \`lwf verify\` tells more.`,
  );
}

/** @returns ids of scenarios in which a waiver covers that a step did not hold */
function waivedIn(content: JsonPart): Set<string> {
  const entries = content.optional('waivers')?.member('entries').items() ?? [];
  const covers = entries.flatMap((entry) => entry.member('covers').items());
  const steps = covers.filter((cover) => cover.member('violations').value === 0);
  return new Set(steps.map((cover) => cover.member('scenario').text()));
}

function ruleOf(part: JsonPart, spoiled: ReadonlySet<string>, isStrict: boolean): ComparedRule {
  const violations = part
    .member('violations')
    .items()
    .filter((violation) => isStrict || violation.member('reading').value !== 'strict');
  // Of the spoiled ones others broke what they are about.
  const unmet = part
    .member('failedScenarios')
    .texts()
    .filter((id) => !spoiled.has(id));
  const failedIn = new Set([...violations.map((violation) => violation.member('scenario').text()), ...unmet]);
  const verdict = part.member('verdict').oneOf(SHOWN_VERDICTS);
  const reason = part.optional('reason')?.text();
  const [first] = violations;
  return {
    rule: part.member('rule').text(),
    verdict,
    ...(reason !== undefined && { reason }),
    exercised: part.member('exercised').number(),
    scenarios: part.member('scenarios').texts(),
    failedIn: verdict === 'fail' || verdict === 'waived' ? [...failedIn] : [],
    violations: violations.length + (part.optional('unlisted')?.number() ?? 0),
    ...(first && { firstViolation: first.member('message').text() }),
  };
}

function waiverOf(part: JsonPart): ComparedWaiver {
  const scenario = part.optional('scenario')?.text();
  const versions = part.optional('versions')?.text();
  return {
    rule: part.member('rule').text(),
    ...(scenario !== undefined && { scenario }),
    ...(versions !== undefined && { versions }),
    reason: part.member('reason').text(),
    owner: part.member('owner').text(),
    expires: part.member('expires').text(),
    state: part.member('state').text(),
  };
}
