import type { NdisHandle } from '../../../../../src/ndis';
import type { Export } from '../../contract';
import type { Guest } from '../../guest';
import { NBL_POOL_PARAMETERS, NB_POOL_PARAMETERS } from '../layouts';
import { NetBuffers } from '../net-buffers';
import { NdisPart } from '../part';
import { Pools } from '../pools';
import { tagText } from '../tag';

/** Pools of NBLs and of NET_BUFFERs. */
export const poolExports: readonly Export<Guest>[] = [
  {
    name: 'NdisAllocateNetBufferListPool',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisallocatenetbufferlistpool',
    *run(guest, call) {
      const at = call.pointer(1);
      guest.touch('read', at, NBL_POOL_PARAMETERS.sizes[0]);
      const { memory } = guest;
      const ndis = guest.part(NdisPart);
      const parameters = {
        fAllocateNetBuffer: memory.u8(at + NBL_POOL_PARAMETERS.allocateNetBuffer) !== 0,
        ContextSize: memory.u16(at + NBL_POOL_PARAMETERS.contextSize),
        PoolTag: tagText(memory.u32(at + NBL_POOL_PARAMETERS.poolTag)),
        DataSize: memory.u32(at + NBL_POOL_PARAMETERS.dataSize),
      };
      const pool = yield* guest.wdk.NdisAllocateNetBufferListPool(ndis.ownerAt(call.u64(0)), parameters);
      if (pool) guest.part(Pools).add(pool, parameters);
      return ndis.handles.addressOf(pool);
    },
  },
  {
    name: 'NdisFreeNetBufferListPool',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisfreenetbufferlistpool',
    *run(guest, call) {
      yield* guest.wdk.NdisFreeNetBufferListPool(guest.part(NdisPart).handleArgument(call.u64(0)));
    },
  },
  {
    name: 'NdisAllocateNetBufferPool',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisallocatenetbufferpool',
    run(guest, call) {
      const at = call.pointer(1);
      guest.touch('read', at, NB_POOL_PARAMETERS.size);
      const pool: NdisHandle = { handle: guest.kernel.identity('nbpool') };
      guest.part(NetBuffers).addPool(pool, guest.memory.u32(at + NB_POOL_PARAMETERS.dataSize));
      return guest.part(NdisPart).handles.addressOf(pool);
    },
  },
  {
    name: 'NdisFreeNetBufferPool',
    irql: 2,
    page: 'nblapi/nf-nblapi-ndisfreenetbufferpool',
    run(guest, call) {
      guest.part(NetBuffers).freePool(guest.part(NdisPart).handleArgument(call.u64(0)));
    },
  },
];
