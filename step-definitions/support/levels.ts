import type { Capabilities } from '../../adapters/contract';
import { rules } from '../../src/rules';
import type { ObservationLevel } from '../../src/rules';

const LEVELS: readonly ObservationLevel[] = ['black-box', 'white-box', 'memory'];

const SEES: Readonly<Record<ObservationLevel, string>> = {
  'black-box': 'sees a driver from outside',
  'white-box': 'sees every crossing',
  memory: 'sees every crossing and every access to memory',
};

/**
 * That nothing was found says nothing of a rule that the adapter cannot decide.
 * @param tags of a scenario: the rule that it stands under is among them
 * @param observation what the adapter promises to see
 * @param exercised how often the judges saw a situation in which a rule could have been broken
 * @returns why a scenario that met with no objection is no pass; undefined when it is one
 */
export function undecided(
  tags: readonly string[],
  observation: Capabilities['observation'],
  exercised: (rule: string) => number,
): string | undefined {
  const own = rules.filter(({ id }) => tags.includes(`@${id}`));
  const above = own.find((rule) => LEVELS.indexOf(rule.observation) > LEVELS.indexOf(observation));
  // From outside nobody sees whether there was anything that the driver could have done wrong.
  const [idle] = observation === 'black-box' ? own.filter(({ id }) => exercised(id) === 0) : [];
  if (!above)
    return idle && `no situation arose in which ${idle.id} could have been broken, as far as is seen from outside`;
  return `${above.id} is decided by an adapter that ${SEES[above.observation]}, and this one only ${SEES[observation]}`;
}
