import type { NdisHandle, NdisOidRequest, Out } from '../../../../../src/ndis';
import { OidRequest } from '../../../../../src/ndis/oid-request';
import type { Export, GuestCall } from '../../contract';
import type { Guest } from '../../guest';
import { statusOf, statusValue } from '../constants';
import { devicePnPEventAt, netPnPEventAt, statusAt } from '../events';
import { NdisPart } from '../part';
import { tagText } from '../tag';

/** OID requests, status indications and Plug and Play events. */
export const controlExports: readonly Export<Guest>[] = [
  {
    name: 'NdisAllocateCloneOidRequest',
    irql: 2,
    page: 'ndis/nf-ndis-ndisallocatecloneoidrequest',
    *run(guest, call) {
      const ndis = guest.part(NdisPart);
      const original = requestAt(guest, call);
      const out: Out<NdisOidRequest> = { value: undefined };
      const handle = ndis.handleArgument(call.u64(0));
      const status = yield* guest.wdk.NdisAllocateCloneOidRequest(handle, original, tagText(call.u32(2)), out);
      const clone = out.value;
      const at = call.pointer(3);
      if (clone instanceof OidRequest && original instanceof OidRequest) {
        guest.touch('write', at, 8);
        guest.memory.setU64(at, ndis.oids.lendClone(clone, original));
      }
      return statusValue(status);
    },
  },
  {
    name: 'NdisFreeCloneOidRequest',
    irql: 2,
    page: 'ndis/nf-ndis-ndisfreecloneoidrequest',
    *run(guest, call) {
      const clone = requestAt(guest, call);
      yield* guest.wdk.NdisFreeCloneOidRequest(guest.part(NdisPart).handleArgument(call.u64(0)), clone);
      guest.part(NdisPart).oids.close(clone);
    },
  },
  issuing('NdisFOidRequest', 'ndis/nf-ndis-ndisfoidrequest'),
  issuing('NdisFDirectOidRequest', 'ndis/nf-ndis-ndisfdirectoidrequest'),
  issuing('NdisFSynchronousOidRequest', 'ndis/nf-ndis-ndisfsynchronousoidrequest'),
  completing('NdisFOidRequestComplete', 'ndis/nf-ndis-ndisfoidrequestcomplete'),
  completing('NdisFDirectOidRequestComplete', 'ndis/nf-ndis-ndisfdirectoidrequestcomplete'),
  cancelling('NdisFCancelOidRequest', 'ndis/nf-ndis-ndisfcanceloidrequest'),
  cancelling('NdisFCancelDirectOidRequest', 'ndis/nf-ndis-ndisfcanceldirectoidrequest'),
  {
    name: 'NdisFGetOptionalSwitchHandlers',
    irql: 0,
    page: 'ndis/nf-ndis-ndisfgetoptionalswitchhandlers',
    *run(guest, call) {
      return statusValue(yield* guest.wdk.NdisFGetOptionalSwitchHandlers(handleOf(guest, call)));
    },
  },
  {
    name: 'NdisFIndicateStatus',
    irql: 2,
    page: 'ndis/nf-ndis-ndisfindicatestatus',
    *run(guest, call) {
      const indication = statusAt(guest, call.pointer(1));
      yield* guest.wdk.NdisFIndicateStatus(guest.part(NdisPart).handleArgument(call.u64(0)), indication);
    },
  },
  {
    name: 'NdisFNetPnPEvent',
    irql: 0,
    page: 'ndis/nf-ndis-ndisfnetpnpevent',
    *run(guest, call) {
      const event = netPnPEventAt(guest, call.pointer(1));
      return statusValue(yield* guest.wdk.NdisFNetPnPEvent(guest.part(NdisPart).handleArgument(call.u64(0)), event));
    },
  },
  {
    name: 'NdisFDevicePnPEventNotify',
    irql: 0,
    page: 'ndis/nf-ndis-ndisfdevicepnpeventnotify',
    *run(guest, call) {
      const event = devicePnPEventAt(guest, call.pointer(1));
      yield* guest.wdk.NdisFDevicePnPEventNotify(guest.part(NdisPart).handleArgument(call.u64(0)), event);
    },
  },
];

/** The request in the second argument; what is none goes to the model, which stops the system. */
function requestAt(guest: Guest, call: GuestCall, issuer?: NdisHandle): NdisOidRequest {
  return guest.part(NdisPart).oids.read(call.u64(1), issuer) as NdisOidRequest;
}

function issuing(
  name: 'NdisFOidRequest' | 'NdisFDirectOidRequest' | 'NdisFSynchronousOidRequest',
  page: string,
): Export<Guest> {
  return {
    name,
    irql: 2,
    page,
    *run(guest, call) {
      const { oids } = guest.part(NdisPart);
      const handle = handleOf(guest, call);
      const request = requestAt(guest, call, handle);
      oids.close(request);
      const status = yield* guest.wdk[name](handle, request);
      if (status !== 'NDIS_STATUS_PENDING' && request instanceof OidRequest) oids.lend(request);
      return statusValue(status);
    },
  };
}

function completing(name: 'NdisFOidRequestComplete' | 'NdisFDirectOidRequestComplete', page: string): Export<Guest> {
  return {
    name,
    irql: 2,
    page,
    *run(guest, call) {
      const request = requestAt(guest, call);
      guest.part(NdisPart).oids.close(request);
      yield* guest.wdk[name](handleOf(guest, call), request, statusOf(call.u32(2)));
    },
  };
}

function cancelling(name: 'NdisFCancelOidRequest' | 'NdisFCancelDirectOidRequest', page: string): Export<Guest> {
  return {
    name,
    irql: 2,
    page,
    *run(guest, call) {
      const id = guest.part(NdisPart).ids.idOf(call.u64(1));
      yield* guest.wdk[name](handleOf(guest, call), id);
    },
  };
}

function handleOf(guest: Guest, call: GuestCall): NdisHandle {
  return guest.part(NdisPart).handleArgument(call.u64(0));
}
