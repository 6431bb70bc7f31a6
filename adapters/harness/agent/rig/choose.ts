import { RigRefusal, type Selection } from '../../../contract';
import type { HeldMarked } from './holds';

/**
 * @param held oldest first
 * @returns the chosen ones, in the order in which they go back, one list for each call
 * @throws RigRefusal (notSupported) for what the test drivers have no choice in
 */
export function choose(held: readonly HeldMarked[], which: Selection): HeldMarked[][] {
  const { status, passive, origin, items, order, count, oneChain } = which;
  if (status !== undefined && status !== 'NDIS_STATUS_SUCCESS') {
    throw new RigRefusal('notSupported', `The functional miniport completes sends with success, not with ${status}.`);
  }
  if (passive === true) throw new RigRefusal('notSupported', 'The IRQL of a completion cannot be chosen.');
  const all = held.filter(
    (frame) => (origin === undefined || frame.origin === origin) && (items?.includes(frame.name) ?? true),
  );
  if (order === 'newest-first') all.reverse();
  const chosen = count === undefined ? all : all.slice(0, count);
  if (chosen.length === 0) return [];
  return oneChain === false ? chosen.map((frame) => [frame]) : [chosen];
}
