/** How an OID request of fnlwf ended: what it tells is an NTSTATUS, and some statuses of NDIS become the same one. */
import { NDIS_STATUSES, normaliseStatus, type Crossing } from '../../../../src/trace';

const STATUS_BUFFER_TOO_SMALL = 0xc0000023;
const STATUS_UNSUCCESSFUL = 0xc0000001;
const SUCCESS = 'NDIS_STATUS_SUCCESS';
const PENDING = 'NDIS_STATUS_PENDING';
/** Told as they are, though they look like a success. */
const LOOK_LIKE_SUCCESS: ReadonlySet<string> = new Set([SUCCESS, PENDING, 'NDIS_STATUS_INDICATION_REQUIRED']);
/** To fnlwf both mean that the buffer is too short. */
const TOO_SHORT: ReadonlySet<string> = new Set(['NDIS_STATUS_BUFFER_TOO_SHORT', 'NDIS_STATUS_INVALID_LENGTH']);

/** @returns the NTSTATUS that fnlwf tells where a request ended so */
export function toldByFnlwf(name: string, value: number): number {
  if (TOO_SHORT.has(name)) return STATUS_BUFFER_TOO_SMALL;
  const looksLikeSuccess = value < 0x8000_0000 && !LOOK_LIKE_SUCCESS.has(name);
  return looksLikeSuccess ? STATUS_UNSUCCESSFUL : value;
}

/**
 * @param told by fnlwf, unsigned
 * @param finished statuses with which the driver has finished such requests meanwhile, as its border shows them; none where it shows none
 * @returns the status of NDIS; undefined where it may be one or another
 */
export function oidStatusOf(told: number, finished: readonly string[]): string | undefined {
  const possible = Object.entries(NDIS_STATUSES).filter(([name, value]) => toldByFnlwf(name, value) === told);
  const [only, other] = possible.map(([name]) => name);
  if (other === undefined) return only ?? normaliseStatus(told, 'NdisFOidRequest');
  const [seen, another] = new Set(finished);
  return another === undefined && possible.some(([name]) => name === seen) ? seen : undefined;
}

export interface OidAtBorder {
  readonly request: string;
  /** Undefined: the driver has not finished it. */
  status?: string;
}

/** @returns requests for the OID that NDIS has handed to the driver, in order, with how it finished them */
export function oidsIn(crossings: readonly Crossing[], oid: string, isSet: boolean): readonly OidAtBorder[] {
  const found = new Map<string, OidAtBorder>();
  const type = isSet ? 'NdisRequestSetInformation' : 'NdisRequestQueryInformation';
  for (const { dir, ddi, args = {}, status } of crossings) {
    const request = String(args['request']);
    const known = found.get(request);
    switch (`${dir}${ddi}`) {
      case '->FilterOidRequest':
        if (args['oid'] === oid && args['type'] === type) found.set(request, { request });
        break;
      case '<-FilterOidRequest':
        if (known && status !== undefined && status !== PENDING) known.status = status;
        break;
      case '=>NdisFOidRequestComplete':
        if (known && typeof args['status'] === 'string') known.status = args['status'];
        break;
      default:
    }
  }
  return [...found.values()];
}

/** @returns OIDs of the requests that the driver has issued by itself and not got back */
export function ownOidsOut(crossings: readonly Crossing[]): ReadonlySet<string> {
  const clones = new Set<string>();
  const out = new Map<string, string>();
  for (const { dir, ddi, args = {}, status } of crossings) {
    const request = String(args['request']);
    switch (`${dir}${ddi}`) {
      case '<=NdisAllocateCloneOidRequest':
        clones.add(String(args['clone']));
        break;
      case '=>NdisFreeCloneOidRequest':
        clones.delete(String(args['clone']));
        break;
      case '=>NdisFOidRequest':
        if (!clones.has(request)) out.set(request, String(args['oid']));
        break;
      case '<=NdisFOidRequest':
        if (status !== PENDING) out.delete(request);
        break;
      case '->FilterOidRequestComplete':
        out.delete(request);
        break;
      default:
    }
  }
  return new Set(out.values());
}
