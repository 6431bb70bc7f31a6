/** Statuses that judges ask for, by their WDK names. */
export const SUCCESS = 'NDIS_STATUS_SUCCESS';
export const PENDING = 'NDIS_STATUS_PENDING';
export const PAUSED = 'NDIS_STATUS_PAUSED';
export const SEND_ABORTED = 'NDIS_STATUS_SEND_ABORTED';
export const RESOURCES = 'NDIS_STATUS_RESOURCES';
export const FAILURE = 'NDIS_STATUS_FAILURE';

/** NDIS_RECEIVE_FLAGS_RESOURCES. */
const RECEIVE_FLAGS_RESOURCES = 0x2;

/** @returns flags as a number, however they are written; undefined when they are not */
export function flagsOf(flags: unknown): number | undefined {
  if (typeof flags === 'number') return flags;
  if (typeof flags !== 'string' || flags === '') return undefined;
  const value = Number(flags);
  return Number.isNaN(value) ? undefined : value;
}

/** @param flags `args.flags` of a receive crossing */
export function hasResources(flags: unknown): boolean {
  return ((flagsOf(flags) ?? 0) & RECEIVE_FLAGS_RESOURCES) !== 0;
}
