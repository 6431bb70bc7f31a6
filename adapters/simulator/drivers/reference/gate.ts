import type { Call } from '../../../../src/kernel';
import type { Wdk } from '../../../../src/ndis/wdk';
import type { FilterModule, Outstanding } from './state';

/**
 * Who may move data, and what is still out. Two things keep a pause honest: a rundown reference is held by every thread that is
 * moving data at this moment, and a count tells how many NBLs of our own are with others.
 */
export class Gate {
  constructor(protected readonly wdk: Wdk) {}

  /** @returns true when the module is Running; `leave` must follow */
  *enter(module: FilterModule): Call<boolean> {
    return yield* this.wdk.ExAcquireRundownProtection(module.gate);
  }

  *leave(module: FilterModule): Call<void> {
    yield* this.wdk.ExReleaseRundownProtection(module.gate);
  }

  /** Nobody enters any more; returns when the last one inside has left. PASSIVE_LEVEL, no lock held. */
  *closeGate(module: FilterModule): Call<void> {
    yield* this.wdk.ExWaitForRundownProtectionRelease(module.gate);
  }

  *openGate(module: FilterModule): Call<void> {
    yield* this.wdk.ExReInitializeRundownProtection(module.gate);
  }

  /**
   * Asks to originate `count` NBLs, and counts them before the gate can close behind us.
   * @returns false when the module is not Running or sleeps; otherwise `endOriginating` must follow
   */
  *beginOriginating(module: FilterModule, kind: keyof Outstanding, count: number): Call<boolean> {
    if (!(yield* this.enter(module))) return false;
    if (module.lowPower) {
      yield* this.leave(module);
      return false;
    }
    yield* this.countOut(module, kind, count);
    return true;
  }

  *endOriginating(module: FilterModule): Call<void> {
    yield* this.leave(module);
  }

  *countOut(module: FilterModule, kind: keyof Outstanding, count: number): Call<void> {
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    module.outstanding[kind] += count;
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
  }

  /** NBLs of our own are back. The last one completes a pause that waits for it, so touch nothing of the module afterwards. */
  *countBack(module: FilterModule, kind: keyof Outstanding, count: number): Call<void> {
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    module.outstanding[kind] -= count;
    const pauseIsOver = this.takePendingPause(module);
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
    if (pauseIsOver) yield* this.wdk.NdisFPauseComplete(module.filterHandle);
  }

  /** With the lock held. @returns true once for each pending pause, when nothing is out any more: the caller completes it */
  takePendingPause(module: FilterModule): boolean {
    if (!module.pausePending || !this.nothingOutstanding(module)) return false;
    module.pausePending = false;
    module.state = 'Paused';
    return true;
  }

  nothingOutstanding(module: FilterModule): boolean {
    return module.outstanding.sends === 0 && module.outstanding.receives === 0;
  }
}
