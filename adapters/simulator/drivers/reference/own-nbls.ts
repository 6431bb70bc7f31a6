import type { Call } from '../../../../src/kernel';
import type { NdisHandle, NetBufferList } from '../../../../src/ndis/wdk';
import { chainOf } from './chain';
import { Gate } from './gate';
import type { FilterModule } from './state';

const POOL_TAG = 'LwfN';
/** Length of the frames we originate: the shortest Ethernet frame. */
export const FRAME_LENGTH = 60;

/** NBLs of our own: from the module's pool, marked with the module's handle, each with its MDL. */
export class OwnNbls extends Gate {
  *createPool(filterHandle: NdisHandle): Call<NdisHandle | null> {
    return yield* this.wdk.NdisAllocateNetBufferListPool(filterHandle, {
      fAllocateNetBuffer: true,
      ContextSize: 0,
      PoolTag: POOL_TAG,
      DataSize: 0,
    });
  }

  /** @returns a chain of `count` NBLs, or null when memory is short (nothing is left allocated) */
  *allocateChain(module: FilterModule, count: number): Call<NetBufferList | null> {
    const nbls: NetBufferList[] = [];
    while (nbls.length < count) {
      const nbl = yield* this.allocateOwn(module);
      if (!nbl) {
        for (const allocated of nbls) yield* this.freeOwn(allocated);
        return null;
      }
      nbls.push(nbl);
    }
    return chainOf(nbls);
  }

  *allocateOwn(module: FilterModule): Call<NetBufferList | null> {
    if (!module.pool) return null;
    const mdl = yield* this.wdk.NdisAllocateMdl(module.filterHandle, FRAME_LENGTH);
    if (!mdl) return null;
    const nbl = yield* this.wdk.NdisAllocateNetBufferAndNetBufferList(module.pool, 0, mdl, 0, FRAME_LENGTH);
    if (!nbl) {
      yield* this.wdk.NdisFreeMdl(mdl);
      return null;
    }
    this.markAsOwn(module, nbl);
    return nbl;
  }

  /** SourceHandle is how everyone, ourselves included, knows whose NBL it is. */
  markAsOwn(module: FilterModule, nbl: NetBufferList): void {
    nbl.SourceHandle = module.filterHandle;
  }

  isOwn(module: FilterModule, nbl: NetBufferList): boolean {
    return nbl.SourceHandle === module.filterHandle;
  }

  *freeOwn(nbl: NetBufferList): Call<void> {
    const mdl = nbl.FirstNetBuffer?.MdlChain;
    yield* this.wdk.NdisFreeNetBufferList(nbl);
    if (mdl) yield* this.wdk.NdisFreeMdl(mdl);
  }

  /** Splits a chain that came back: every NBL is looked at, because NDIS may merge chains of several calls. */
  splitByOwner(
    module: FilterModule,
    nbls: readonly NetBufferList[],
  ): { own: NetBufferList[]; foreign: NetBufferList[] } {
    return {
      own: nbls.filter((nbl) => this.isOwn(module, nbl)),
      foreign: nbls.filter((nbl) => !this.isOwn(module, nbl)),
    };
  }
}
