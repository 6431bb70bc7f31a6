import type { Call } from '../../../../src/kernel';
import type { NdisStatus } from '../../../../src/ndis/status';
import type { NdisFilterPauseParameters, NdisFilterRestartParameters } from '../../../../src/ndis/wdk';
import { DeferredWork } from './deferred';
import type { FilterModule } from './state';

const FRAME_TAG = 'LwfF';
const DEFAULT_MTU = 1500;

/** FilterPause and FilterRestart. NDIS never runs two lifecycle handlers of one module at a time, so `state` needs no lock here. */
export class PauseAndRestart extends DeferredWork {
  /**
   * Closes the gate first, so that nothing new can begin; then gives back what is held; then says whether NBLs of our own are
   * still out. If so, the pause pends, and the last of them to come back completes it. It cannot fail and allocates nothing.
   */
  *FilterPause(module: FilterModule, _parameters: NdisFilterPauseParameters): Call<NdisStatus> {
    module.state = 'Pausing';
    yield* this.closeGate(module);
    yield* this.refuseHeldSends(module);
    yield* this.returnHeldReceives(module);
    return yield* this.finishPause(module);
  }

  /** The question and the promise are one step under the lock: an NBL that comes back now finds either none or both. */
  *finishPause(module: FilterModule): Call<NdisStatus> {
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    module.pausePending = !this.nothingOutstanding(module);
    const status = module.pausePending ? 'NDIS_STATUS_PENDING' : 'NDIS_STATUS_SUCCESS';
    if (!module.pausePending) module.state = 'Paused';
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
    return status;
  }

  /**
   * Prepares everything that can fail, then opens the gate as its last act. Nothing of the time before the pause is left:
   * the counts are at zero, the lists are empty.
   */
  *FilterRestart(module: FilterModule, parameters: NdisFilterRestartParameters): Call<NdisStatus> {
    module.state = 'Restarting';
    const status = yield* this.prepareEpoch(module, parameters);
    if (status !== 'NDIS_STATUS_SUCCESS') {
      module.state = 'Paused';
      return status;
    }
    module.state = 'Running';
    yield* this.openGate(module);
    return 'NDIS_STATUS_SUCCESS';
  }

  /** The stack below may have changed while we were paused: the frame template follows its MTU. */
  *prepareEpoch(module: FilterModule, parameters: NdisFilterRestartParameters): Call<NdisStatus> {
    const length = parameters.RestartAttributes?.MtuSize ?? DEFAULT_MTU;
    if (module.frame?.length === length) return 'NDIS_STATUS_SUCCESS';
    const frame = yield* this.wdk.NdisAllocateMemoryWithTagPriority(module.filterHandle, { length }, FRAME_TAG);
    if (!frame) return 'NDIS_STATUS_RESOURCES';
    if (module.frame) yield* this.wdk.NdisFreeMemory(module.frame);
    module.frame = frame;
    return 'NDIS_STATUS_SUCCESS';
  }
}
