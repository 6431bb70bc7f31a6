/** Statuses that judges ask for, by their WDK names. */
export const SUCCESS = 'NDIS_STATUS_SUCCESS';
export const PENDING = 'NDIS_STATUS_PENDING';
export const PAUSED = 'NDIS_STATUS_PAUSED';
export const SEND_ABORTED = 'NDIS_STATUS_SEND_ABORTED';
export const RESOURCES = 'NDIS_STATUS_RESOURCES';
export const FAILURE = 'NDIS_STATUS_FAILURE';

/** NDIS_RECEIVE_FLAGS_RESOURCES. */
const RECEIVE_FLAGS_RESOURCES = 0x2;

/** @param flags `args.flags` of a receive crossing */
export function hasResources(flags: unknown): boolean {
  return typeof flags === 'number' && (flags & RECEIVE_FLAGS_RESOURCES) !== 0;
}
