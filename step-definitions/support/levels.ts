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
 * @returns why a scenario that met with no objection is no pass; undefined when it is one
 */
export function undecided(tags: readonly string[], observation: Capabilities['observation']): string | undefined {
  const above = rules.find(
    (rule) => tags.includes(`@${rule.id}`) && LEVELS.indexOf(rule.observation) > LEVELS.indexOf(observation),
  );
  if (!above) return undefined;
  return `${above.id} is decided by an adapter that ${SEES[above.observation]}, and this one only ${SEES[observation]}`;
}
