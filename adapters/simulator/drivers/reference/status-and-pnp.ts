import type { Call } from '../../../../src/kernel';
import type { NdisStatus, NtStatus } from '../../../../src/ndis/status';
import type { NdisStatusIndication, NetDevicePnPEvent, NetPnPEventNotification } from '../../../../src/ndis/wdk';
import { OidRequests } from './oid';
import type { FilterModule } from './state';

/** Status indications and Plug and Play events. Everything is handed on, in every state. */
export class StatusAndPnP extends OidRequests {
  *FilterStatus(module: FilterModule, indication: NdisStatusIndication): Call<void> {
    yield* this.wdk.NdisFIndicateStatus(module.filterHandle, indication);
  }

  *originateStatus(module: FilterModule): Call<NtStatus> {
    yield* this.wdk.NdisFIndicateStatus(module.filterHandle, {
      SourceHandle: module.filterHandle,
      StatusCode: 'NDIS_STATUS_NETWORK_CHANGE',
      DestinationHandle: null,
      RequestId: null,
      StatusBuffer: null,
      StatusBufferSize: 0,
    });
    return 'STATUS_SUCCESS';
  }

  *FilterNetPnPEvent(module: FilterModule, event: NetPnPEventNotification): Call<NdisStatus> {
    if (event.NetEvent === 'NetEventSetPower') yield* this.setPower(module, event.Buffer);
    if (event.NetEvent === 'NetEventFilterPreDetach') yield* this.prepareDetach(module);
    return yield* this.forwardNetPnPEvent(module, event);
  }

  /** The protocols above decide with us: what they answer is our answer. */
  *forwardNetPnPEvent(module: FilterModule, event: NetPnPEventNotification): Call<NdisStatus> {
    return yield* this.wdk.NdisFNetPnPEvent(module.filterHandle, event);
  }

  /** Low power: start nothing new, wait for nothing. NDIS may leave us Running across the sleep. */
  *setPower(module: FilterModule, state: string | null): Call<void> {
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    module.lowPower = state !== 'NdisDeviceStateD0';
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
  }

  /** The last moment at which OID requests and status indications still go through. */
  *prepareDetach(module: FilterModule): Call<void> {
    yield* this.restorePacketFilter(module);
    yield* this.makeUnreachable(module);
  }

  *FilterDevicePnPEventNotify(module: FilterModule, event: NetDevicePnPEvent): Call<void> {
    yield* this.wdk.NdisFDevicePnPEventNotify(module.filterHandle, event);
  }
}
