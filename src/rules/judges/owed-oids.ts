import type { ModuleBook, OidRelation, State } from './books/module-book';

/** States in which OID requests and status indications are served as ever, although no data passes. */
const NO_DATA: ReadonlySet<State | undefined> = new Set(['Paused', 'Pausing', 'Restarting']);

/** A request from above that FilterOidRequest kept as pending, and that the filter has to finish. */
export function isOwed({ kind, place, pended }: OidRelation): boolean {
  return kind === 'upper' && place === 'held' && pended === true;
}

/** It came while no data passed, nothing has been tried with it, and the module still does not run. */
export function isKeptForTheState(relation: OidRelation, module: ModuleBook): boolean {
  const { forward, cloneFailed, arrivedIn } = relation;
  return !forward && !cloneFailed && NO_DATA.has(arrivedIn) && NO_DATA.has(module.state);
}
