import type { Call } from '../../kernel';
import { alienObject, badPointer } from '../faults';
import { handleName } from '../handle';
import { NDIS } from '../holder';
import { byteCounts, OidRequest } from '../oid-request';
import type { NdisStatus } from '../status';
import { statusName } from '../status-name';
import { isReachable } from '../stack/filter';
import type { FilterModule } from '../stack/module';
import type { NdisHandle, NdisOidRequest, Wdk } from '../wdk';
import type { ExportContext } from './context';

type ControlExports = Pick<
  Wdk,
  | 'AllocateOidRequest'
  | 'NdisAllocateCloneOidRequest'
  | 'NdisFreeCloneOidRequest'
  | 'NdisFOidRequest'
  | 'NdisFOidRequestComplete'
  | 'NdisFCancelOidRequest'
  | 'NdisFDirectOidRequest'
  | 'NdisFDirectOidRequestComplete'
  | 'NdisFIndicateStatus'
  | 'NdisFNetPnPEvent'
  | 'NdisFDevicePnPEventNotify'
>;

/** OID requests, status indications and PnP events as a filter calls them. */
export function controlExports(cx: ExportContext): ControlExports {
  const { ndis, kernel } = cx;

  const requireRequest = (ddi: string, pointer: unknown): OidRequest => {
    if (pointer instanceof OidRequest && !pointer.freed && !pointer.block?.freed) return pointer;
    const name = pointer instanceof OidRequest ? pointer.id : String(pointer);
    throw badPointer(kernel, `${ddi} was given an NDIS_OID_REQUEST that does not exist or was freed`, name);
  };

  function* issue(ddi: string, filter: NdisHandle, pointer: NdisOidRequest, direct: boolean): Call<NdisStatus> {
    const known = pointer instanceof OidRequest ? pointer : undefined;
    const module = cx.onModule(ddi, filter, {
      args: {
        request: known?.id ?? null,
        oid: known?.oid ?? null,
        requestHandle: handleName(known?.requestHandle),
      },
    });
    const request = requireRequest(ddi, pointer);
    if (module.oids.has(request)) {
      throw alienObject(kernel, `${ddi} was given ${request.id} itself, not a clone: its way back is lost`, request.id);
    }
    if (request.below) {
      throw alienObject(kernel, `${ddi} was given ${request.id}, which is pending below already`, request.id);
    }
    const status = isReachable(module.state) ? yield* sendRequest(module, request, direct) : 'NDIS_STATUS_FAILURE';
    const counts = status === 'NDIS_STATUS_PENDING' ? undefined : byteCounts(request);
    cx.backOn(ddi, module, { status, args: { request: request.id, ...counts } });
    return status;
  }

  function* sendRequest(module: FilterModule, request: OidRequest, direct: boolean): Call<NdisStatus> {
    request.below = true;
    request.direct = direct;
    request.holder = NDIS;
    const status = yield* module.adapter.control.oidDown(module, request, module.issuer, direct);
    if (status === 'NDIS_STATUS_PENDING') return status;
    request.below = false;
    request.holder = module;
    return status;
  }

  function* complete(
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
    const request = requireRequest(ddi, pointer);
    yield* module.oids.complete(request, status, direct);
    cx.backOn(ddi, module);
  }

  return {
    *AllocateOidRequest(handle) {
      const ddi = 'NdisAllocateMemoryWithTagPriority';
      const { holder, module, scope } = cx.onOwner(ddi, handle, { args: { tag: 'OidR' } });
      if (ndis.shortage.strikes('memory')) {
        cx.returned(ddi, { module, args: { memory: null } });
        return null;
      }
      const request = new OidRequest(kernel.identity('o'), holder, scope, ndis.watch);
      request.block = kernel.pool.adopt(request, scope, 'OidR');
      cx.returned(ddi, { module, args: { memory: request.block.id } });
      return request;
    },

    *NdisAllocateCloneOidRequest(filter, pointer, tag, out) {
      const ddi = 'NdisAllocateCloneOidRequest';
      cx.requirePointer(ddi, out);
      const known = pointer instanceof OidRequest ? pointer : undefined;
      const module = cx.onModule(ddi, filter, { args: { request: known?.id ?? null, tag } });
      const original = requireRequest(ddi, pointer);
      if (ndis.shortage.strikes('oid-clone')) {
        out.value = undefined;
        cx.backOn(ddi, module, { status: 'NDIS_STATUS_RESOURCES', args: { clone: null } });
        return 'NDIS_STATUS_RESOURCES';
      }
      const clone = new OidRequest(kernel.identity('o'), module, module.name, ndis.watch);
      clone.copyFrom(original);
      out.value = clone;
      cx.backOn(ddi, module, { status: 'NDIS_STATUS_SUCCESS', args: { clone: clone.id } });
      return 'NDIS_STATUS_SUCCESS';
    },

    *NdisFreeCloneOidRequest(filter, pointer) {
      const ddi = 'NdisFreeCloneOidRequest';
      const known = pointer instanceof OidRequest ? pointer : undefined;
      const module = cx.onModule(ddi, filter, { args: { clone: known?.id ?? null } });
      const clone = requireRequest(ddi, pointer);
      if (!clone.original) throw badPointer(kernel, `${ddi} was given ${clone.id}, which is no clone`, clone.id);
      if (clone.below) ndis.watch.report(clone, 'free', '');
      clone.freed = true;
      cx.backOn(ddi, module);
    },

    NdisFOidRequest: (filter, request) => issue('NdisFOidRequest', filter, request, false),
    NdisFDirectOidRequest: (filter, request) => issue('NdisFDirectOidRequest', filter, request, true),
    NdisFOidRequestComplete: (filter, request, status) =>
      complete('NdisFOidRequestComplete', filter, request, status, false),
    NdisFDirectOidRequestComplete: (filter, request, status) =>
      complete('NdisFDirectOidRequestComplete', filter, request, status, true),

    *NdisFCancelOidRequest(filter, requestId) {
      const ddi = 'NdisFCancelOidRequest';
      const module = cx.onModule(ddi, filter, { args: { requestId: String(requestId) } });
      yield* module.adapter.control.cancelOidDown(module, requestId, false);
      cx.backOn(ddi, module);
    },

    *NdisFIndicateStatus(filter, indication) {
      const ddi = 'NdisFIndicateStatus';
      cx.requirePointer(ddi, indication);
      const args = { code: indication.StatusCode, source: handleName(indication.SourceHandle) };
      const module = cx.onModule(ddi, filter, { args });
      if (isReachable(module.state)) yield* module.adapter.control.statusUp(module, indication);
      cx.backOn(ddi, module);
    },

    *NdisFNetPnPEvent(filter, event) {
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

    *NdisFDevicePnPEventNotify(filter, event) {
      const ddi = 'NdisFDevicePnPEventNotify';
      cx.requirePointer(ddi, event);
      const module = cx.onModule(ddi, filter, { args: { event: event.DevicePnPEvent } });
      yield* module.adapter.control.devicePnPDown(module, event);
      cx.backOn(ddi, module);
    },
  };
}
