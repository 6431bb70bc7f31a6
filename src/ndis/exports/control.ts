import { requestIdText } from '../request-id';
import type { Call } from '../../kernel';
import { alienObject, badPointer } from '../faults';
import { handleName } from '../handle';
import { NDIS } from '../holder';
import { byteCounts, OidRequest, type OidPath } from '../oid-request';
import type { NdisStatus } from '../status';
import { statusName } from '../status-name';
import { isReachable } from '../stack/filter';
import type { FilterModule } from '../stack/module';
import type { NdisHandle, NdisOidRequest } from '../wdk';
import type { ExportContext } from './context';
import type { Implementations } from './implementations';

type ControlExports = Implementations<
  | 'AllocateOidRequest'
  | 'NdisAllocateCloneOidRequest'
  | 'NdisFreeCloneOidRequest'
  | 'NdisFOidRequest'
  | 'NdisFOidRequestComplete'
  | 'NdisFCancelOidRequest'
  | 'NdisFDirectOidRequest'
  | 'NdisFDirectOidRequestComplete'
  | 'NdisFCancelDirectOidRequest'
  | 'NdisFSynchronousOidRequest'
  | 'NdisFGetOptionalSwitchHandlers'
  | 'NdisFIndicateStatus'
  | 'NdisFNetPnPEvent'
  | 'NdisFDevicePnPEventNotify'
>;

/** OID requests, status indications and PnP events as a filter calls them. */
export const controlExports: ControlExports = {
  *AllocateOidRequest(cx, handle) {
    const ddi = 'NdisAllocateMemoryWithTagPriority';
    const { holder, module, scope } = cx.onOwner(ddi, handle, { args: { tag: 'OidR' } });
    if (cx.ndis.shortage.strikes('memory')) {
      cx.returned(ddi, { module, args: { memory: null } });
      return null;
    }
    const request = new OidRequest(cx.kernel.identity('o'), holder, scope, cx.ndis.watch);
    request.block = cx.kernel.pool.adopt(request, scope, 'OidR');
    cx.returned(ddi, { module, args: { memory: request.block.id } });
    return request;
  },

  *NdisAllocateCloneOidRequest(cx, filter, pointer, tag, out) {
    const ddi = 'NdisAllocateCloneOidRequest';
    cx.requirePointer(ddi, out);
    const known = pointer instanceof OidRequest ? pointer : undefined;
    const module = cx.onModule(ddi, filter, { args: { request: known?.id ?? null, tag } });
    const original = requireRequest(cx, ddi, pointer);
    if (cx.ndis.shortage.strikes('oid-clone')) {
      out.value = undefined;
      cx.backOn(ddi, module, { status: 'NDIS_STATUS_RESOURCES', args: { clone: null } });
      return 'NDIS_STATUS_RESOURCES';
    }
    const clone = new OidRequest(cx.kernel.identity('o'), module, module.name, cx.ndis.watch);
    clone.copyFrom(original);
    out.value = clone;
    cx.backOn(ddi, module, { status: 'NDIS_STATUS_SUCCESS', args: { clone: clone.id } });
    return 'NDIS_STATUS_SUCCESS';
  },

  *NdisFreeCloneOidRequest(cx, filter, pointer) {
    const ddi = 'NdisFreeCloneOidRequest';
    const known = pointer instanceof OidRequest ? pointer : undefined;
    const module = cx.onModule(ddi, filter, { args: { clone: known?.id ?? null } });
    const clone = requireRequest(cx, ddi, pointer);
    if (!clone.original) throw badPointer(cx.kernel, `${ddi} was given ${clone.id}, which is no clone`, clone.id);
    if (clone.below) cx.ndis.watch.report(clone, 'free', '');
    clone.cloneFreed = true;
    cx.backOn(ddi, module);
  },

  NdisFOidRequest: (cx, filter, request) => issue(cx, 'NdisFOidRequest', filter, request, 'regular'),
  NdisFDirectOidRequest: (cx, filter, request) => issue(cx, 'NdisFDirectOidRequest', filter, request, 'direct'),
  NdisFSynchronousOidRequest: (cx, filter, request) =>
    issue(cx, 'NdisFSynchronousOidRequest', filter, request, 'synchronous'),
  NdisFOidRequestComplete: (cx, filter, request, status) =>
    complete(cx, 'NdisFOidRequestComplete', filter, request, status, false),
  NdisFDirectOidRequestComplete: (cx, filter, request, status) =>
    complete(cx, 'NdisFDirectOidRequestComplete', filter, request, status, true),

  NdisFCancelOidRequest: (cx, filter, requestId) => cancel(cx, 'NdisFCancelOidRequest', filter, requestId, false),
  NdisFCancelDirectOidRequest: (cx, filter, requestId) =>
    cancel(cx, 'NdisFCancelDirectOidRequest', filter, requestId, true),

  *NdisFGetOptionalSwitchHandlers(cx, filter) {
    const ddi = 'NdisFGetOptionalSwitchHandlers';
    const module = cx.onModule(ddi, filter);
    // No adapter of this machine is an extensible switch.
    const status = 'NDIS_STATUS_NOT_SUPPORTED';
    cx.backOn(ddi, module, { status });
    return status;
  },

  *NdisFIndicateStatus(cx, filter, indication) {
    const ddi = 'NdisFIndicateStatus';
    cx.requirePointer(ddi, indication);
    const args = { code: indication.StatusCode, source: handleName(indication.SourceHandle) };
    const module = cx.onModule(ddi, filter, { args });
    if (isReachable(module.state)) yield* module.adapter.control.statusUp(module, indication);
    cx.backOn(ddi, module);
  },

  *NdisFNetPnPEvent(cx, filter, event) {
    const ddi = 'NdisFNetPnPEvent';
    cx.requirePointer(ddi, event);
    const power = event.Buffer === null ? undefined : { power: String(event.Buffer).slice(-2) };
    const module = cx.onModule(ddi, filter, { args: { event: event.NetEvent, ...power } });
    // NetEventFilterPreDetach is meant for this module alone, so it ends here.
    const status: NdisStatus =
      event.NetEvent === 'NetEventFilterPreDetach'
        ? 'NDIS_STATUS_SUCCESS'
        : yield* module.adapter.control.netPnPUp(module, event);
    cx.backOn(ddi, module, { status });
    return status;
  },

  *NdisFDevicePnPEventNotify(cx, filter, event) {
    const ddi = 'NdisFDevicePnPEventNotify';
    cx.requirePointer(ddi, event);
    const module = cx.onModule(ddi, filter, { args: { event: event.DevicePnPEvent } });
    yield* module.adapter.control.devicePnPDown(module, event);
    cx.backOn(ddi, module);
  },
};

