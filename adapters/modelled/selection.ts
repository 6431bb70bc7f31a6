import type { HeldItem, Selection } from '../contract';
import type { Nbl, OidRequest } from '../../src/ndis';

/** @returns how an object in the hands of a neighbour is shown */
export function heldItem(object: Nbl | OidRequest): HeldItem {
  const fromFilter = isFilters(object);
  return {
    item: object.id,
    origin: fromFilter ? 'filter' : 'neighbour',
    ...(fromFilter && object.scope !== 'driver' && { module: object.scope }),
  };
}

/**
 * @param held oldest first
 * @returns the chosen ones, in the order in which they go back, one list for each call
 */
export function select<T extends Nbl | OidRequest>(held: readonly T[], which: Selection): T[][] {
  let chosen = held.filter((object) => which.origin === undefined || isFilters(object) === (which.origin === 'filter'));
  if (which.items) chosen = chosen.filter((object) => which.items?.includes(object.id));
  if (which.order === 'newest-first') chosen.reverse();
  if (which.count !== undefined) chosen = chosen.slice(0, which.count);
  if (chosen.length === 0) return [];
  return which.oneChain === false ? chosen.map((object) => [object]) : [chosen];
}

/** The driver under test originated it. A clone of what is a neighbour's is the neighbour's, whoever allocated it. */
function isFilters(object: Nbl | OidRequest): boolean {
  if (object.original) return isFilters(object.original);
  return object.what === 'nbl' ? object.origin.isDriver : object.scope !== 'protocol';
}
