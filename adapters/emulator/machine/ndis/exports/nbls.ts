import type { NetBufferList } from '../../../../../src/ndis';
import { MdlObject, Nbl } from '../../../../../src/ndis/nbl';
import type { Export, GuestCall } from '../../contract';
import type { Guest } from '../../guest';
import { statusValue } from '../constants';
import { addContext, removeContext } from '../contexts';
import { NdisPart } from '../part';
import { Pools } from '../pools';

/** NBLs from pools, and their context space. */
export const nblExports: readonly Export<Guest>[] = [
  {
    name: 'NdisAllocateNetBufferAndNetBufferList',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisallocatenetbufferandnetbufferlist',
    *run(guest, call) {
      const ndis = guest.part(NdisPart);
      const parameters = guest.part(Pools).of(ndis.handleArgument(call.u64(0)));
      // NDIS takes them from pools of one kind only.
      if (parameters && (!parameters.fAllocateNetBuffer || parameters.DataSize !== 0)) return 0n;
      const mdlAt = call.pointer(3);
      if (mdlAt !== 0) guest.touch('read', mdlAt, 1);
      const mdl = ndis.mdls.read(mdlAt);
      const pool = ndis.handleArgument(call.u64(0));
      const length = Number(call.u64(5) & 0xffff_ffffn);
      const nbl = yield* guest.wdk.NdisAllocateNetBufferAndNetBufferList(pool, call.u16(1), mdl, call.u32(4), length);
      return newNblAddress(guest, nbl, call.u16(1), call.u16(2));
    },
  },
  {
    name: 'NdisAllocateNetBufferList',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisallocatenetbufferlist',
    *run(guest, call) {
      const ndis = guest.part(NdisPart);
      const pool = ndis.handleArgument(call.u64(0));
      const parameters = guest.part(Pools).of(pool);
      const size = parameters?.DataSize ?? 0;
      // Such a pool gives bytes too: all of them are unused data space at first.
      const mdl = size > 0 ? new MdlObject(guest.kernel.identity('d'), size, 'NDIS') : null;
      const nbl = yield* guest.wdk.NdisAllocateNetBufferAndNetBufferList(pool, call.u16(1), mdl, size, 0);
      if (nbl instanceof Nbl && parameters?.fAllocateNetBuffer !== true) nbl.first = null;
      return newNblAddress(guest, nbl, call.u16(1), call.u16(2));
    },
  },
  {
    name: 'NdisFreeNetBufferList',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisfreenetbufferlist',
    *run(guest, call) {
      const nbl = nblArgument(guest, call);
      yield* guest.wdk.NdisFreeNetBufferList(nbl);
      if (nbl instanceof Nbl) guest.part(NdisPart).nbls.closeOne(nbl);
    },
  },
  {
    name: 'NdisAllocateNetBufferListContext',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisallocatenetbufferlistcontext',
    *run(guest, call) {
      const nbl = nblArgument(guest, call);
      const status = yield* guest.wdk.NdisAllocateNetBufferListContext(nbl, call.u16(1));
      if (status === 'NDIS_STATUS_SUCCESS') addContext(guest, call.pointer(0), call.u16(1), call.u16(2));
      return statusValue(status);
    },
  },
  {
    name: 'NdisFreeNetBufferListContext',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisfreenetbufferlistcontext',
    *run(guest, call) {
      const nbl = nblArgument(guest, call);
      yield* guest.wdk.NdisFreeNetBufferListContext(nbl, call.u16(1));
      removeContext(guest, call.pointer(0), call.u16(1));
    },
  },
];

/**
 * A fresh NBL with the context space that its pool and its caller ask for.
 * @returns its address, NULL when memory was short
 */
export function newNblAddress(guest: Guest, nbl: NetBufferList | null, size: number, backfill: number): bigint {
  if (!(nbl instanceof Nbl)) return 0n;
  const { nbls } = guest.part(NdisPart);
  nbls.refresh(nbl);
  const address = nbls.addressOf(nbl);
  const ofPool = nbl.pool && guest.part(Pools).of(nbl.pool.handle)?.ContextSize;
  const whole = size + (ofPool ?? 0);
  if (whole + backfill > 0) addContext(guest, guest.offset(address), whole, backfill);
  return address;
}

/** The NBL in the first argument, up to date. */
export function nblArgument(guest: Guest, call: GuestCall): NetBufferList {
  const { nbls } = guest.part(NdisPart);
  const nbl = nbls.resolve(call.u64(0));
  if (nbl instanceof Nbl && nbl.heldByDriver && !nbl.freed) nbls.readBack(nbl);
  // NULL and what is no NBL go to the model as they are: NDIS follows the pointer.
  return nbl as NetBufferList;
}
