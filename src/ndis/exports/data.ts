import { handOver, requireAlive, takeFromDriver } from '../custody';
import { alienObject } from '../faults';
import { NDIS } from '../holder';
import { looseChain, viewsOf } from '../nbl';
import { NDIS_RECEIVE_FLAGS_RESOURCES } from '../wdk';
import type { Implementations } from './implementations';

type DataExports = Implementations<
  | 'NdisFSendNetBufferLists'
  | 'NdisFSendNetBufferListsComplete'
  | 'NdisFCancelSendNetBufferLists'
  | 'NdisFIndicateReceiveNetBufferLists'
  | 'NdisFReturnNetBufferLists'
>;

/** The data path as a filter calls it. NDIS checks no state here: it follows pointers. */
export const dataExports: DataExports = {
  *NdisFSendNetBufferLists(cx, filter, chain, _port, flags) {
    const ddi = 'NdisFSendNetBufferLists';
    const module = cx.onModule(ddi, filter, { nbls: viewsOf(looseChain(chain)), args: { flags } });
    const nbls = takeFromDriver(cx.kernel, ddi, chain);
    for (const nbl of nbls) nbl.route.push(module);
    yield* module.adapter.data.sendDown(module, nbls, flags);
    cx.backOn(ddi, module);
  },

  *NdisFSendNetBufferListsComplete(cx, filter, chain, flags) {
    const ddi = 'NdisFSendNetBufferListsComplete';
    const module = cx.onModule(ddi, filter, { nbls: viewsOf(looseChain(chain)), args: { flags } });
    const nbls = takeFromDriver(cx.kernel, ddi, chain);
    yield* module.adapter.data.completeUp(module, nbls, flags);
    cx.backOn(ddi, module);
  },

  *NdisFCancelSendNetBufferLists(cx, filter, cancelId) {
    const ddi = 'NdisFCancelSendNetBufferLists';
    const module = cx.onModule(ddi, filter, { args: { cancelId } });
    yield* module.adapter.data.cancelDown(module, cancelId);
    cx.backOn(ddi, module);
  },

  *NdisFIndicateReceiveNetBufferLists(cx, filter, chain, _port, count, flags) {
    const ddi = 'NdisFIndicateReceiveNetBufferLists';
    const module = cx.onModule(ddi, filter, { nbls: viewsOf(looseChain(chain)), args: { count, flags } });
    const nbls = takeFromDriver(cx.kernel, ddi, chain);
    const lends = (flags & NDIS_RECEIVE_FLAGS_RESOURCES) !== 0;
    const borrowed = nbls.map((nbl) => nbl.lent);
    if (!lends) for (const nbl of nbls) nbl.route.push(module);
    yield* module.adapter.data.indicateUp(module, nbls, count, flags);
    if (lends) {
      requireAlive(cx.kernel, nbls, 'NDIS');
      nbls.forEach((nbl, i) => {
        nbl.holder = NDIS;
        nbl.lent = borrowed[i] === true;
      });
      handOver(nbls, NDIS, module);
    }
    cx.backOn(ddi, module);
  },

  *NdisFReturnNetBufferLists(cx, filter, chain, flags) {
    const ddi = 'NdisFReturnNetBufferLists';
    const module = cx.onModule(ddi, filter, { nbls: viewsOf(looseChain(chain)), args: { flags } });
    const nbls = takeFromDriver(cx.kernel, ddi, chain);
    const lent = nbls.find((nbl) => nbl.lent);
    if (lent) {
      throw alienObject(
        cx.kernel,
        `${ddi} was given ${lent.id}, which had been indicated with NDIS_RECEIVE_FLAGS_RESOURCES`,
        lent.id,
      );
    }
    yield* module.adapter.data.returnDown(module, nbls, flags);
    cx.backOn(ddi, module);
  },
};
