import type { Crossing } from '../../trace';
import type { ModuleBook, OidRelation } from './books/module-book';
import type { Court } from './court';

/** Regular and direct requests each have exports of their own. */
export type Family = 'regular' | 'direct';

/** What the module has to do with the request that a crossing names. */
export function requestOf(module: ModuleBook | undefined, crossing: Crossing | undefined): OidRelation | undefined {
  const request = crossing?.args?.['request'];
  return typeof request === 'string' ? module?.oids.get(request) : undefined;
}

/** A request from above that came in through FilterDirectOidRequest. */
export function isDirect({ since }: OidRelation): boolean {
  return since.ddi === 'FilterDirectOidRequest';
}

/** DO-02: the filter goes on with a request from above by an export of the other family. */
export function judgeFamily(court: Court, original: OidRelation, family: Family, crossing: Crossing): void {
  const direct = isDirect(original);
  if (!direct && family === 'regular') return;
  court.tested('DO-02').count += 1;
  if (direct === (family === 'direct')) return;
  court.charge('DO-02', {
    at: crossing,
    witnesses: [original.since],
    message: `${original.request} came in through ${original.since.ddi} at #${original.since.seq}, and the filter goes on with ${crossing.ddi} at #${crossing.seq}`,
  });
}

/** NDIS has the clone, and its answer was, or is going to be, NDIS_STATUS_PENDING. */
export function isStillBelow({ books }: Court, clone: OidRelation, crossing: Crossing): boolean {
  if (clone.place !== 'below') return false;
  return clone.pended === true || (clone.moved.thread !== crossing.thread && books.threads.isOpen(clone.moved));
}

/** What the issuer of a request fills in and nobody below changes, such as a cancel handler compares. */
const FIXED_WHILE_BELOW = new Set([
  'Header',
  'RequestType',
  'PortNumber',
  'Timeout',
  'RequestId',
  'RequestHandle',
  'Oid',
]);

/** SourceReserved is for the issuer for as long as the request lives, and what it filled in stays readable; the rest belongs below until it is back. */
export function isIssuersOwn({ args }: Crossing): boolean {
  const field = String(args?.['field']);
  if (args?.['access'] === 'free') return false;
  return field === 'SourceReserved' || (args?.['access'] === 'read' && FIXED_WHILE_BELOW.has(field));
}

/** OP-04: something is done with a clone, or with its original, that has to wait until the clone is back. */
export function chargeTooEarly(court: Court, clone: OidRelation, crossing: Crossing, did: string): void {
  court.charge('OP-04', {
    at: crossing,
    witnesses: [clone.since, clone.moved],
    message: `The filter ${did} at #${crossing.seq} although clone ${clone.request}, which it issued at #${clone.moved.seq}, had not come back`,
  });
}
