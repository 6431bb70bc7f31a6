/** The scenarios that a statement must be about: what its selection chooses from the specification of this kit. */
import { existsSync } from 'node:fs';
import { chosenFeatures } from '../choice';
import type { Features } from '../cucumber';
import { fileFacts, type RunIdentity } from '../identity';
import { bytesOf } from '../image-bytes';
import { KIT_PROFILE, KIT_REFERENCE } from '../kit-image';
import { prepareScenarios } from '../prepared-scenarios';
import { idsOfShard } from '../shards';
import type { Statement } from './statement';

export interface PlannedScenario {
  readonly name: string;
  /** Id of the rule that it stands under. */
  readonly rule: string | undefined;
  readonly tags: readonly string[];
}

/**
 * @param statement made with this specification
 * @returns by id, in the order in which they are played
 * @throws CannotJudge when the selection chooses nothing here
 */
export async function planOf({ identity, part }: Statement): Promise<ReadonlyMap<string, PlannedScenario>> {
  const whole = await chosenScenarios(chosenFeatures(identity.selection, isKitReference(identity)));
  if (!part) return whole;
  const chosen = new Set(idsOfShard([...whole.keys()], part));
  return new Map([...whole].filter(([id]) => chosen.has(id)));
}

const known = new Map<string, ReadonlyMap<string, PlannedScenario>>();

/** Whoever checks several statements reads the features once. */
async function chosenScenarios(features: Features): Promise<ReadonlyMap<string, PlannedScenario>> {
  const key = JSON.stringify(features);
  const prepared = known.get(key);
  if (prepared) return prepared;
  const { scenarios } = await prepareScenarios(features);
  const planned = new Map(
    [...scenarios].map(([id, { pickle, rule }]) => [
      id,
      { name: pickle.name, rule, tags: pickle.tags.map(({ name }) => name) },
    ]),
  );
  known.set(key, planned);
  return planned;
}

/** Scenarios that show drivers of the kit belong to runs of its own reference filter. */
function isKitReference({ driver, profile }: RunIdentity): boolean {
  if (driver.kind !== 'image') return driver.module === undefined && driver.name === 'reference';
  if (driver.image?.file !== KIT_REFERENCE || profile === undefined || !existsSync(KIT_PROFILE)) return false;
  return fileFacts(KIT_PROFILE, bytesOf(KIT_PROFILE, 'profile')).sha256 === profile.sha256;
}

/** @returns how the scenarios of a statement differ from what must be there, one sentence each */
export function planFaults(statement: Statement, plan: ReadonlyMap<string, PlannedScenario>): string[] {
  const { scenarios, missing = [] } = statement;
  const told = new Set([...scenarios.map(({ id }) => id), ...missing]);
  const played = scenarios.map(({ id }) => id);
  const planned = [...plan.keys()].filter((id) => !missing.includes(id));
  const faults = [
    ...[...plan.keys()]
      .filter((id) => !told.has(id))
      .map((id) => `The scenario ${id} belongs to the selection, and the statement leaves it out.`),
    ...[...told].filter((id) => !plan.has(id)).map((id) => `The scenario ${id} does not belong to the selection.`),
    ...duplicates(played).map((id) => `The scenario ${id} stands in the statement twice.`),
    ...scenarios.flatMap(({ id, name, rule }) => {
      const wanted = plan.get(id);
      if (!wanted || (wanted.name === name && wanted.rule === rule)) return [];
      return `${id} is "${wanted.name}"${underRule(wanted.rule)} in the specification, and "${name}"${underRule(rule)} in the statement.`;
    }),
  ];
  if (faults.length > 0 || played.every((id, index) => id === planned[index])) return faults;
  return ['The scenarios do not stand in the order of the specification.'];
}

function underRule(rule: string | undefined): string {
  return rule === undefined ? '' : ` under ${rule}`;
}

function duplicates(ids: readonly string[]): string[] {
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
}
