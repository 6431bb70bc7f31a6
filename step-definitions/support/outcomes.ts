import type { OperationState } from '../../adapters/contract';

/** Did it end well? */
export function succeeded(state: OperationState): boolean {
  return state.state === 'done' && state.status.endsWith('STATUS_SUCCESS');
}

/** `it ended with NDIS_STATUS_FAILURE`, for messages. */
export function toldState(state: OperationState): string {
  if (state.state === 'pending') return 'it is pending';
  return state.state === 'done' ? `it ended with ${state.status}` : `the system stopped: ${state.bugcheck}`;
}
