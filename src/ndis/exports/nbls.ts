import type { Call } from '../../kernel';
import { Bugcheck, DRIVER_SCOPE } from '../../kernel';
import { badPointer } from '../faults';
import { targetOf } from '../handle';
import { MdlObject, Nb, Nbl, viewOf } from '../nbl';
import { NblPool } from '../nbl-pool';
import { FilterModule } from '../stack/module';
import type { Mdl } from '../wdk';
import type { ExportContext } from './context';
import type { Implementations } from './implementations';

type NblExports = Implementations<
  | 'NdisAllocateNetBufferListPool'
  | 'NdisFreeNetBufferListPool'
  | 'NdisAllocateNetBufferAndNetBufferList'
  | 'NdisFreeNetBufferList'
  | 'NdisAllocateNetBufferListContext'
  | 'NdisFreeNetBufferListContext'
  | 'BuildNetBufferListInPrivateMemory'
  | 'NdisAllocateMdl'
  | 'NdisFreeMdl'
  | 'NdisGeneratePartialCancelId'
>;

/** Pools, NBLs, their buffers and context space. */
export const nblExports: NblExports = {
  *NdisAllocateNetBufferListPool(cx, handle, parameters) {
    const ddi = 'NdisAllocateNetBufferListPool';
    cx.requirePointer(ddi, parameters);
    const { PoolTag: tag, ContextSize: contextSize, DataSize: dataSize, fAllocateNetBuffer: netBuffers } = parameters;
    const { holder, module } = cx.onOwner(ddi, handle, { args: { tag, contextSize, dataSize, netBuffers } });
    if (cx.ndis.shortage.strikes('pool')) {
      cx.returned(ddi, { module, args: { pool: null } });
      return null;
    }
    const pool = new NblPool(cx.kernel.identity('pool'), holder, module, parameters);
    cx.ndis.pools.add(pool);
    cx.returned(ddi, { module, args: { pool: pool.id } });
    return pool.handle;
  },

  *NdisFreeNetBufferListPool(cx, handle) {
    const ddi = 'NdisFreeNetBufferListPool';
    const known = targetOf(handle, NblPool);
    cx.called(ddi, { module: known?.module, args: { pool: known?.id ?? null } });
    const pool = poolOf(cx, ddi, handle);
    if (pool.live.size > 0) {
      throw cx.kernel.stop(
        new Bugcheck('0x19', 'BAD_POOL_HEADER', `${pool.id} was freed while ${pool.live.size} of its NBLs were alive`, [
          '0x20',
          pool.id,
        ]),
      );
    }
    pool.freed = true;
    cx.ndis.pools.delete(pool);
    cx.returned(ddi, { module: pool.module });
  },

  *NdisAllocateNetBufferAndNetBufferList(cx, handle, _contextSize, mdl, dataOffset, dataLength) {
    const ddi = 'NdisAllocateNetBufferAndNetBufferList';
    const known = targetOf(handle, NblPool);
    cx.called(ddi, { module: known?.module, args: { pool: known?.id ?? null } });
    const pool = poolOf(cx, ddi, handle);
    const args = { pool: pool.id };
    if (cx.ndis.shortage.strikes('nbl')) {
      cx.returned(ddi, { module: pool.module, args, nbls: [] });
      return null;
    }
    const nbl = new Nbl(cx.kernel.identity('n'), pool.owner, pool.module ?? DRIVER_SCOPE, pool, cx.ndis.watch);
    nbl.first = newBuffer(cx, nbl, mdl, dataOffset, dataLength);
    pool.live.add(nbl);
    cx.returned(ddi, { module: pool.module, args, nbls: [viewOf(nbl)] });
    return nbl;
  },

  *NdisFreeNetBufferList(cx, pointer) {
    yield* freeNbl(cx, 'NdisFreeNetBufferList', pointer);
  },

  *NdisAllocateNetBufferListContext(cx, pointer, size) {
    const ddi = 'NdisAllocateNetBufferListContext';
    const nbl = requireNbl(cx, ddi, pointer);
    const module = innermostModule(cx);
    cx.called(ddi, { module, nbls: [viewOf(nbl)], args: { size } });
    const status = cx.ndis.shortage.strikes('other') ? 'NDIS_STATUS_RESOURCES' : 'NDIS_STATUS_SUCCESS';
    if (status === 'NDIS_STATUS_SUCCESS') nbl.contexts.push(size);
    cx.returned(ddi, { module, status, nbls: [viewOf(nbl)], args: { size } });
    return status;
  },

  *NdisFreeNetBufferListContext(cx, pointer, size) {
    const ddi = 'NdisFreeNetBufferListContext';
    const nbl = requireNbl(cx, ddi, pointer);
    const module = innermostModule(cx);
    cx.called(ddi, { module, nbls: [viewOf(nbl)], args: { size } });
    if (nbl.contexts.at(-1) !== size) {
      throw badPointer(cx.kernel, `${ddi} was given ${size} bytes, which are not the last that ${nbl.id} got`, nbl.id);
    }
    nbl.contexts.pop();
    cx.returned(ddi, { module });
  },

  BuildNetBufferListInPrivateMemory(cx, filter) {
    const module = FilterModule.of(filter);
    const origin = module ?? cx.ndis.driver;
    if (!origin) throw badPointer(cx.kernel, 'an NBL was built for a handle that NDIS does not know', 'handle');
    const nbl = new Nbl(cx.kernel.identity('n'), origin, module?.name ?? DRIVER_SCOPE, undefined, cx.ndis.watch);
    nbl.first = newBuffer(cx, nbl, null, 0, 0);
    return nbl;
  },

  *NdisAllocateMdl(cx, handle, length) {
    const ddi = 'NdisAllocateMdl';
    const { module, scope } = cx.onOwner(ddi, handle, { args: { length } });
    const mdl = cx.ndis.shortage.strikes('other') ? null : new MdlObject(cx.kernel.identity('d'), length, scope);
    cx.returned(ddi, { module, args: { mdl: mdl?.id ?? null } });
    return mdl;
  },

  *NdisFreeMdl(cx, mdl) {
    const ddi = 'NdisFreeMdl';
    const known = mdl instanceof MdlObject ? mdl : undefined;
    cx.called(ddi, {
      module: known && known.scope !== DRIVER_SCOPE ? known.scope : undefined,
      args: { mdl: known?.id ?? null },
    });
    if (!known || known.freed) {
      throw cx.kernel.stop(new Bugcheck('0xC2', 'BAD_POOL_CALLER', `${ddi} was given no MDL, or a freed one`, ['0x7']));
    }
    known.freed = true;
    cx.returned(ddi);
  },

  *NdisGeneratePartialCancelId(cx) {
    const ddi = 'NdisGeneratePartialCancelId';
    cx.called(ddi);
    const id = (cx.ndis.partialCancelIds += 1);
    cx.returned(ddi, { args: { id } });
    return id;
  },
};

