/** NBL-01: NBLs come from NDIS pools and go back to them by the driver that took them. */
import type { Crossing } from '../../trace';
import { NBL_ALLOCATION_KEYS, NBL_ALLOCATION_RETURN_KEYS, NBL_FREE_KEYS } from './books/nbl-calls';
import type { Court, Hearing, Judge } from './court';

export function judgeNblOrigin(court: Court): Judge {
  const { books } = court;
  const tested = court.tested('NBL-01');
  /** Pools were seen, so an NBL of the driver would have been seen to come from one. */
  let poolsAreShown = false;
  /** NBLs that were asked for and whose names are not written down. */
  let unnamed = 0;

  const handsOver: Hearing = (crossing, module) => {
    if (!module?.known) return;
    for (const view of crossing.nbls ?? []) {
      if (books.nbls.relationAtHandOver(module, view, crossing)?.kind !== 'own') continue;
      if (books.wholeStory) tested.count += 1;
      if (books.nbls.allocations.has(view.nbl)) continue;
      const memory = books.ledger.find(view.nbl);
      if (!memory && !(books.wholeStory && poolsAreShown && unnamed === 0)) continue;
      court.charge('NBL-01', {
        at: crossing,
        witnesses: [memory?.at ?? module.attach],
        message: `The filter originated ${view.nbl} at #${crossing.seq}, which it did not take from a pool of NDIS`,
      });
    }
  };

  const frees = (crossing: Crossing): void => {
    for (const view of crossing.nbls ?? []) {
      tested.count += 1;
      // What one module of the driver originated passes through the next as that of a neighbour.
      if (unnamed > 0 || books.nbls.allocations.has(view.nbl) || isOwnOfAModule(view.nbl)) continue;
      for (const module of books.modules.values()) {
        const relation = module.nbls.get(view.nbl);
        if (relation === undefined || relation.kind === 'own' || relation.place === 'home') continue;
        court.charge('NBL-01', {
          at: crossing,
          module: module.name,
          witnesses: [relation.since],
          message: `The filter freed ${view.nbl} at #${crossing.seq}, which a neighbour had handed to it at #${relation.since.seq}`,
        });
      }
    }
  };

  const isOwnOfAModule = (nbl: string): boolean => {
    for (const module of books.modules.values()) if (module.nbls.get(nbl)?.kind === 'own') return true;
    return false;
  };

  const asks = (): void => {
    unnamed += 1;
  };
  const answered = (): void => {
    if (unnamed > 0) unnamed -= 1;
  };

  return {
    forget: () => {
      unnamed = 0;
    },
    before: {
      '<=NdisAllocateNetBufferListPool': () => {
        poolsAreShown = true;
      },
      '=>NdisFSendNetBufferLists': handsOver,
      '=>NdisFIndicateReceiveNetBufferLists': handsOver,
    },
    beforeAny: [
      { keys: NBL_ALLOCATION_KEYS, hear: asks },
      { keys: NBL_ALLOCATION_RETURN_KEYS, hear: answered },
      { keys: NBL_FREE_KEYS, hear: frees },
    ],
  };
}
