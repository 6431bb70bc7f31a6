import type { Holder } from '../holder';
import type { Ndis } from '../ndis';
import { MdlObject, Nb, Nbl } from '../nbl';

/** Room in front of the data, so that filters below can retreat without a new MDL. */
const BACKFILL = 64;
const FRAME_LENGTH = 60;

/**
 * A frame of a neighbour: one NBL with its buffers.
 * @param netBuffers how many NET_BUFFERs it has; more than one on sends only
 */
export function newFrame(ndis: Ndis, origin: Holder, netBuffers = 1): Nbl {
  const { kernel } = ndis;
  const nbl = new Nbl(kernel.identity('n'), origin, origin.name, undefined, ndis.watch);
  let last: Nb | undefined;
  for (let i = 0; i < netBuffers; i += 1) {
    const nb = new Nb(kernel.identity('b'), nbl);
    const mdl = new MdlObject(kernel.identity('d'), BACKFILL + FRAME_LENGTH, origin.name);
    nb.mdlChain = mdl;
    nb.currentMdl = mdl;
    nb.currentMdlOffset = BACKFILL;
    nb.dataOffset = BACKFILL;
    nb.dataLength = FRAME_LENGTH;
    if (last) last.next = nb;
    else nbl.first = nb;
    last = nb;
  }
  return nbl;
}
