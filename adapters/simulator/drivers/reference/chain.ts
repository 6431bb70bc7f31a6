import type { NetBuffer, NetBufferList } from '../../../../src/ndis/wdk';

/** @returns the NBLs of a chain, in order; the caller must hold them all */
export function nblsOf(chain: NetBufferList | null): NetBufferList[] {
  const nbls: NetBufferList[] = [];
  for (let nbl = chain; nbl; nbl = nbl.Next) nbls.push(nbl);
  return nbls;
}

/** @returns the NET_BUFFERs of one NBL, in order */
export function netBuffersOf(nbl: NetBufferList): NetBuffer[] {
  const buffers: NetBuffer[] = [];
  for (let nb = nbl.FirstNetBuffer; nb; nb = nb.Next) buffers.push(nb);
  return buffers;
}

/**
 * Links NBLs into one chain, in order.
 * @returns the head, or null when there are none (an empty chain must not be handed to NDIS)
 */
export function chainOf(nbls: readonly NetBufferList[]): NetBufferList | null {
  nbls.forEach((nbl, index) => {
    nbl.Next = nbls[index + 1] ?? null;
  });
  return nbls[0] ?? null;
}
