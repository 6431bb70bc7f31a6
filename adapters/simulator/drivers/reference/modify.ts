import type { Call } from '../../../../src/kernel';
import type { NetBufferList } from '../../../../src/ndis/wdk';
import { netBuffersOf } from './chain';
import { OwnNbls } from './own-nbls';
import type { FilterModule } from './state';

/** Bytes put in front of each frame. */
const HEADER_LENGTH = 4;
/** NBL context space taken while a frame carries the header; a multiple of MEMORY_ALLOCATION_ALIGNMENT. */
const CONTEXT_LENGTH = 16;

/** Changes to frames on their way through, and the way back to what they were. */
export class FrameModification extends OwnNbls {
  /** Puts the header in front of every frame of the NBLs, if an application asked for it. */
  *modifyAll(module: FilterModule, nbls: readonly NetBufferList[]): Call<void> {
    if (!module.modifyingData) return;
    for (const nbl of nbls) yield* this.modify(module, nbl);
  }

  /** An NBL for which memory is short goes through unchanged. */
  *modify(module: FilterModule, nbl: NetBufferList): Call<void> {
    const status = yield* this.wdk.NdisAllocateNetBufferListContext(nbl, CONTEXT_LENGTH);
    if (status !== 'NDIS_STATUS_SUCCESS') return;
    const retreated = [];
    for (const nb of netBuffersOf(nbl)) {
      if ((yield* this.wdk.NdisRetreatNetBufferDataStart(nb, HEADER_LENGTH)) !== 'NDIS_STATUS_SUCCESS') {
        for (const done of retreated) yield* this.wdk.NdisAdvanceNetBufferDataStart(done, HEADER_LENGTH);
        yield* this.wdk.NdisFreeNetBufferListContext(nbl, CONTEXT_LENGTH);
        return;
      }
      retreated.push(nb);
    }
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    module.modified.add(nbl);
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
  }

  /** Takes the header off the NBLs that carry it: on their way home they look as they came. */
  *restoreAll(module: FilterModule, nbls: readonly NetBufferList[]): Call<void> {
    for (const nbl of nbls) yield* this.restore(module, nbl);
  }

  *restore(module: FilterModule, nbl: NetBufferList): Call<void> {
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    const carriesHeader = module.modified.delete(nbl);
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
    if (!carriesHeader) return;
    for (const nb of netBuffersOf(nbl)) yield* this.wdk.NdisAdvanceNetBufferDataStart(nb, HEADER_LENGTH);
    yield* this.wdk.NdisFreeNetBufferListContext(nbl, CONTEXT_LENGTH);
  }
}
