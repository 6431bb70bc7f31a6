import type { NetBufferList } from '../../../../../src/ndis';
import { NDIS_RECEIVE_FLAGS_RESOURCES } from '../../../../../src/ndis';
import type { Export } from '../../contract';
import type { Guest } from '../../guest';
import { chainFrom } from '../nbls';
import { NdisPart } from '../part';

/** The data path as a filter calls it: chains change hands, and the driver's rights to their memory go with them. */
export const dataExports: readonly Export<Guest>[] = [
  {
    name: 'NdisFSendNetBufferLists',
    irql: 2,
    page: 'ndis/nf-ndis-ndisfsendnetbufferlists',
    *run(guest, call) {
      const { handle, chain } = handOver(guest, call.u64(0), call.u64(1));
      yield* guest.wdk.NdisFSendNetBufferLists(handle, chain, call.u32(2), call.u32(3));
    },
  },
  {
    name: 'NdisFSendNetBufferListsComplete',
    irql: 2,
    page: 'ndis/nf-ndis-ndisfsendnetbufferlistscomplete',
    *run(guest, call) {
      const { handle, chain } = handOver(guest, call.u64(0), call.u64(1));
      yield* guest.wdk.NdisFSendNetBufferListsComplete(handle, chain, call.u32(2));
    },
  },
  {
    name: 'NdisFCancelSendNetBufferLists',
    irql: 2,
    page: 'ndis/nf-ndis-ndisfcancelsendnetbufferlists',
    *run(guest, call) {
      const ndis = guest.part(NdisPart);
      yield* guest.wdk.NdisFCancelSendNetBufferLists(
        ndis.handleArgument(call.u64(0)),
        ndis.ids.idOf(call.u64(1)) ?? 'NULL',
      );
    },
  },
  {
    name: 'NdisFIndicateReceiveNetBufferLists',
    irql: 2,
    page: 'ndis/nf-ndis-ndisfindicatereceivenetbufferlists',
    *run(guest, call) {
      const { handle, chain } = handOver(guest, call.u64(0), call.u64(1));
      const flags = call.u32(4);
      const lent = (flags & NDIS_RECEIVE_FLAGS_RESOURCES) === 0 ? [] : [...chainFrom(chain)];
      yield* guest.wdk.NdisFIndicateReceiveNetBufferLists(handle, chain, call.u32(2), call.u32(3), flags);
      for (const nbl of lent) guest.part(NdisPart).nbls.refresh(nbl);
    },
  },
  {
    name: 'NdisFReturnNetBufferLists',
    irql: 2,
    page: 'ndis/nf-ndis-ndisfreturnnetbufferlists',
    *run(guest, call) {
      const { handle, chain } = handOver(guest, call.u64(0), call.u64(1));
      yield* guest.wdk.NdisFReturnNetBufferLists(handle, chain, call.u32(2));
    },
  },
];

/** Reads what the driver hands over; from now on its accesses to it are somebody's business. */
function handOver(guest: Guest, handleValue: bigint, head: bigint): ReturnType<typeof argumentsOf> {
  const passed = argumentsOf(guest, handleValue, head);
  guest.part(NdisPart).nbls.close(passed.chain);
  return passed;
}

function argumentsOf(guest: Guest, handleValue: bigint, head: bigint) {
  const ndis = guest.part(NdisPart);
  const handle = ndis.handleArgument(handleValue);
  // A chain that is NULL goes to the model as it is: NDIS follows it.
  const chain = ndis.nbls.read(head, handle) as NetBufferList;
  return { handle, chain };
}
