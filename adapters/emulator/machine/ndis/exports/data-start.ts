import type { Call } from '../../../../../src/kernel';
import type { AdvanceMemory, NdisStatus, NetBuffer, NetBufferList, RetreatMemory } from '../../../../../src/ndis';
import { Nb, Nbl } from '../../../../../src/ndis/nbl';
import type { Export, GuestCall } from '../../contract';
import type { Guest } from '../../guest';
import { statusValue } from '../constants';
import { lendOnce } from '../lend-once';
import { NetBuffers } from '../net-buffers';
import { NdisPart } from '../part';
import { nblArgument } from './nbls';

/** The beginning of the used data of NET_BUFFERs. */
export const dataStartExports: readonly Export<Guest>[] = [
  {
    name: 'NdisRetreatNetBufferDataStart',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisretreatnetbufferdatastart',
    *run(guest, call) {
      const memory = retreatMemory(guest, call);
      const loose = looseBuffer(guest, call);
      if (loose) return statusValue(yield* guest.part(NetBuffers).retreat(loose, call.u32(1), memory));
      return statusValue(yield* retreat(guest, bufferArgument(guest, call), call.u32(1), memory));
    },
  },
  {
    name: 'NdisAdvanceNetBufferDataStart',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisadvancenetbufferdatastart',
    *run(guest, call) {
      const memory = advanceMemory(guest, call.bool(2), call.u64(3));
      const loose = looseBuffer(guest, call);
      if (loose) yield* guest.part(NetBuffers).advance(loose, call.u32(1), memory);
      else yield* advance(guest, bufferArgument(guest, call), call.u32(1), memory);
    },
  },
  {
    name: 'NdisRetreatNetBufferListDataStart',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisretreatnetbufferlistdatastart',
    *run(guest, call) {
      const done: NetBuffer[] = [];
      for (const nb of buffersOf(nblArgument(guest, call))) {
        const status = yield* retreat(guest, nb, call.u32(1), retreatMemory(guest, call));
        if (status !== 'NDIS_STATUS_SUCCESS') {
          const memory = advanceMemory(guest, true, call.u64(4));
          for (const earlier of done) yield* advance(guest, earlier, call.u32(1), memory);
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
      const memory = advanceMemory(guest, call.bool(2), call.u64(3));
      for (const nb of buffersOf(nblArgument(guest, call))) yield* advance(guest, nb, call.u32(1), memory);
    },
  },
];

/** DataBackFill and NetAllocateMdl, the third and the fourth argument of both retreats. */
function retreatMemory(guest: Guest, call: GuestCall): RetreatMemory {
  const routine = call.u64(3);
  const { mdls } = guest.part(NdisPart);
  return {
    DataBackFill: call.u32(2),
    AllocateMdlHandler:
      routine === 0n
        ? null
        : function* (size) {
            const wanted = lendOnce(guest, 4);
            guest.memory.setU32(wanted.offset, size);
            const mdl = yield* guest.call(routine, wanted.address);
            wanted.end();
            return mdl === 0n ? null : mdls.read(guest.offset(mdl));
          },
  };
}

function advanceMemory(guest: Guest, FreeMdl: boolean, routine: bigint): AdvanceMemory {
  const { mdls } = guest.part(NdisPart);
  return {
    FreeMdl,
    FreeMdlHandler:
      routine === 0n
        ? null
        : function* (mdl) {
            yield* guest.call(routine, guest.address(mdls.offsetOf(mdl)));
          },
  };
}

/** A NET_BUFFER of a pool of its own that is in no NBL: the model has not met it, or the NBL that it met it in is gone. */
function looseBuffer(guest: Guest, call: GuestCall): number | undefined {
  const known = guest.part(NdisPart).nbls.buffer(call.u64(0));
  const at = call.pointer(0);
  return (!known || known.parent.freed) && guest.part(NetBuffers).has(at) ? at : undefined;
}

function bufferArgument(guest: Guest, call: GuestCall): NetBuffer {
  return guest.part(NdisPart).nbls.buffer(call.u64(0)) as NetBuffer;
}

function buffersOf(nbl: NetBufferList): Nb[] {
  const buffers: Nb[] = [];
  for (let nb = nbl instanceof Nbl ? nbl.first : null; nb instanceof Nb; nb = nb.next) buffers.push(nb);
  return buffers;
}

function* retreat(guest: Guest, nb: NetBuffer, delta: number, memory: RetreatMemory): Call<NdisStatus> {
  const status = yield* guest.wdk.NdisRetreatNetBufferDataStart(nb, delta, memory);
  if (nb instanceof Nb) guest.part(NdisPart).nbls.rewriteBuffer(nb);
  return status;
}

function* advance(guest: Guest, nb: NetBuffer, delta: number, memory: AdvanceMemory): Call<void> {
  yield* guest.wdk.NdisAdvanceNetBufferDataStart(nb, delta, memory);
  if (nb instanceof Nb) guest.part(NdisPart).nbls.rewriteBuffer(nb);
}
