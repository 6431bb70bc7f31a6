import { MdlObject } from '../../../../../src/ndis/nbl';
import type { Export } from '../../contract';
import type { Guest } from '../../guest';
import { CLOSED, OPEN } from '../ground';
import { NET_BUFFER } from '../layouts';
import { adjustCurrentMdl, dataRuns, NetBuffers, type DataRun } from '../net-buffers';
import { NdisPart } from '../part';

/** NET_BUFFERs, MDLs, and the bytes they describe. */
export const bufferExports: readonly Export<Guest>[] = [
  {
    name: 'NdisAllocateNetBuffer',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisallocatenetbuffer',
    run(guest, call) {
      const pool = guest.part(NdisPart).handleArgument(call.u64(0));
      const length = Number(call.u64(3) & 0xffff_ffffn);
      return guest.address(guest.part(NetBuffers).allocate(pool, call.pointer(1), call.u32(2), length));
    },
  },
  {
    name: 'NdisAllocateNetBufferMdlAndData',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisallocatenetbuffermdlanddata',
    run(guest, call) {
      const pool = guest.part(NdisPart).handleArgument(call.u64(0));
      return guest.address(guest.part(NetBuffers).allocateWithData(pool));
    },
  },
  {
    name: 'NdisFreeNetBuffer',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisfreenetbuffer',
    run(guest, call) {
      guest.part(NetBuffers).free(call.pointer(0));
    },
  },
  {
    name: 'NdisAdjustNetBufferCurrentMdl',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisadjustnetbuffercurrentmdl',
    run(guest, call) {
      const nb = call.pointer(0);
      guest.touch('write', nb, NET_BUFFER.poolHandle);
      adjustCurrentMdl(guest, nb);
    },
  },
  {
    name: 'NdisGetDataBuffer',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisgetdatabuffer',
    run(guest, call) {
      const nb = call.pointer(0);
      const wanted = call.u32(1);
      guest.touch('read', nb, NET_BUFFER.poolHandle);
      const runs = dataRuns(guest, nb, 0, wanted);
      if (wanted === 0 || lengthOf(runs) < wanted) return 0n;
      const [first] = runs;
      const alignment = Math.max(1, call.u32(3));
      if (first && runs.length === 1 && (first.at - call.u32(4)) % alignment === 0) return guest.address(first.at);
      const storage = call.pointer(2);
      if (storage === 0) return 0n;
      guest.touch('write', storage, wanted);
      guest.memory.write(storage, gather(guest, runs));
      return guest.address(storage);
    },
  },
  {
    name: 'NdisCopyFromNetBufferToNetBuffer',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndiscopyfromnetbuffertonetbuffer',
    run(guest, call) {
      const target = call.pointer(0);
      const source = call.pointer(3);
      guest.touch('read', target, NET_BUFFER.poolHandle);
      guest.touch('read', source, NET_BUFFER.poolHandle);
      const bytes = gather(guest, dataRuns(guest, source, call.u32(4), call.u32(2)));
      let copied = 0;
      for (const { at, length } of dataRuns(guest, target, call.u32(1), bytes.length)) {
        guest.touch('write', at, length);
        guest.memory.write(at, bytes.subarray(copied, copied + length));
        copied += length;
      }
      const out = call.pointer(5);
      guest.touch('write', out, 4);
      guest.memory.setU32(out, copied);
      return 0;
    },
  },
  {
    name: 'NdisAllocateMdl',
    irql: 2,
    page: 'ndis/nf-ndis-ndisallocatemdl',
    *run(guest, call) {
      const ndis = guest.part(NdisPart);
      const length = call.u32(2);
      const mdl = yield* guest.wdk.NdisAllocateMdl(ndis.ownerAt(call.u64(0)), length);
      if (!mdl) return 0n;
      const at = ndis.mdls.create(mdl, call.pointer(1), length);
      guest.memory.protect(at, ndis.mdls.sizeOf(at), OPEN);
      return guest.address(at);
    },
  },
  {
    name: 'NdisFreeMdl',
    irql: 2,
    page: 'ndis/nf-ndis-ndisfreemdl',
    *run(guest, call) {
      const { mdls } = guest.part(NdisPart);
      const at = call.pointer(0);
      const mdl = mdls.at(at);
      yield* guest.wdk.NdisFreeMdl(mdl);
      if (mdl instanceof MdlObject) guest.memory.protect(at, mdls.sizeOf(at), CLOSED);
    },
  },
  {
    name: 'NdisGeneratePartialCancelId',
    irql: 2,
    page: 'ndis/nf-ndis-ndisgeneratepartialcancelid',
    *run(guest) {
      return (yield* guest.wdk.NdisGeneratePartialCancelId()) & 0xff;
    },
  },
];

function lengthOf(runs: readonly DataRun[]): number {
  return runs.reduce((sum, run) => sum + run.length, 0);
}

function gather(guest: Guest, runs: readonly DataRun[]): Uint8Array {
  const bytes = new Uint8Array(lengthOf(runs));
  let done = 0;
  for (const { at, length } of runs) {
    guest.touch('read', at, length);
    bytes.set(guest.memory.bytes.subarray(at, at + length), done);
    done += length;
  }
  return bytes;
}