function requireRequest(cx: ExportContext, ddi: string, pointer: unknown): OidRequest {
  if (pointer instanceof OidRequest && !pointer.freed) return pointer;
  const name = pointer instanceof OidRequest ? pointer.id : String(pointer);
  throw badPointer(cx.kernel, `${ddi} was given an NDIS_OID_REQUEST that does not exist or was freed`, name);
}

function* issue(
  cx: ExportContext,
  ddi: string,
  filter: NdisHandle,
  pointer: NdisOidRequest,
  path: OidPath,
): Call<NdisStatus> {
  const known = pointer instanceof OidRequest ? pointer : undefined;
  const module = cx.onModule(ddi, filter, {
    args: {
      request: known?.id ?? null,
      oid: known?.oid ?? null,
      requestHandle: handleName(known?.requestHandle),
    },
  });
  const request = requireRequest(cx, ddi, pointer);
  if (module.oids.has(request)) {
    throw alienObject(
      cx.kernel,
      `${ddi} was given ${request.id} itself, not a clone: its way back is lost`,
      request.id,
    );
  }
  if (request.below) {
    throw alienObject(cx.kernel, `${ddi} was given ${request.id}, which is pending below already`, request.id);
  }
  const status = isReachable(module.state) ? yield* sendRequest(module, request, path) : 'NDIS_STATUS_FAILURE';
  const counts = status === 'NDIS_STATUS_PENDING' ? undefined : byteCounts(request);
  cx.backOn(ddi, module, { status, args: { request: request.id, ...counts } });
  return status;
}

function* sendRequest(module: FilterModule, request: OidRequest, path: OidPath): Call<NdisStatus> {
  request.below = true;
  request.path = path;
  request.holder = NDIS;
  const status = yield* path === 'synchronous'
    ? module.adapter.control.synchronousOidDown(module, request)
    : module.ownOids.issue(request, path === 'direct');
  if (status === 'NDIS_STATUS_PENDING' && path !== 'synchronous') return status;
  request.below = false;
  request.holder = module;
  return status;
}

function* complete(
  cx: ExportContext,
  ddi: string,
  filter: NdisHandle,
  pointer: NdisOidRequest,
  status: NdisStatus,
  direct: boolean,
): Call<void> {
  const known = pointer instanceof OidRequest ? pointer : undefined;
  const module = cx.onModule(ddi, filter, {
    args: { request: known?.id ?? null, status: statusName(status), ...(known && byteCounts(known)) },
  });
  const request = requireRequest(cx, ddi, pointer);
  yield* module.oids.complete(request, status, direct);
  cx.backOn(ddi, module);
}

function* cancel(cx: ExportContext, ddi: string, filter: NdisHandle, requestId: unknown, direct: boolean): Call<void> {
  const module = cx.onModule(ddi, filter, { args: { requestId: requestIdText(requestId) } });
  yield* module.adapter.control.cancelOidDown(module, requestId, direct);
  cx.backOn(ddi, module);
}
