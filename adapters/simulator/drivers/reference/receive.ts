import type { Call } from '../../../../src/kernel';
import type { NtStatus } from '../../../../src/ndis/status';
import type { NetBufferList } from '../../../../src/ndis/wdk';
import {
  NDIS_DEFAULT_PORT_NUMBER,
  NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL,
  NDIS_RECEIVE_FLAGS_RESOURCES,
  NDIS_RETURN_FLAGS_DISPATCH_LEVEL,
} from '../../../../src/ndis/wdk';
import { chainOf, nblsOf } from './chain';
import { SendPath } from './send';
import type { FilterModule } from './state';

/** Receives: our own, those that pass through, those that are held, and the returns of all of them. */
export class ReceivePath extends SendPath {
  // ---- our own ---------------------------------------------------------------------------------------------

  /** Indicates one chain of `count` receives of our own; they come back through FilterReturnNetBufferLists. */
  *originateReceives(module: FilterModule, count: number): Call<NtStatus> {
    if (!(yield* this.beginOriginating(module, 'receives', count))) return 'STATUS_DEVICE_NOT_READY';
    const chain = yield* this.allocateChain(module, count);
    if (chain) yield* this.indicateOwn(module, chain, count, 0);
    else yield* this.countBack(module, 'receives', count);
    yield* this.endOriginating(module);
    return chain ? 'STATUS_SUCCESS' : 'STATUS_INSUFFICIENT_RESOURCES';
  }

  /** The same with NDIS_RECEIVE_FLAGS_RESOURCES: they are ours again when the call returns, and no return will come. */
  *originateLowResourcesReceives(module: FilterModule, count: number): Call<NtStatus> {
    if (!(yield* this.beginOriginating(module, 'receives', count))) return 'STATUS_DEVICE_NOT_READY';
    const chain = yield* this.allocateChain(module, count);
    if (chain) {
      yield* this.indicateOwn(module, chain, count, NDIS_RECEIVE_FLAGS_RESOURCES);
      yield* this.consumeReceives(module, nblsOf(chain));
    } else {
      yield* this.countBack(module, 'receives', count);
    }
    yield* this.endOriginating(module);
    return chain ? 'STATUS_SUCCESS' : 'STATUS_INSUFFICIENT_RESOURCES';
  }

  *indicateOwn(module: FilterModule, chain: NetBufferList, count: number, flags: number): Call<void> {
    yield* this.indicateUp(module, chain, NDIS_DEFAULT_PORT_NUMBER, count, flags);
  }

  /** Receives of our own are back. */
  *consumeReceives(module: FilterModule, nbls: readonly NetBufferList[]): Call<void> {
    for (const nbl of nbls) yield* this.freeOwn(nbl);
    yield* this.countBack(module, 'receives', nbls.length);
  }

  // ---- passing through -------------------------------------------------------------------------------------

  *FilterReceiveNetBufferLists(
    module: FilterModule,
    chain: NetBufferList,
    port: number,
    count: number,
    flags: number,
  ): Call<void> {
    const lowResources = (flags & NDIS_RECEIVE_FLAGS_RESOURCES) !== 0;
    if (!(yield* this.enter(module))) {
      yield* this.dropReceives(module, chain, flags);
      return;
    }
    if (lowResources) yield* this.passLowResourcesUp(module, chain, port, count, flags);
    else if (!(yield* this.holdReceives(module, chain))) yield* this.passReceivesUp(module, chain, port, count, flags);
    yield* this.leave(module);
  }

  /** Not Running: nothing goes up. Returning from the handler is the return of a low-resources delivery. */
  *dropReceives(module: FilterModule, chain: NetBufferList, flags: number): Call<void> {
    if ((flags & NDIS_RECEIVE_FLAGS_RESOURCES) !== 0) return;
    yield* this.returnDown(module, chain, this.returnFlags(flags));
  }

  *passReceivesUp(module: FilterModule, chain: NetBufferList, port: number, count: number, flags: number): Call<void> {
    yield* this.modifyAll(module, nblsOf(chain));
    yield* this.indicateUp(module, chain, port, count, flags);
  }

  /** The NBLs are lent to us for the time of the call, and we lend them on for the time of ours; nothing of them is kept. */
  *passLowResourcesUp(
    module: FilterModule,
    chain: NetBufferList,
    port: number,
    count: number,
    flags: number,
  ): Call<void> {
    const nbls = nblsOf(chain);
    yield* this.modifyAll(module, nbls);
    yield* this.indicateUp(module, chain, port, count, flags);
    yield* this.restoreAll(module, nbls);
  }

  *indicateUp(module: FilterModule, chain: NetBufferList, port: number, count: number, flags: number): Call<void> {
    yield* this.wdk.NdisFIndicateReceiveNetBufferLists(module.filterHandle, chain, port, count, flags);
  }

  *returnDown(module: FilterModule, chain: NetBufferList, flags: number): Call<void> {
    yield* this.wdk.NdisFReturnNetBufferLists(module.filterHandle, chain, flags);
  }

  *FilterReturnNetBufferLists(module: FilterModule, chain: NetBufferList, flags: number): Call<void> {
    const { own, foreign } = this.splitByOwner(module, nblsOf(chain));
    if (foreign.length > 0) yield* this.returnForeignReceives(module, foreign, flags);
    if (own.length > 0) yield* this.consumeReceives(module, own);
  }

  /** In any state: what passed through goes back the way it came. */
  *returnForeignReceives(module: FilterModule, foreign: readonly NetBufferList[], flags: number): Call<void> {
    yield* this.restoreAll(module, foreign);
    const chain = chainOf(foreign);
    if (chain) yield* this.returnDown(module, chain, flags);
  }

  // ---- holding ---------------------------------------------------------------------------------------------

  /** @returns true when the chain was queued, false when nobody asked to hold receives */
  *holdReceives(module: FilterModule, chain: NetBufferList): Call<boolean> {
    return yield* this.hold(module, 'Receives', chain);
  }

  *takeHeldReceives(module: FilterModule): Call<NetBufferList[]> {
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    const taken = module.heldReceives;
    module.heldReceives = [];
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
    return taken;
  }

  /** Passes the held receives up. When the gate is closed the pause has them. */
  *passHeldReceives(module: FilterModule, flags: number): Call<void> {
    if (!(yield* this.enter(module))) return;
    const held = yield* this.takeHeldReceives(module);
    const chain = chainOf(held);
    if (chain) yield* this.passReceivesUp(module, chain, NDIS_DEFAULT_PORT_NUMBER, held.length, flags);
    yield* this.leave(module);
  }

  /** FilterPause, with the gate closed: what is held goes back down. */
  *returnHeldReceives(module: FilterModule): Call<void> {
    const chain = chainOf(yield* this.takeHeldReceives(module));
    if (chain) yield* this.returnDown(module, chain, 0);
  }

  returnFlags(receiveFlags: number): number {
    return (receiveFlags & NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL) !== 0 ? NDIS_RETURN_FLAGS_DISPATCH_LEVEL : 0;
  }
}
