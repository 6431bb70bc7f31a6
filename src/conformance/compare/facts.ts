/** What a result is of, from its identity. */
import { SCENARIO_VERDICTS } from '../results';
import type { ComparedFacts, ComparedRun, ComparedScenario } from './compared-run';
import type { JsonPart } from './json';

/** @param identity the member `identity` of a statement or a run */
export function factsOf(identity: JsonPart): ComparedFacts {
  const specification = identity.member('specification');
  const driver = identity.member('driver');
  const adapter = identity.member('adapter');
  const image = driver.optional('image');
  const version = image?.optional('version')?.members();
  const driverVersion = version?.['FileVersion'] ?? version?.['ProductVersion'];
  const sha256 = (image ?? driver.optional('module'))?.member('sha256').text();
  const engine = adapter.optional('engine')?.text();
  const selection = selectionText(identity.member('selection'));
  const profile = identity.optional('profile')?.member('sha256').text();
  return {
    kit: identity.member('kit').text(),
    specification: { version: specification.member('version').text(), sha256: specification.member('sha256').text() },
    driver: driver.member('name').text(),
    ...(typeof driverVersion === 'string' && { driverVersion }),
    ...(sha256 !== undefined && { driverSha256: sha256 }),
    ...(profile !== undefined && { profileSha256: profile }),
    adapter: adapter.member('name').text(),
    ...(engine !== undefined && { engine }),
    observation: adapter.member('observation').text(),
    seed: identity.member('seed').number(),
    conformance: identity.member('conformance').text(),
    ...(selection !== '' && { selection }),
  };
}

function selectionText(selection: JsonPart): string {
  const tags = selection.optional('tags')?.text();
  const lists = (['rules', 'areas', 'paths'] as const).flatMap((name) => {
    const items = selection.optional(name)?.texts() ?? [];
    return items.length === 0 ? [] : `${name} ${items.join(', ')}`;
  });
  return [...(tags === undefined ? [] : [`tags ${tags}`]), ...lists].join('; ');
}

export function scenarioOf(part: JsonPart): ComparedScenario {
  const rule = part.optional('rule')?.text();
  const reason = part.optional('reason')?.text();
  return {
    id: part.member('id').text(),
    name: part.member('name').text(),
    ...(rule !== undefined && { rule }),
    verdict: part.member('verdict').oneOf(SCENARIO_VERDICTS),
    ...(reason !== undefined && { reason }),
  };
}

/** How much of what was planned is in the result. */
export function completenessOf(content: JsonPart): Pick<ComparedRun, 'missing' | 'part'> {
  const part = content.optional('part');
  return {
    missing: content.optional('missing')?.items().length ?? 0,
    ...(part && { part: `${part.member('index').number()} of ${part.member('of').number()}` }),
  };
}
