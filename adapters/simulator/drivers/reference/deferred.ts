import type { Call } from '../../../../src/kernel';
import type { NtStatus } from '../../../../src/ndis/status';
import type { NdisHandle } from '../../../../src/ndis/wdk';
import { NDIS_SEND_FLAGS_DISPATCH_LEVEL } from '../../../../src/ndis/wdk';
import type { FilterModule } from './state';
import { StatusAndPnP } from './status-and-pnp';

/** Delay after which the timers fire that an application asked for. */
const TIMER_DELAY_MS = 100;

/**
 * Work that happens later: timers (DISPATCH_LEVEL) and work items (PASSIVE_LEVEL). A callback has no privilege: it passes the
 * gate like an IRP does, and finds it closed when the module is not Running.
 */
export class DeferredWork extends StatusAndPnP {
  // ---- timers ----------------------------------------------------------------------------------------------

  /** @returns a timer whose callback gives back the reference that arming it took, as its last act */
  *createTimer(module: FilterModule, work: (module: FilterModule) => Call<unknown>): Call<NdisHandle | null> {
    return yield* this.wdk.NdisAllocateTimerObject(module.filterHandle, {
      TimerFunction: (context) => this.runThenDereference(context as FilterModule, work),
      FunctionContext: module,
    });
  }

  *runThenDereference(module: FilterModule, work: (module: FilterModule) => Call<unknown>): Call<void> {
    yield* work(module);
    yield* this.dereference(module);
  }

  /**
   * None is armed, and no callback uses the module. One that has just given its reference back may not have returned yet.
   * PASSIVE_LEVEL.
   */
  *freeTimers(module: FilterModule): Call<void> {
    yield* this.wdk.KeFlushQueuedDpcs();
    for (const timer of [module.sendTimer, module.statusTimer, module.holdTimer]) {
      if (timer) yield* this.wdk.NdisFreeTimerObject(timer);
    }
  }

  *startTimer(module: FilterModule, timer: NdisHandle | null): Call<NtStatus> {
    return (yield* this.armTimer(module, timer, TIMER_DELAY_MS)) ? 'STATUS_SUCCESS' : 'STATUS_NO_SUCH_DEVICE';
  }

  *sendFromTimer(module: FilterModule): Call<void> {
    yield* this.originateSendChain(module, 1, NDIS_SEND_FLAGS_DISPATCH_LEVEL);
  }

  *statusFromTimer(module: FilterModule): Call<void> {
    yield* this.originateStatus(module);
  }

  /** What was held for too long goes on its way, whether or not the application has asked for it. */
  *releaseOverdue(module: FilterModule): Call<void> {
    yield* this.passHeldSends(module, 0);
    yield* this.passHeldReceives(module, 0);
  }

  // ---- work items ------------------------------------------------------------------------------------------

  /** Queues a work item of its own for one piece of work; the reference keeps the module until it has run. */
  *queueWork(module: FilterModule, work: (module: FilterModule) => Call<unknown>): Call<NtStatus> {
    if (!this.globals.driverHandle || !(yield* this.reference(module))) return 'STATUS_NO_SUCH_DEVICE';
    const workItem = yield* this.wdk.NdisAllocateIoWorkItem(this.globals.driverHandle);
    if (!workItem) {
      yield* this.dereference(module);
      return 'STATUS_INSUFFICIENT_RESOURCES';
    }
    const run = (context: unknown): Call<void> => this.runWorkItem(workItem, context as FilterModule, work);
    yield* this.wdk.NdisQueueIoWorkItem(workItem, run, module);
    return 'STATUS_SUCCESS';
  }

  *runWorkItem(workItem: NdisHandle, module: FilterModule, work: (module: FilterModule) => Call<unknown>): Call<void> {
    yield* this.wdk.NdisFreeIoWorkItem(workItem);
    yield* this.runThenDereference(module, work);
  }

  *sendFromWorkItem(module: FilterModule): Call<void> {
    yield* this.originateSendChain(module, 1);
  }
}
