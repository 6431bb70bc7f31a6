import type { Call } from '../../../../../src/kernel';
import type { NdisStatus, NetBuffer, NetBufferList } from '../../../../../src/ndis';
import { MdlObject, Nb, Nbl } from '../../../../../src/ndis/nbl';
import type { Export, GuestCall } from '../../contract';
import type { Guest } from '../../guest';
import { statusValue } from '../constants';
import { addContext, removeContext } from '../contexts';
import { NetBuffers } from '../net-buffers';
import { NdisPart } from '../part';
import { Pools } from '../pools';

/** NBLs from pools, their context space, and the beginning of their data. */
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
  {
    name: 'NdisRetreatNetBufferDataStart',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisretreatnetbufferdatastart',
    *run(guest, call) {
      const loose = looseBuffer(guest, call);
      if (loose) {
        guest.part(NetBuffers).retreat(loose, call.u32(1), call.u32(2));
        return statusValue('NDIS_STATUS_SUCCESS');
      }
      return statusValue(yield* retreat(guest, bufferArgument(guest, call), call.u32(1)));
    },
  },
  {
    name: 'NdisAdvanceNetBufferDataStart',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisadvancenetbufferdatastart',
    *run(guest, call) {
      const loose = looseBuffer(guest, call);
      if (loose) guest.part(NetBuffers).advance(loose, call.u32(1));
      else yield* advance(guest, bufferArgument(guest, call), call.u32(1));
    },
  },
  {
    name: 'NdisRetreatNetBufferListDataStart',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisretreatnetbufferlistdatastart',
    *run(guest, call) {
      const done: NetBuffer[] = [];
      for (const nb of buffersOf(nblArgument(guest, call))) {
        const status = yield* retreat(guest, nb, call.u32(1));
        if (status !== 'NDIS_STATUS_SUCCESS') {
          for (const earlier of done) yield* advance(guest, earlier, call.u32(1));
          return statusValue(status);
        }
        done.push(nb);
      }
      return statusValue('NDIS_STATUS_SUCCESS');
    },
  },
  {
    name: 'NdisAdvanceNetBufferListDataStart',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisadvancenetbufferlistdatastart',
    *run(guest, call) {
      for (const nb of buffersOf(nblArgument(guest, call))) yield* advance(guest, nb, call.u32(1));
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

/** A NET_BUFFER of a pool of its own that is in no NBL yet: the model has not met it. */
function looseBuffer(guest: Guest, call: GuestCall): number | undefined {
  const at = call.pointer(0);
  const isKnown = guest.part(NdisPart).nbls.buffer(call.u64(0)) !== undefined;
  return !isKnown && guest.part(NetBuffers).has(at) ? at : undefined;
}

function bufferArgument(guest: Guest, call: GuestCall): NetBuffer {
  return guest.part(NdisPart).nbls.buffer(call.u64(0)) as NetBuffer;
}

function buffersOf(nbl: NetBufferList): Nb[] {
  const buffers: Nb[] = [];
  for (let nb = nbl instanceof Nbl ? nbl.first : null; nb instanceof Nb; nb = nb.next) buffers.push(nb);
  return buffers;
}

function* retreat(guest: Guest, nb: NetBuffer, delta: number): Call<NdisStatus> {
  const status = yield* guest.wdk.NdisRetreatNetBufferDataStart(nb, delta);
  if (nb instanceof Nb) guest.part(NdisPart).nbls.rewriteBuffer(nb);
  return status;
}

function* advance(guest: Guest, nb: NetBuffer, delta: number): Call<void> {
  yield* guest.wdk.NdisAdvanceNetBufferDataStart(nb, delta);
  if (nb instanceof Nb) guest.part(NdisPart).nbls.rewriteBuffer(nb);
}
