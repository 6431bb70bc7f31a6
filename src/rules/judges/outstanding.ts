/** What of a module is with its neighbours, and may be waited for. */
import { neverComesBack, type ModuleBook } from './books/module-book';

/** The driver below has an OID request that the filter issued: one of its own or a clone. */
export function aRequestIsBelow({ oids }: ModuleBook): boolean {
  for (const { place } of oids.values()) if (place === 'below') return true;
  return false;
}

/** The driver below has an OID request that the filter originated. */
export function anOwnRequestIsBelow({ oids }: ModuleBook): boolean {
  for (const { kind, place } of oids.values()) if (kind === 'own' && place === 'below') return true;
  return false;
}

/** Nothing that a pause may wait for is left. It need not wait for NBLs and requests of others that were handed on, but it may. */
export function isDrained(module: ModuleBook): boolean {
  if (module.ownSendsOut > 0 || module.ownReceivesOut > 0 || aRequestIsBelow(module)) return false;
  for (const relation of module.nbls.values()) {
    const { kind, place } = relation;
    if (kind !== 'own' && (place === 'below' || place === 'above') && !neverComesBack(module, relation)) return false;
  }
  return true;
}
