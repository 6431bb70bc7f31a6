import type { Call } from '../../kernel';
import type { OidRequest } from '../oid-request';
import type { NdisStatus } from '../status';
import type { NdisStatusIndication, NetDevicePnPEvent, NetPnPEventNotification } from '../wdk';
import type { Adapter } from './adapter';
import type { OidIssuer, StackFilter, SynchronousReturn } from './filter';
import { SYNCHRONOUS_OIDS } from './oid-answers';

/**
 * How OID requests, status indications and PnP events travel through one stack. OIDs and device PnP events go down,
 * status and NetPnP events go up; modules without the handler are skipped.
 */
export class ControlPath {
  constructor(private readonly adapter: Adapter) {}

  /**
   * @param from the layer that issues; undefined for the protocol
   * @returns the final status, or NDIS_STATUS_PENDING and then `issuer` is called
   */
  oidDown(from: StackFilter | undefined, request: OidRequest, issuer: OidIssuer, direct: boolean): Call<NdisStatus> {
    const next = this.adapter.below(from, direct ? 'directOid' : 'oid');
    return next ? next.oid(request, issuer, direct) : this.adapter.miniport.oid(request, issuer);
  }

  /**
   * One filter after the other previews the request, from top to bottom, until one ends it or the miniport answers; those that let it go
   * on see it on its way back, from bottom to top. NDIS takes no other requests by this interface than those whose page says so.
   * @param from the layer that issues; undefined for the protocol
   * @returns the final status
   * @see https://learn.microsoft.com/windows-hardware/drivers/network/synchronous-oid-request-interface-in-ndis-6-80
   */
  *synchronousOidDown(from: StackFilter | undefined, request: OidRequest): Call<NdisStatus> {
    if (!SYNCHRONOUS_OIDS.has(request.oid)) return 'NDIS_STATUS_NOT_SUPPORTED';
    const back: SynchronousReturn[] = [];
    let status: NdisStatus | undefined;
    for (const filter of this.adapter.allBelow(from)) {
      const result = yield* filter.synchronousOid(request);
      if (typeof result === 'function') back.push(result);
      else status = result === 'NDIS_STATUS_ALREADY_COMPLETE' ? 'NDIS_STATUS_SUCCESS' : result;
      if (status !== undefined) break;
    }
    status ??= yield* this.adapter.miniport.synchronousOid(request);
    for (const goBack of back.reverse()) status = yield* goBack(status);
    return status;
  }

  /** @param from the layer that cancels; undefined for the protocol */
  cancelOidDown(from: StackFilter | undefined, requestId: unknown, direct: boolean): Call<void> {
    const next = this.adapter.below(from, direct ? 'cancelDirectOid' : 'cancelOid');
    return next ? next.cancelOid(requestId, direct) : this.adapter.miniport.cancelOid(requestId);
  }

  /** @param from the layer that indicates; undefined for the miniport */
  statusUp(from: StackFilter | undefined, indication: NdisStatusIndication): Call<void> {
    return (this.adapter.above(from, 'status') ?? this.adapter.protocol).status(indication);
  }

  /** @param from the layer that passes the event on; undefined for NDIS */
  netPnPUp(from: StackFilter | undefined, event: NetPnPEventNotification): Call<NdisStatus> {
    return (this.adapter.above(from, 'netPnP') ?? this.adapter.protocol).netPnP(event);
  }

  /** @param from the layer that passes the event on; undefined for NDIS */
  devicePnPDown(from: StackFilter | undefined, event: NetDevicePnPEvent): Call<void> {
    return (this.adapter.below(from, 'devicePnP') ?? this.adapter.miniport).devicePnP(event);
  }
}
