/** How the kit's own drivers that break a rule are caught at it, and how they end. */
import { registeredDrivers } from '../../adapters/simulator/drivers';
import { openAdapter } from './adapters';
import { Player, type PlayedScenario } from './player';
import { EXHIBIT_TAG } from './rule-results';
import { featurePaths } from './selection';

export interface PlayedDefect {
  readonly driver: string;
  /** The first scenario in which a judge saw the rule broken; absent when none did on the simulator. */
  readonly caught?: {
    readonly scenario: string;
    readonly name: string;
    readonly message: string;
    /** By which the modelled system stopped there: `DRIVER_IRQL_NOT_LESS_OR_EQUAL (0xD1): …` */
    readonly bugcheck?: string;
  };
}

/**
 * Plays scenarios, on the simulator, on every driver of the kit that is there to break a rule, until it is seen to: those of
 * the rule first.
 * @param rule id of the catalogue
 * @returns one entry a driver, in the order of the registry; empty when no driver breaks the rule
 */
export async function playDefects(rule: string, seed: number): Promise<PlayedDefect[]> {
  const drivers = [...registeredDrivers].filter(([, { breaks }]) => breaks === rule).map(([name]) => name);
  if (drivers.length === 0) return [];
  const player = await Player.prepare({ paths: featurePaths(undefined), tags: `not ${EXHIBIT_TAG}` });
  const own = player.ids.filter((id) => player.ruleOf(id) === rule);
  const order = [...own, ...player.ids.filter((id) => !own.includes(id))];
  const played: PlayedDefect[] = [];
  for (const driver of drivers) {
    const options = { adapter: openAdapter({ driver }), seed, evidence: 'violations' } as const;
    const caught = await firstOf(order, async (id) => {
      const [result] = await player.playAll(options, [id]);
      return result && breakIn(result, rule);
    });
    played.push({ driver, ...(caught && { caught }) });
  }
  return played;
}

async function firstOf<T>(
  ids: readonly string[],
  find: (id: string) => Promise<T | undefined>,
): Promise<T | undefined> {
  for (const id of ids) {
    const found = await find(id);
    if (found !== undefined) return found;
  }
  return undefined;
}

function breakIn({ id, name, violations, bugcheck }: PlayedScenario, rule: string): PlayedDefect['caught'] {
  const message = violations.find((violation) => violation.rule === rule)?.message;
  return message === undefined
    ? undefined
    : { scenario: id, name, message, ...(bugcheck !== undefined && { bugcheck }) };
}
