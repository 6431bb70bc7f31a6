import type { NetBufferList } from '../../../../../src/ndis';
import { Nbl } from '../../../../../src/ndis/nbl';
import type { Call } from '../../../../../src/kernel';
import type { Export, GuestCall } from '../../contract';
import type { Guest } from '../../guest';
import { NdisPart } from '../part';
import { newNblAddress, nblArgument } from './nbls';

/** NDIS_CLONE_FLAGS_USE_ORIGINAL_MDLS */
const USE_ORIGINAL_MDLS = 0x2;

/** NBLs derived from others: clones, fragments, and what is put together from fragments. */
export const derivedNblExports: readonly Export<Guest>[] = [
  {
    name: 'NdisAllocateCloneNetBufferList',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisallocateclonenetbufferlist',
    *run(guest, call) {
      const usesOriginalMdls = (call.u32(3) & USE_ORIGINAL_MDLS) !== 0;
      const original = nblArgument(guest, call);
      const nbl = yield* guest.wdk.NdisAllocateCloneNetBufferList(
        original,
        poolArgument(guest, call),
        usesOriginalMdls,
      );
      return newNblAddress(guest, nbl, 0, 0);
    },
  },
  freeing('NdisFreeCloneNetBufferList', (guest, nbl, call) =>
    guest.wdk.NdisFreeCloneNetBufferList(nbl, (call.u32(1) & USE_ORIGINAL_MDLS) !== 0),
  ),
  {
    name: 'NdisAllocateFragmentNetBufferList',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisallocatefragmentnetbufferlist',
    *run(guest, call) {
      const nbl = yield* guest.wdk.NdisAllocateFragmentNetBufferList(
        nblArgument(guest, call),
        poolArgument(guest, call),
        call.u32(3),
        call.u32(4),
        { used: call.u32(5), unused: call.u32(6) },
      );
      return newNblAddress(guest, nbl, 0, 0);
    },
  },
  freeing('NdisFreeFragmentNetBufferList', (guest, nbl) => guest.wdk.NdisFreeFragmentNetBufferList(nbl)),
  {
    name: 'NdisAllocateReassembledNetBufferList',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisallocatereassemblednetbufferlist',
    *run(guest, call) {
      const nbl = yield* guest.wdk.NdisAllocateReassembledNetBufferList(
        nblArgument(guest, call),
        poolArgument(guest, call),
        call.u32(2),
        { used: call.u32(3), unused: call.u32(4) },
      );
      return newNblAddress(guest, nbl, 0, 0);
    },
  },
  freeing('NdisFreeReassembledNetBufferList', (guest, nbl) => guest.wdk.NdisFreeReassembledNetBufferList(nbl)),
];

/** NULL asks for a pool of NDIS's own. */
function poolArgument(guest: Guest, call: GuestCall) {
  return call.u64(1) === 0n ? null : guest.part(NdisPart).handleArgument(call.u64(1));
}

function freeing(name: string, free: (guest: Guest, nbl: NetBufferList, call: GuestCall) => Call<void>): Export<Guest> {
  return {
    name,
    irql: 2,
    page: `nblapi/nf-nblapi-${name.toLowerCase()}`,
    *run(guest, call) {
      const nbl = nblArgument(guest, call);
      yield* free(guest, nbl, call);
      if (nbl instanceof Nbl) guest.part(NdisPart).nbls.closeOne(nbl);
    },
  };
}
