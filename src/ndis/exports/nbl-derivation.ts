import type { Call } from '../../kernel';
import { Bugcheck, DRIVER_SCOPE } from '../../kernel';
import { targetOf } from '../handle';
import { THE_DRIVER } from '../holder';
import { MdlObject, Nb, Nbl, viewOf } from '../nbl';
import { NblPool } from '../nbl-pool';
import type { Mdl, NdisHandle, NetBufferList, NewDataSpace } from '../wdk';
import type { ExportContext } from './context';
import type { Implementations } from './implementations';
import { freeNbl, newBuffer, poolOf, requireNbl } from './nbls';

type DerivedNblExports = Implementations<
  | 'NdisAllocateCloneNetBufferList'
  | 'NdisFreeCloneNetBufferList'
  | 'NdisAllocateFragmentNetBufferList'
  | 'NdisFreeFragmentNetBufferList'
  | 'NdisAllocateReassembledNetBufferList'
  | 'NdisFreeReassembledNetBufferList'
>;

/** A run of the bytes that one MDL describes. */
interface Piece {
  readonly of: Mdl;
  readonly offset: number;
  readonly length: number;
}

/** The NET_BUFFER to be made of some pieces. */
interface Plan {
  readonly pieces: readonly Piece[];
  readonly space: NewDataSpace;
}

const NO_SPACE: NewDataSpace = { used: 0, unused: 0 };

/**
 * NBLs that describe data which another NBL describes too. NDIS makes new MDLs for the same bytes, from the beginning of the used
 * data space on; the bytes stay where they are. It copies SourceHandle and nothing else of the original.
 * @see https://learn.microsoft.com/windows-hardware/drivers/network/derived-net-buffer-list-structures
 */
export const derivedNblExports: DerivedNblExports = {
  *NdisAllocateCloneNetBufferList(cx, original, pool, usesOriginalMdls) {
    const ddi = 'NdisAllocateCloneNetBufferList';
    const plans = usesOriginalMdls ? undefined : (nbl: Nbl) => buffersOf(nbl).map((nb) => plan(piecesOf(nb), NO_SPACE));
    return yield* derive(cx, ddi, original, pool, plans);
  },

  *NdisFreeCloneNetBufferList(cx, clone, usesOriginalMdls) {
    if (clone instanceof Nbl && clone.usesOriginalMdls && !usesOriginalMdls) {
      throw cx.kernel.stop(
        new Bugcheck(
          '0xC2',
          'BAD_POOL_CALLER',
          `NdisFreeCloneNetBufferList was to free the MDLs of ${clone.id}, which are those of its original`,
          ['0x7', clone.id],
        ),
      );
    }
    yield* freeNbl(cx, 'NdisFreeCloneNetBufferList', clone);
  },

  *NdisAllocateFragmentNetBufferList(cx, original, pool, startOffset, maximumLength, space) {
    return yield* derive(cx, 'NdisAllocateFragmentNetBufferList', original, pool, (nbl) =>
      buffersOf(nbl).flatMap((nb) =>
        cut(piecesOf(nb, startOffset), Math.max(maximumLength, 1)).map((pieces) => plan(pieces, space)),
      ),
    );
  },

  *NdisFreeFragmentNetBufferList(cx, fragments) {
    yield* freeNbl(cx, 'NdisFreeFragmentNetBufferList', fragments);
  },

  *NdisAllocateReassembledNetBufferList(cx, fragments, pool, startOffset, space) {
    return yield* derive(cx, 'NdisAllocateReassembledNetBufferList', fragments, pool, (nbl) => [
      plan(
        buffersOf(nbl).flatMap((nb) => piecesOf(nb, startOffset)),
        space,
      ),
    ]);
  },

  *NdisFreeReassembledNetBufferList(cx, reassembled) {
    yield* freeNbl(cx, 'NdisFreeReassembledNetBufferList', reassembled);
  },
};

