import type { Call } from '../../../../src/kernel';
import type { NdisStatus, NtStatus } from '../../../../src/ndis/status';
import type { NdisOidRequest, NdisRequestType, Out } from '../../../../src/ndis/wdk';
import { SendCancellation } from './cancel';
import type { FilterModule, OwnOid } from './state';

const CLONE_TAG = 'LwfO';
export const PACKET_FILTER = 'OID_GEN_CURRENT_PACKET_FILTER';
const RSS_ENTRIES = 'OID_GEN_RSS_SET_INDIRECTION_TABLE_ENTRIES';
const RSS_ENTRIES_LENGTH = 20;

/** OID requests: those from above, forwarded as clones, and our own. They work in every state between attach and detach. */
export class OidRequests extends SendCancellation {
  // ---- from above ------------------------------------------------------------------------------------------

  *FilterOidRequest(module: FilterModule, request: NdisOidRequest): Call<NdisStatus> {
    const out: Out<NdisOidRequest> = { value: undefined };
    const cloned = yield* this.wdk.NdisAllocateCloneOidRequest(module.filterHandle, request, CLONE_TAG, out);
    const clone = out.value;
    if (cloned !== 'NDIS_STATUS_SUCCESS' || !clone) {
      request.BytesWritten = 0;
      request.BytesRead = 0;
      return cloned;
    }
    clone.SourceReserved = request;
    clone.RequestId = request.RequestId;
    return yield* this.forwardOid(module, request, clone);
  }

  /** A final status ends the request here; after NDIS_STATUS_PENDING FilterOidRequestComplete does. */
  *forwardOid(module: FilterModule, request: NdisOidRequest, clone: NdisOidRequest): Call<NdisStatus> {
    yield* this.rememberForwarded(module, request.RequestId);
    const status = yield* this.wdk.NdisFOidRequest(module.filterHandle, clone);
    if (status !== 'NDIS_STATUS_PENDING') yield* this.finishClone(module, request, clone);
    return status;
  }

  *FilterOidRequestComplete(module: FilterModule, request: NdisOidRequest, status: NdisStatus): Call<void> {
    const own = yield* this.takeOwnOid(module, request);
    if (own) {
      yield* this.consumeOwnOid(own, status);
      return;
    }
    const original = request.SourceReserved as NdisOidRequest;
    yield* this.finishClone(module, original, request);
    yield* this.wdk.NdisFOidRequestComplete(module.filterHandle, original, status);
  }

  /** Copies the results to the original and frees the clone. After this the original may be completed, once. */
  *finishClone(module: FilterModule, original: NdisOidRequest, clone: NdisOidRequest): Call<void> {
    this.copyResults(original, clone);
    yield* this.rememberForwarded(module, null);
    yield* this.wdk.NdisFreeCloneOidRequest(module.filterHandle, clone);
  }

  copyResults(original: NdisOidRequest, clone: NdisOidRequest): void {
    original.BytesWritten = clone.BytesWritten;
    original.BytesRead = clone.BytesRead;
    original.BytesNeeded = clone.BytesNeeded;
    original.SupportedRevision = clone.SupportedRevision;
  }

  *FilterCancelOidRequest(module: FilterModule, requestId: unknown): Call<void> {
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    const isForwarded = module.forwardedRequestId !== null && module.forwardedRequestId === requestId;
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
    if (isForwarded) yield* this.wdk.NdisFCancelOidRequest(module.filterHandle, requestId);
  }

  /** NDIS hands a module one regular request at a time, so one place is enough. */
  *rememberForwarded(module: FilterModule, requestId: unknown): Call<void> {
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    module.forwardedRequestId = requestId;
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
  }

  // ---- our own ---------------------------------------------------------------------------------------------

  /**
   * Originates an OID request and waits for it: PASSIVE_LEVEL, no lock held, and never from a handler of NDIS that the
   * request may need in order to complete. The caller holds a reference on the module, so a detach waits for the request.
   */
  *originateOid(module: FilterModule, oid: string, type: NdisRequestType, value: unknown): Call<NtStatus> {
    if (module.lowPower) return 'STATUS_DEVICE_NOT_READY';
    if (oid === PACKET_FILTER && type === 'NdisRequestSetInformation' && !(yield* this.rememberPacketFilter(module))) {
      return 'STATUS_UNSUCCESSFUL';
    }
    const result = yield* this.requestAndWait(module, oid, type, value);
    if (result === 'NDIS_STATUS_SUCCESS') return 'STATUS_SUCCESS';
    return result === 'NDIS_STATUS_RESOURCES' ? 'STATUS_INSUFFICIENT_RESOURCES' : 'STATUS_UNSUCCESSFUL';
  }

