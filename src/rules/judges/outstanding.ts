/** What of a module is with its neighbours, and may be waited for. */
import type { Crossing } from '../../trace';
import { neverComesBack, type ModuleBook } from './books/module-book';
import type { ThreadBook } from './books/thread-book';

/** The driver below has an OID request that the filter issued: one of its own or a clone. */
export function aRequestIsBelow({ oids }: ModuleBook): boolean {
  if (!oids.areUnderWay) return false;
  for (const { place } of oids.underWay()) if (place === 'below') return true;
  return false;
}

/** Calls of NdisFSynchronousOidRequest that a thread of the filter is inside: the driver below has not answered. */
export function synchronousCallsOut({ synchronousOids }: ModuleBook, threads: ThreadBook): Crossing[] {
  if (synchronousOids.size === 0) return [];
  return [...synchronousOids].filter((call) => threads.isOpen(call));
}

/** The driver below has an OID request that the filter originated, of whichever kind. */
export function anOwnRequestIsBelow(module: ModuleBook, threads: ThreadBook): boolean {
  if (module.oids.areUnderWay)
    for (const { kind, place } of module.oids.underWay()) if (kind === 'own' && place === 'below') return true;
  return synchronousCallsOut(module, threads).length > 0;
}

/** Nothing that a pause may wait for is left. It need not wait for NBLs and requests of others that were handed on, but it may. */
export function isDrained(module: ModuleBook, threads: ThreadBook): boolean {
  if (module.ownSendsOut > 0 || module.ownReceivesOut > 0 || aRequestIsBelow(module)) return false;
  if (synchronousCallsOut(module, threads).length > 0) return false;
  for (const relation of module.nbls.values()) {
    const { kind, place } = relation;
    if (kind !== 'own' && (place === 'below' || place === 'above') && !neverComesBack(module, relation)) return false;
  }
  return true;
}
