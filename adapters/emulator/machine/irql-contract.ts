import type { Export } from './contract';
import { hexOf } from './faults';
import type { Guest } from './guest';

/** The model records the IRQL at each call of an NDIS function, and judges read it there. */
const JUDGED = 'ndis.sys';

/**
 * Holds a call to the IRQL that its documentation demands.
 * @throws Bugcheck 0xA, IRQL_NOT_LESS_OR_EQUAL
 */
export function checkIrql(guest: Guest, module: string, called: Export<Guest>): void {
  const { irql } = guest.kernel.thread;
  if (irql <= called.irql || module === JUDGED) return;
  throw guest.stop(
    '0xA',
    'IRQL_NOT_LESS_OR_EQUAL',
    `${called.name} was called at IRQL ${irql}; it may be called at IRQL ${called.irql} and below`,
    ['0x0', `0x${irql.toString(16)}`, '0x0', hexOf(guest.faults.instruction)],
  );
}
