import type { Call } from '../../../../src/kernel';
import type { NtStatus } from '../../../../src/ndis/status';
import type { NetBufferList } from '../../../../src/ndis/wdk';
import {
  NDIS_DEFAULT_PORT_NUMBER,
  NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL,
  NDIS_SEND_FLAGS_DISPATCH_LEVEL,
} from '../../../../src/ndis/wdk';
import { chainOf, nblsOf } from './chain';
import type { FilterModule } from './state';
import { ModuleUsers } from './users';

/** What is held is passed on after this time at the latest. */
const HOLD_LIMIT_MS = 2_000;

/** Sends: our own, those that pass through, those that are held, and the completions of all of them. */
export class SendPath extends ModuleUsers {
  // ---- our own ---------------------------------------------------------------------------------------------

  /** Originates `count` sends, each in a call of its own. The IRP ends when NDIS has them; see `device.ts` for why. */
  *originateSends(module: FilterModule, count: number, flags = 0): Call<NtStatus> {
    for (let sent = 0; sent < count; sent += 1) {
      const status = yield* this.originateSendChain(module, 1, flags);
      if (status !== 'STATUS_SUCCESS') return status;
    }
    return 'STATUS_SUCCESS';
  }

  /** Originates one chain of `count` sends. */
  *originateSendChain(module: FilterModule, count: number, flags = 0): Call<NtStatus> {
    if (!(yield* this.beginOriginating(module, 'sends', count))) return 'STATUS_DEVICE_NOT_READY';
    const chain = yield* this.allocateChain(module, count);
    if (chain) yield* this.sendOwn(module, chain, flags);
    else yield* this.countBack(module, 'sends', count);
    yield* this.endOriginating(module);
    return chain ? 'STATUS_SUCCESS' : 'STATUS_INSUFFICIENT_RESOURCES';
  }

  /** From this call on the chain is not ours until it comes back. */
  *sendOwn(module: FilterModule, chain: NetBufferList, flags: number): Call<void> {
    yield* this.wdk.NdisFSendNetBufferLists(module.filterHandle, chain, NDIS_DEFAULT_PORT_NUMBER, flags);
  }

  /** Sends of our own are back. */
  *consumeSends(module: FilterModule, nbls: readonly NetBufferList[]): Call<void> {
    for (const nbl of nbls) yield* this.freeOwn(nbl);
    yield* this.countBack(module, 'sends', nbls.length);
  }

  // ---- passing through -------------------------------------------------------------------------------------

  *FilterSendNetBufferLists(module: FilterModule, chain: NetBufferList, port: number, flags: number): Call<void> {
    if (!(yield* this.enter(module))) {
      yield* this.refuseSends(module, chain, flags);
      return;
    }
    if (!(yield* this.holdSends(module, chain))) yield* this.passSendsDown(module, chain, port, flags);
    yield* this.leave(module);
  }

  /** Not Running: every NBL goes back at once, with the status that says so. */
  *refuseSends(module: FilterModule, chain: NetBufferList, flags: number): Call<void> {
    for (const nbl of nblsOf(chain)) nbl.Status = 'NDIS_STATUS_PAUSED';
    yield* this.completeSendsUp(module, chain, this.sendCompleteFlags(flags));
  }

  *passSendsDown(module: FilterModule, chain: NetBufferList, port: number, flags: number): Call<void> {
    yield* this.modifyAll(module, nblsOf(chain));
    yield* this.wdk.NdisFSendNetBufferLists(module.filterHandle, chain, port, flags);
  }

  *completeSendsUp(module: FilterModule, chain: NetBufferList, flags: number): Call<void> {
    yield* this.wdk.NdisFSendNetBufferListsComplete(module.filterHandle, chain, flags);
  }

  *FilterSendNetBufferListsComplete(module: FilterModule, chain: NetBufferList, flags: number): Call<void> {
    const { own, foreign } = this.splitByOwner(module, nblsOf(chain));
    if (foreign.length > 0) yield* this.completeForeignSends(module, foreign, flags);
    if (own.length > 0) yield* this.consumeSends(module, own);
  }

  /** In any state: what passed through goes back the way it came. */
  *completeForeignSends(module: FilterModule, foreign: readonly NetBufferList[], flags: number): Call<void> {
    yield* this.restoreAll(module, foreign);
    const chain = chainOf(foreign);
    if (chain) yield* this.completeSendsUp(module, chain, flags);
  }

  // ---- holding ---------------------------------------------------------------------------------------------

  /** @returns true when the chain was queued, false when nobody asked to hold sends */
  *holdSends(module: FilterModule, chain: NetBufferList): Call<boolean> {
    return yield* this.hold(module, 'Sends', chain);
  }

  /** The limit runs from the first NBL that is held: those that follow must not put it off. */
  *hold(module: FilterModule, what: 'Sends' | 'Receives', chain: NetBufferList): Call<boolean> {
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    const holding = module[`holding${what}`] && this.mayHold(module);
    const first = module.heldSends.length === 0 && module.heldReceives.length === 0;
    if (holding) module[`held${what}`].push(...nblsOf(chain));
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
    if (holding && first) yield* this.startHoldLimit(module);
    return holding;
  }

  /** With the lock held. The caller is inside the gate, so a pause that empties the queues waits for him: always. */
  mayHold(_module: FilterModule): boolean {
    return true;
  }

  /** The layers above and below wait for what we hold, so it is not held for ever. */
  *startHoldLimit(module: FilterModule): Call<void> {
    yield* this.armTimer(module, module.holdTimer, HOLD_LIMIT_MS);
  }

  *takeHeldSends(module: FilterModule, which: (nbl: NetBufferList) => boolean = () => true): Call<NetBufferList[]> {
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    const taken = module.heldSends.filter(which);
    module.heldSends = module.heldSends.filter((nbl) => !taken.includes(nbl));
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
    return taken;
  }

  /** Passes the held sends down. When the gate is closed the pause has them. */
  *passHeldSends(module: FilterModule, flags: number): Call<void> {
    if (!(yield* this.enter(module))) return;
    const chain = chainOf(yield* this.takeHeldSends(module));
    if (chain) yield* this.passSendsDown(module, chain, NDIS_DEFAULT_PORT_NUMBER, flags);
    yield* this.leave(module);
  }

  /** FilterPause, with the gate closed: what is held goes back up. */
  *refuseHeldSends(module: FilterModule): Call<void> {
    const chain = chainOf(yield* this.takeHeldSends(module));
    if (chain) yield* this.refuseSends(module, chain, 0);
  }

  sendCompleteFlags(sendFlags: number): number {
    return (sendFlags & NDIS_SEND_FLAGS_DISPATCH_LEVEL) !== 0 ? NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL : 0;
  }
}
