/** The scenarios that a statement must be about: what its selection chooses from the specification of this kit. */
import { chosenFeatures } from '../choice';
import type { Features } from '../cucumber';
import { KIT_DRIVER } from '../kit-image';
import { prepareScenarios } from '../prepared-scenarios';
import { isExhibit } from '../rule-results';
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
export async function planOf(statement: Statement): Promise<ReadonlyMap<string, PlannedScenario>> {
  const { identity, part } = statement;
  const all = await chosenScenarios(chosenFeatures(identity.selection, true));
  const whole = showsExhibits(statement, all) ? all : new Map([...all].filter(([, planned]) => !isExhibit(planned)));
  if (!part) return whole;
  const chosen = new Set(idsOfShard([...whole.keys()], part));
  return new Map([...whole].filter(([id]) => chosen.has(id)));
}

/** Scenarios that show drivers of the kit belong to runs of its own reference filter, which as machine code goes by its place. */
function showsExhibits(
  { identity: { driver }, scenarios }: Statement,
  planned: ReadonlyMap<string, PlannedScenario>,
): boolean {
  if (driver.kind === 'simulated') return driver.module === undefined && driver.name === KIT_DRIVER;
  return scenarios.some(({ id }) => isExhibit(planned.get(id) ?? { tags: [] }));
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
