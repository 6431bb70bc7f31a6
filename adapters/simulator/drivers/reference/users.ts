import type { Call } from '../../../../src/kernel';
import type { NdisHandle } from '../../../../src/ndis/wdk';
import { FrameModification } from './modify';
import type { FilterModule, Globals } from './state';

/**
 * Who can find a module, and references of those whom NDIS does not wait for: IRPs, armed timers, queued work items. FilterDetach
 * waits for them, so none of them ever sees a module that is gone. A reference is held for the time of one piece of work, never for
 * the life of an open handle.
 */
export class ModuleUsers extends FrameModification {
  /** Set by DriverEntry before it registers, because NDIS may attach a module before registration returns. */
  protected globals!: Globals;

  // ---- the list of modules ---------------------------------------------------------------------------------

  *publish(module: FilterModule): Call<void> {
    yield* this.wdk.NdisAcquireSpinLock(this.globals.lock);
    this.globals.modules = [...this.globals.modules, module];
    yield* this.wdk.NdisReleaseSpinLock(this.globals.lock);
  }

  *unpublish(module: FilterModule): Call<void> {
    yield* this.wdk.NdisAcquireSpinLock(this.globals.lock);
    this.globals.modules = this.globals.modules.filter((candidate) => candidate !== module);
    yield* this.wdk.NdisReleaseSpinLock(this.globals.lock);
  }

  /** @returns the lowest module on the adapter, referenced; undefined when there is none (any more) */
  *referenceModuleOn(adapterName: string): Call<FilterModule | undefined> {
    yield* this.wdk.NdisAcquireSpinLock(this.globals.lock);
    const found = this.globals.modules.find((module) => module.adapterName === adapterName);
    const module = found && (yield* this.reference(found)) ? found : undefined;
    yield* this.wdk.NdisReleaseSpinLock(this.globals.lock);
    return module;
  }

  /** Nobody finds the module any more, nothing is armed, and nobody uses it. Called once or twice before a module is freed. */
  *makeUnreachable(module: FilterModule): Call<void> {
    yield* this.unpublish(module);
    yield* this.cancelTimers(module);
    yield* this.waitForUsers(module);
  }

  // ---- references ------------------------------------------------------------------------------------------

  /** @returns false when the module is being detached */
  *reference(module: FilterModule): Call<boolean> {
    return yield* this.wdk.ExAcquireRundownProtection(module.users);
  }

  *dereference(module: FilterModule): Call<void> {
    yield* this.wdk.ExReleaseRundownProtection(module.users);
  }

  /** Returns when the last user is gone; there will be no new one. PASSIVE_LEVEL, no lock held. */
  *waitForUsers(module: FilterModule): Call<void> {
    yield* this.wdk.ExWaitForRundownProtectionRelease(module.users);
  }

  // ---- timers ----------------------------------------------------------------------------------------------

  /**
   * Arms a one-shot timer. An armed timer holds a reference, which its callback or `cancelTimer` gives back.
   * @returns false when the module is being detached
   */
  *armTimer(module: FilterModule, timer: NdisHandle | null, dueMs: number): Call<boolean> {
    if (!timer || !(yield* this.reference(module))) return false;
    const wasArmed = yield* this.wdk.NdisSetTimerObject(timer, dueMs, 0);
    if (wasArmed) yield* this.dereference(module);
    return true;
  }

  *cancelTimer(module: FilterModule, timer: NdisHandle | null): Call<void> {
    if (timer && (yield* this.wdk.NdisCancelTimerObject(timer))) yield* this.dereference(module);
  }

  *cancelTimers(module: FilterModule): Call<void> {
    yield* this.cancelTimer(module, module.sendTimer);
    yield* this.cancelTimer(module, module.statusTimer);
    yield* this.cancelTimer(module, module.holdTimer);
  }
}