  *requestAndWait(module: FilterModule, oid: string, type: NdisRequestType, value: unknown): Call<NdisStatus> {
    const request = yield* this.wdk.AllocateOidRequest(module.filterHandle);
    if (!request) return 'NDIS_STATUS_RESOURCES';
    request.RequestType = type;
    request.Oid = oid;
    request.InformationBuffer = value;
    request.InformationBufferLength = 4;
    request.RequestHandle = module.filterHandle;
    const own: OwnOid = { request, done: this.wdk.NdisInitializeEvent(), status: 'NDIS_STATUS_PENDING' };
    yield* this.addOwnOid(module, own);
    const status = yield* this.issueOwnOid(module, own);
    yield* this.wdk.NdisFreeMemory(request);
    return status;
  }

  *issueOwnOid(module: FilterModule, own: OwnOid): Call<NdisStatus> {
    const status = yield* this.wdk.NdisFOidRequest(module.filterHandle, own.request);
    if (status !== 'NDIS_STATUS_PENDING') {
      yield* this.takeOwnOid(module, own.request);
      return status;
    }
    yield* this.wdk.NdisWaitEvent(own.done, 0);
    return own.status;
  }

  /**
   * Originates a synchronous OID request, with no entry in it: nothing changes. It is over when the call returns, and nobody can end it sooner,
   * so a detach waits for as long as the adapter takes: the caller holds a reference on the module.
   */
  *originateSynchronousOid(module: FilterModule): Call<NtStatus> {
    if (module.lowPower) return 'STATUS_DEVICE_NOT_READY';
    const request = yield* this.wdk.AllocateOidRequest(module.filterHandle);
    if (!request) return 'STATUS_INSUFFICIENT_RESOURCES';
    request.RequestType = 'NdisRequestMethod';
    request.Oid = RSS_ENTRIES;
    request.InformationBuffer = {};
    request.InformationBufferLength = RSS_ENTRIES_LENGTH;
    request.RequestHandle = module.filterHandle;
    const status = yield* this.wdk.NdisFSynchronousOidRequest(module.filterHandle, request);
    yield* this.wdk.NdisFreeMemory(request);
    return status === 'NDIS_STATUS_SUCCESS' ? 'STATUS_SUCCESS' : 'STATUS_UNSUCCESSFUL';
  }

  *addOwnOid(module: FilterModule, own: OwnOid): Call<void> {
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    module.ownOids.push(own);
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
  }

  /** @returns our own request with this structure, which then is no longer on the list; undefined for a clone */
  *takeOwnOid(module: FilterModule, request: NdisOidRequest): Call<OwnOid | undefined> {
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    const own = module.ownOids.find((candidate) => candidate.request === request);
    module.ownOids = module.ownOids.filter((candidate) => candidate !== own);
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
    return own;
  }

  /** A request of our own is complete: the one who waits for it frees it. */
  *consumeOwnOid(own: OwnOid, status: NdisStatus): Call<void> {
    own.status = status;
    yield* this.wdk.NdisSetEvent(own.done);
  }

  // ---- what we change on the adapter -----------------------------------------------------------------------

  /**
   * Before the first change: what the packet filter was. The protocols above rely on it after we are gone.
   * @returns false when it cannot be put back later: then it is not changed
   */
  *rememberPacketFilter(module: FilterModule): Call<boolean> {
    if (module.packetFilterToRestore !== undefined) return true;
    const before: { value: unknown } = { value: null };
    const status = yield* this.requestAndWait(module, PACKET_FILTER, 'NdisRequestQueryInformation', before);
    if (status !== 'NDIS_STATUS_SUCCESS') return false;
    module.packetFilterToRestore = before;
    return true;
  }

  *restorePacketFilter(module: FilterModule): Call<void> {
    const before = module.packetFilterToRestore;
    if (before === undefined || module.lowPower) return;
    module.packetFilterToRestore = undefined;
    yield* this.requestAndWait(module, PACKET_FILTER, 'NdisRequestSetInformation', before);
  }
}
