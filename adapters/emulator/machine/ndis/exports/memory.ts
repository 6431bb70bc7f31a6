import type { Export } from '../../contract';
import type { Guest } from '../../guest';
import { statusValue } from '../constants';
import { NdisPart } from '../part';
import { tagText } from '../tag';

/** Non-paged pool. */
export const memoryExports: readonly Export<Guest>[] = [
  {
    name: 'NdisAllocateMemoryWithTagPriority',
    irql: 2,
    page: 'ndis/nf-ndis-ndisallocatememorywithtagpriority',
    *run(guest, call) {
      const offset = yield* guest.pool.allocate({
        length: call.u32(1),
        tag: tagText(call.u32(2)),
        caller: call.caller,
        handle: guest.part(NdisPart).ownerAt(call.u64(0)),
      });
      return guest.address(offset);
    },
  },
  {
    name: 'NdisAllocateMemoryWithTag',
    irql: 2,
    page: 'ndis/nf-ndis-ndisallocatememorywithtag',
    *run(guest, call) {
      const out = call.pointer(0);
      const offset = yield* guest.pool.allocate({
        length: call.u32(1),
        tag: tagText(call.u32(2)),
        caller: call.caller,
      });
      guest.part(NdisPart).writePointer(out, offset);
      return statusValue(offset === 0 ? 'NDIS_STATUS_RESOURCES' : 'NDIS_STATUS_SUCCESS');
    },
  },
  freeing('NdisFreeMemory', 0, 'ndis/nf-ndis-ndisfreememory'),
  freeing('NdisFreeMemoryWithTag', 0, 'ndis/nf-ndis-ndisfreememorywithtag'),
  freeing('NdisFreeMemoryWithTagPriority', 1, 'ndis/nf-ndis-ndisfreememorywithtagpriority'),
];

/** @param pointer index of the argument that points to the block */
function freeing(name: string, pointer: number, page: string): Export<Guest> {
  return { name, irql: 2, page, run: (guest, call) => guest.pool.free(call.u64(pointer), call.caller) };
}