/** @param plans what its NET_BUFFERs are made of; undefined for the MDLs of the original as they are */
function* derive(
  cx: ExportContext,
  ddi: string,
  pointer: NetBufferList,
  handle: NdisHandle | null,
  plans: ((original: Nbl) => readonly Plan[]) | undefined,
): Call<NetBufferList | null> {
  const known = targetOf(handle, NblPool);
  const source = pointer instanceof Nbl ? pointer.id : null;
  cx.called(ddi, { module: known?.module, args: { pool: known?.id ?? null, original: source } });
  const original = requireNbl(cx, ddi, pointer);
  if (!original.heldByDriver) cx.ndis.watch.report(original, 'read', 'FirstNetBuffer');
  const pool = handle === null ? poolOfNdis(cx) : poolOf(cx, ddi, handle);
  const args = { pool: pool.id, original: original.id };
  if (cx.ndis.shortage.strikes('nbl')) {
    cx.returned(ddi, { module: pool.module, args, nbls: [] });
    return null;
  }
  const nbl = new Nbl(cx.kernel.identity('n'), pool.owner, pool.module ?? DRIVER_SCOPE, pool, cx.ndis.watch);
  nbl.original = original;
  nbl.source = original.source;
  nbl.usesOriginalMdls = plans === undefined;
  const made = plans
    ? plans(original).map((each) => build(cx, nbl, each))
    : buffersOf(original).map((nb) => share(cx, nbl, nb));
  made.forEach((nb, index) => (nb.next = made[index + 1] ?? null));
  nbl.first = made[0] ?? null;
  pool.live.add(nbl);
  cx.returned(ddi, { module: pool.module, args, nbls: [viewOf(nbl)] });
  return nbl;
}

function poolOfNdis(cx: ExportContext): NblPool {
  const { driver = THE_DRIVER, ownPool } = cx.ndis;
  if (ownPool?.owner === driver) return ownPool;
  const parameters = { fAllocateNetBuffer: false, ContextSize: 0, PoolTag: 'NDnb', DataSize: 0 };
  return (cx.ndis.ownPool = new NblPool(cx.kernel.identity('pool'), driver, undefined, parameters));
}

function plan(pieces: readonly Piece[], space: NewDataSpace): Plan {
  return { pieces, space };
}

function buffersOf(nbl: Nbl): Nb[] {
  const buffers: Nb[] = [];
  for (let nb = nbl.first; nb instanceof Nb && !buffers.includes(nb); nb = nb.next) buffers.push(nb);
  return buffers;
}

/** @returns where the used data of a NET_BUFFER is, without its first bytes */
function piecesOf(nb: Nb, skipped = 0): Piece[] {
  const pieces: Piece[] = [];
  let behind = nb.dataOffset + skipped;
  let left = Math.max(nb.dataLength - skipped, 0);
  for (let mdl = nb.mdlChain; mdl && left > 0; mdl = mdl.Next) {
    const length = Math.min(mdl.ByteCount - behind, left);
    if (length > 0) {
      pieces.push({ of: mdl, offset: behind, length });
      left -= length;
    }
    behind = Math.max(behind - mdl.ByteCount, 0);
  }
  return pieces;
}

/** Cuts data into runs of at most so many bytes. */
function cut(pieces: readonly Piece[], longest: number): Piece[][] {
  const runs: Piece[][] = [];
  let room = 0;
  for (const piece of pieces) {
    for (let done = 0; done < piece.length;) {
      if (room === 0) {
        runs.push([]);
        room = longest;
      }
      const length = Math.min(room, piece.length - done);
      runs.at(-1)?.push({ of: piece.of, offset: piece.offset + done, length });
      done += length;
      room -= length;
    }
  }
  return runs;
}

function build(cx: ExportContext, nbl: Nbl, { pieces, space }: Plan): Nb {
  const mdls = pieces.map(({ of, offset, length }) => {
    const mdl = new MdlObject(cx.kernel.identity('d'), length, 'NDIS');
    mdl.part = { of, offset };
    return mdl;
  });
  const unused = space.used > 0 ? space.unused : 0;
  if (space.used > 0) mdls.unshift(new MdlObject(cx.kernel.identity('d'), unused + space.used, 'NDIS'));
  mdls.forEach((mdl, index) => (mdl.Next = mdls[index + 1] ?? null));
  const length = pieces.reduce((sum, piece) => sum + piece.length, space.used);
  return newBuffer(cx, nbl, mdls[0] ?? null, unused, length);
}

function share(cx: ExportContext, nbl: Nbl, original: Nb): Nb {
  const nb = newBuffer(cx, nbl, original.mdlChain, original.dataOffset, original.dataLength);
  nb.currentMdl = original.currentMdl;
  nb.currentMdlOffset = original.currentMdlOffset;
  return nb;
}