/**
 * Gives an NBL back to its pool.
 * @param ddi the export that does it
 * @throws Bugcheck when it is none, was freed before, or came from no pool
 */
export function* freeNbl(cx: ExportContext, ddi: string, pointer: unknown): Call<void> {
  const module = pointer instanceof Nbl ? pointer.pool?.module : undefined;
  cx.called(ddi, {
    module,
    args: { pool: (pointer instanceof Nbl && pointer.pool?.id) || null },
    nbls: pointer instanceof Nbl ? [viewOf(pointer)] : [],
  });
  if (pointer instanceof Nbl && (pointer.freed || !pointer.heldByDriver)) {
    cx.ndis.watch.report(pointer, 'free', '');
  }
  if (pointer instanceof Nbl && pointer.freed) {
    throw cx.kernel.stop(
      new Bugcheck('0x19', 'BAD_POOL_HEADER', `${pointer.id} was freed twice`, ['0x20', pointer.id]),
    );
  }
  const nbl = requireNbl(cx, ddi, pointer);
  if (!nbl.pool && nbl.origin.isDriver) {
    throw cx.kernel.stop(
      new Bugcheck('0x19', 'BAD_POOL_HEADER', `${nbl.id} was freed, but did not come from a pool`, ['0x20', nbl.id]),
    );
  }
  nbl.freed = true;
  nbl.pool?.live.delete(nbl);
  cx.returned(ddi, { module });
}

/** @returns the module whose handler runs */
export function innermostModule(cx: ExportContext): string | undefined {
  return cx.kernel.thread.frames.at(-1)?.module;
}

export function newBuffer(cx: ExportContext, nbl: Nbl, mdl: Mdl | null, dataOffset: number, dataLength: number): Nb {
  const nb = new Nb(cx.kernel.identity('b'), nbl);
  nb.mdlChain = mdl;
  nb.currentMdl = mdl;
  nb.currentMdlOffset = dataOffset;
  nb.dataOffset = dataOffset;
  nb.dataLength = dataLength;
  return nb;
}

export function poolOf(cx: ExportContext, ddi: string, handle: unknown): NblPool {
  const pool = targetOf(handle, NblPool);
  if (!pool || pool.freed) throw badPointer(cx.kernel, `${ddi} was given a pool handle that is not valid`, 'pool');
  return pool;
}

export function requireNbl(cx: ExportContext, ddi: string, nbl: unknown): Nbl {
  if (nbl instanceof Nbl && !nbl.freed) return nbl;
  throw badPointer(cx.kernel, `${ddi} was given an address that is no NET_BUFFER_LIST, or one that was freed`, 'nbl');
}
