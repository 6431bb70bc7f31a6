/** The rule catalogue: every rule for filter drivers, where its documentation is in dispute, and what NDIS guarantees in return. */
import type { Rule } from '../rule';
import { attach } from './attach';
import { cancel } from './cancel';
import { detach } from './detach';
import { directOid } from './direct-oid';
import { irql } from './irql';
import { locks } from './locks';
import { nblOwnership } from './nbl-ownership';
import { nearMatches } from './near';
import { oidOriginate } from './oid-originate';
import { oidPassThrough } from './oid-pass-through';
import { pause } from './pause';
import { pnp } from './pnp';
import { receiveOriginate } from './receive-originate';
import { receivePassThrough } from './receive-pass-through';
import { reconfiguration } from './reconfiguration';
import { registration } from './registration';
import { restart } from './restart';
import { returns } from './return';
import { sendComplete } from './send-complete';
import { sendOriginate } from './send-originate';
import { sendPassThrough } from './send-pass-through';
import { status } from './status';
import { synchronousOid } from './synchronous-oid';
import { timersAndWorkItems } from './timers-and-work-items';
import { unload } from './unload';
import { userModeHandles } from './user-mode-handles';

export { areas } from './areas';
export { disputes } from './disputes';
export { guarantees, type Guarantee } from './guarantees';

/** All rules, in the order of the catalogue. */
export const rules: readonly Rule[] = [
  ...registration,
  ...attach,
  ...restart,
  ...pause,
  ...detach,
  ...unload,
  ...sendOriginate,
  ...sendPassThrough,
  ...sendComplete,
  ...receiveOriginate,
  ...receivePassThrough,
  ...returns,
  ...cancel,
  ...oidPassThrough,
  ...oidOriginate,
  ...directOid,
  ...synchronousOid,
  ...status,
  ...pnp,
  ...userModeHandles,
  ...nblOwnership,
  ...irql,
  ...locks,
  ...timersAndWorkItems,
  ...reconfiguration,
];

/** The rules of the core profile, in the order of the catalogue. */
export const coreRules: readonly Rule[] = rules.filter((candidate) => candidate.profile === 'core');

const byId: ReadonlyMap<string, Rule> = new Map(rules.map((entry) => [entry.id, entry]));

/** Whether `id` is the id of a rule, spelt exactly as in the catalogue. */
export function isRuleId(id: string): boolean {
  return byId.has(id);
}

/**
 * The rule with this id.
 * @param id as in the catalogue, e.g. `PAU-07`
 * @throws Error that names the ids closest to it, if there is no such rule
 */
export function rule(id: string): Rule {
  const found = byId.get(id);
  if (found) return found;
  const near = nearMatches(id, [...byId.keys()]);
  const hint = near.length > 0 ? `did you mean ${near.join(', ')}?` : 'ids look like PAU-07.';
  throw new Error(`There is no rule "${id}": ${hint}`);
}
