/** Statuses that judges ask for, by their WDK names. */
import { statusValue } from '../../../trace';

export const SUCCESS = 'NDIS_STATUS_SUCCESS';
export const PENDING = 'NDIS_STATUS_PENDING';
export const PAUSED = 'NDIS_STATUS_PAUSED';
export const SEND_ABORTED = 'NDIS_STATUS_SEND_ABORTED';
export const RESOURCES = 'NDIS_STATUS_RESOURCES';
export const FAILURE = 'NDIS_STATUS_FAILURE';

/** Answers to an OID request whose buffer does not fit: BytesNeeded says what would. */
export const TOO_SHORT: ReadonlySet<string> = new Set(['NDIS_STATUS_BUFFER_TOO_SHORT', 'NDIS_STATUS_INVALID_LENGTH']);

/** Severity warning or error, which NDIS takes for a failure. */
const LOWEST_FAILURE = 0x80000000;

/**
 * @param status by its WDK name, or its value as `0x` and eight digits
 * @returns whether it says that something failed; true for a name whose value nobody knows
 */
export function isFailure(status: string): boolean {
  const value = /^0x[0-9a-f]{8}$/i.test(status) ? Number(status) : statusValue(status);
  return (value ?? LOWEST_FAILURE) >= LOWEST_FAILURE;
}

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
