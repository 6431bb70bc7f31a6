import type { OperationState } from '../../adapters/contract';
import type { Crossing } from '../../src/trace';
import { deviceNames, entriesOf, returnsOf } from './trace-query';

/** Did it end well? */
export function succeeded(state: OperationState): boolean {
  return state.state === 'done' && state.status.endsWith('STATUS_SUCCESS');
}

/** `it ended with NDIS_STATUS_FAILURE`, for messages. */
export function toldState(state: OperationState): string {
  if (state.state === 'pending') return 'it is pending';
  return state.state === 'done' ? `it ended with ${state.status}` : `the system stopped: ${state.bugcheck}`;
}

/**
 * How an open ended, told to whoever wrote the profile: which part of it to look at.
 * @param crossings of the scenario
 * @param before how many of them there were before the open
 */
export function toldOpen(state: OperationState, crossings: readonly Crossing[], before: number): string {
  const since = crossings.slice(before);
  const [entered] = entriesOf(since, 'IRP_MJ_CREATE');
  if (state.state !== 'done' || crossings.length === 0) return toldState(state);
  if (!entered) {
    const made = deviceNames(crossings);
    const has = made.length > 0 ? `it made ${made.join(', ')}` : 'it made none';
    return `no device of the driver has the name in the profile's "open" (${has}): ${toldState(state)}`;
  }
  const answered = returnsOf(since, 'IRP_MJ_CREATE')[0]?.status;
  if (answered === 'STATUS_SUCCESS')
    return `the open succeeds, and then a request of the profile's "setup" fails: ${toldState(state)}`;
  const file = entered.args?.['name'];
  return `the driver refuses IRP_MJ_CREATE of the file "${typeof file === 'string' ? file : ''}": ${toldState(state)}`;
}
