/**
 * A second correct design: the answer to the seed question done right. One flag and counts under one lock, and nobody ever waits:
 * FilterPause closes the flag, and whoever brings the last count to zero completes the pause.
 *
 * A sender is counted before it calls NDIS, and it calls NDIS without the lock. So NdisFSendNetBufferLists may be seen after
 * FilterPause has returned NDIS_STATUS_PENDING; that is correct, because the count is why the pause pends.
 */
import type { Call } from '../../../../src/kernel';
import type { NdisFilterAttachParameters, NdisHandle } from '../../../../src/ndis/wdk';
import type { SimulatedDriver } from '../../driver';
import { ReferenceFilter, simulate } from '../reference';
import type { FilterModule, Outstanding } from '../reference';

interface CountingModule extends FilterModule {
  /** Set by FilterRestart, cleared by FilterPause: always, whether anything is outstanding or not. */
  flowing: boolean;
  /** Threads that are passing data through at this moment. */
  inside: number;
}

export class CountingFilter extends ReferenceFilter {
  override newModule(filterHandle: NdisHandle, parameters: NdisFilterAttachParameters): CountingModule {
    return { ...super.newModule(filterHandle, parameters), flowing: false, inside: 0 };
  }

  override *openGate(module: CountingModule): Call<void> {
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    module.flowing = true;
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
  }

  /** Waits for nobody: those inside are counted, and `finishPause` sees the count. */
  override *closeGate(module: CountingModule): Call<void> {
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    module.flowing = false;
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
  }

  override *enter(module: CountingModule): Call<boolean> {
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    const entered = module.flowing;
    if (entered) module.inside += 1;
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
    return entered;
  }

  override *leave(module: CountingModule): Call<void> {
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    module.inside -= 1;
    const pauseIsOver = this.takePendingPause(module);
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
    if (pauseIsOver) yield* this.wdk.NdisFPauseComplete(module.filterHandle);
  }

  /** The question and the count are one step under the lock. The NBLs themselves now keep the pause from completing. */
  override *beginOriginating(module: CountingModule, kind: keyof Outstanding, count: number): Call<boolean> {
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    const allowed = module.flowing && !module.lowPower;
    if (allowed) module.outstanding[kind] += count;
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
    return allowed;
  }

  /** Nothing to give back: the count goes down when the NBLs come back. */
  override *endOriginating(): Call<void> {}

  override nothingOutstanding(module: CountingModule): boolean {
    return super.nothingOutstanding(module) && module.inside === 0;
  }

  /** Nothing is queued behind the back of a pause that has already emptied the queues: the thread that is inside passes it on. */
  override mayHold(module: CountingModule): boolean {
    return module.flowing;
  }
}

export const counting: SimulatedDriver = simulate('counting', CountingFilter);
