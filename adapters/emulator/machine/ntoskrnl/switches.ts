/** Where a thread may give the processor to another. */
import type { Kernel } from '../../../../src/kernel';
import { hexOf } from '../faults';
import type { Guest } from '../guest';
import { DISPATCH } from './define';

/** What NDIS and the kernel enter in a DPC. */
const DEFERRED = new Set(['CustomDpc', 'NdisTimerFunction']);

/**
 * A thread is about to wait.
 * @param name of the export
 * @throws Bugcheck 0xB8, ATTEMPTED_SWITCH_FROM_DPC, in a DPC; 0xA, IRQL_NOT_LESS_OR_EQUAL, elsewhere at DISPATCH_LEVEL
 */
export function requireSwitch(guest: Guest, name: string): void {
  const { thread } = guest.kernel;
  const { irql } = thread;
  if (irql < DISPATCH) return;
  const what = `${name} was to wait at IRQL ${irql}: it may wait below DISPATCH_LEVEL only`;
  if (isDeferred(guest.kernel)) {
    const running = guest.threads.of(thread);
    const stack = running?.activations.at(-1)?.registers.get('rsp') ?? 0n;
    throw guest.stop('0xB8', 'ATTEMPTED_SWITCH_FROM_DPC', `${what}, and a DPC never`, [
      hexOf(running?.object ?? 0n),
      '0x0',
      hexOf(stack),
      '0x0',
    ]);
  }
  throw guest.stop('0xA', 'IRQL_NOT_LESS_OR_EQUAL', what, [
    '0x0',
    `0x${irql.toString(16)}`,
    '0x0',
    hexOf(guest.faults.instruction),
  ]);
}

function isDeferred({ thread }: Kernel): boolean {
  const first = thread.frames[0];
  return first !== undefined && DEFERRED.has(first.ddi);
}
