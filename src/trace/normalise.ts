import type { Crossing, NblView } from './crossing';
import { normaliseStatus } from './status';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Gives statuses their WDK names, in place: for an object that was parsed a moment ago and that nobody else has.
 * @returns the same object
 */
export function normaliseStatuses(crossing: Mutable<Crossing>): Crossing {
  const { ddi, status, args, nbls } = crossing;
  if (status !== undefined) crossing.status = normaliseStatus(status, ddi);
  if (args?.status !== undefined) {
    (args as Record<string, unknown>).status = normaliseStatus(args.status, ddi);
  }
  for (const nbl of (nbls ?? []) as readonly Mutable<NblView>[]) {
    // NET_BUFFER_LIST.Status is an NDIS_STATUS wherever it is seen.
    if (nbl.status !== undefined) nbl.status = normaliseStatus(nbl.status, 'NdisFSendNetBufferLists');
  }
  return crossing;
}
