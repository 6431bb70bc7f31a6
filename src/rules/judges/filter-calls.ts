import type { CrossingKey } from './court';

/** @returns the keys of calls of these functions */
export function callsOf(ddis: readonly string[]): CrossingKey[] {
  return ddis.map((ddi): CrossingKey => `=>${ddi}`);
}

/** NdisF* calls that take a module's handle, without NdisFSetAttributes. */
export const FILTER_CALLS = [
  'NdisFSendNetBufferLists',
  'NdisFSendNetBufferListsComplete',
  'NdisFCancelSendNetBufferLists',
  'NdisFIndicateReceiveNetBufferLists',
  'NdisFReturnNetBufferLists',
  'NdisFOidRequest',
  'NdisFOidRequestComplete',
  'NdisFCancelOidRequest',
  'NdisFDirectOidRequest',
  'NdisFDirectOidRequestComplete',
  'NdisFCancelDirectOidRequest',
  'NdisFSynchronousOidRequest',
  'NdisFIndicateStatus',
  'NdisFNetPnPEvent',
  'NdisFDevicePnPEventNotify',
  'NdisFPauseComplete',
  'NdisFRestartComplete',
  'NdisFRestartFilter',
] as const;

export const FILTER_CALL_KEYS = callsOf(FILTER_CALLS);
