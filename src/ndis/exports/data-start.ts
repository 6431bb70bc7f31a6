import type { Call } from '../../kernel';
import { badPointer } from '../faults';
import { MdlObject, Nb, placeIn } from '../nbl';
import type { AdvanceMemory, Mdl, RetreatMemory } from '../wdk';
import type { NdisStatus } from '../status';
import type { ExportContext } from './context';
import type { Implementations } from './implementations';
import { innermostModule } from './nbls';

type DataStartExports = Implementations<'NdisRetreatNetBufferDataStart' | 'NdisAdvanceNetBufferDataStart'>;

const MEMORY_OF_NDIS: RetreatMemory = { DataBackFill: 0, AllocateMdlHandler: null };
const FREES: AdvanceMemory = { FreeMdl: true, FreeMdlHandler: null };

/**
 * Moves the beginning of the used data of a NET_BUFFER.
 * @see https://learn.microsoft.com/windows-hardware/drivers/network/retreat-and-advance-operations
 */
export const dataStartExports: DataStartExports = {
  *NdisRetreatNetBufferDataStart(cx, pointer, delta, memory = MEMORY_OF_NDIS) {
    const ddi = 'NdisRetreatNetBufferDataStart';
    const nb = requireNb(cx, ddi, pointer);
    const module = innermostModule(cx);
    cx.called(ddi, { module, args: { nb: nb.id, delta } });
    const status = nb.dataOffset < delta ? yield* extend(cx, nb, delta, memory) : 'NDIS_STATUS_SUCCESS';
    if (status === 'NDIS_STATUS_SUCCESS') {
      nb.dataOffset -= delta;
      nb.dataLength += delta;
      adjust(nb);
    }
    cx.returned(ddi, { module, status });
    return status;
  },

  *NdisAdvanceNetBufferDataStart(cx, pointer, delta, { FreeMdl, FreeMdlHandler } = FREES) {
    const ddi = 'NdisAdvanceNetBufferDataStart';
    const nb = requireNb(cx, ddi, pointer);
    const module = innermostModule(cx);
    cx.called(ddi, { module, args: { nb: nb.id, delta } });
    nb.dataOffset += delta;
    nb.dataLength -= delta;
    for (const mdl of FreeMdl ? dropUnused(nb) : []) {
      if (nb.driverMdls.delete(mdl) && FreeMdlHandler) yield* FreeMdlHandler(mdl);
    }
    adjust(nb);
    cx.returned(ddi, { module });
  },
};

/** Puts an MDL in front. What is unused behind it is used first: the bytes of a frame have no gaps. */
function* extend(cx: ExportContext, nb: Nb, delta: number, memory: RetreatMemory): Call<NdisStatus> {
  const missing = delta - nb.dataOffset;
  const mdl = yield* newMdl(cx, nb, missing + memory.DataBackFill, memory);
  if (!mdl) return 'NDIS_STATUS_RESOURCES';
  if (mdl.ByteCount < missing) return 'NDIS_STATUS_FAILURE';
  mdl.Next = nb.mdlChain;
  nb.mdlChain = mdl;
  nb.dataOffset += mdl.ByteCount;
  return 'NDIS_STATUS_SUCCESS';
}

function* newMdl(cx: ExportContext, nb: Nb, size: number, { AllocateMdlHandler }: RetreatMemory): Call<Mdl | null> {
  if (AllocateMdlHandler) {
    const mdl = yield* AllocateMdlHandler(size);
    if (mdl) nb.driverMdls.add(mdl);
    return mdl;
  }
  if (cx.ndis.shortage.strikes('other')) return null;
  const mdl = new MdlObject(cx.kernel.identity('d'), size, 'NDIS');
  mdl.isOfRetreat = true;
  return mdl;
}

/** Takes the MDLs of retreats that no used data is in any more out of the chain. @returns them */
function dropUnused(nb: Nb): Mdl[] {
  const dropped: Mdl[] = [];
  for (let mdl = nb.mdlChain; mdl && nb.dataOffset >= mdl.ByteCount; mdl = nb.mdlChain) {
    if (!(mdl instanceof MdlObject && mdl.isOfRetreat) && !nb.driverMdls.has(mdl)) break;
    dropped.push(mdl);
    nb.mdlChain = mdl.Next;
    nb.dataOffset -= mdl.ByteCount;
  }
  return dropped;
}

function adjust(nb: Nb): void {
  const { mdl, offset } = placeIn(nb.mdlChain, nb.dataOffset);
  nb.currentMdl = mdl;
  nb.currentMdlOffset = offset;
}

function requireNb(cx: ExportContext, ddi: string, nb: unknown): Nb {
  if (nb instanceof Nb && !nb.parent.freed) return nb;
  throw badPointer(cx.kernel, `${ddi} was given an address that is no NET_BUFFER, or one that was freed`, 'nb');
}
