import type { Call } from '../../../../src/kernel';
import type { NdisStatus } from '../../../../src/ndis/status';
import type { NdisFilterAttachParameters, NdisHandle } from '../../../../src/ndis/wdk';
import { ReferenceFilter, simulate } from '../reference';
import type { FilterModule, Outstanding } from '../reference';
import type { SeedDriver } from '../registered';

interface SketchModule extends FilterModule {
  PausePending: boolean;
}

/** The three functions of the answer as they stand there, on top of a driver that does everything else right. */
class AnswersSketch extends ReferenceFilter {
  override newModule(filterHandle: NdisHandle, parameters: NdisFilterAttachParameters): SketchModule {
    return { ...super.newModule(filterHandle, parameters), PausePending: false };
  }

  override *FilterPause(module: SketchModule): Call<NdisStatus> {
    yield* this.giveBackWhatIsHeld(module);
    let status: NdisStatus;
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    if (module.outstanding.sends > 0 || module.outstanding.receives > 0) {
      module.PausePending = true;
      status = 'NDIS_STATUS_PENDING';
    } else {
      status = 'NDIS_STATUS_SUCCESS';
    }
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
    return status;
  }

  /** The answer speaks of NBLs that the filter originates; traffic of others is kept out the right way. */
  *giveBackWhatIsHeld(module: SketchModule): Call<void> {
    yield* this.closeGate(module);
    yield* this.refuseHeldSends(module);
    yield* this.returnHeldReceives(module);
  }

  /** `CompleteSendNbl`. The answer has no such function for receives, so those stay counted. */
  override *countBack(module: SketchModule, kind: keyof Outstanding, count: number): Call<void> {
    if (kind === 'receives') return;
    let completePause = false;
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    module.outstanding.sends -= count;
    if (module.outstanding.sends === 0 && module.PausePending) completePause = true;
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
    if (completePause) yield* this.wdk.NdisFPauseComplete(module.filterHandle);
  }

  /** `TrySendPacket`. */
  override *beginOriginating(module: SketchModule, kind: keyof Outstanding, count: number): Call<boolean> {
    let status: NdisStatus;
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    if (module.PausePending) {
      status = 'NDIS_STATUS_PAUSED';
    } else {
      status = 'NDIS_STATUS_SUCCESS';
      module.outstanding[kind] += count;
    }
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
    return status === 'NDIS_STATUS_SUCCESS';
  }

  override *endOriginating(): Call<void> {}
}

export const answersSketch: SeedDriver = {
  name: 'answers-sketch',
  story:
    'The answer that the driver author was given, taken literally: count what is originated, let the pause pend while the count is not zero, ' +
    'refuse to send while PausePending is set. Three things are missing. The flag is set only when something is outstanding, so a pause that ' +
    'succeeds at once leaves the gate open and the next write sends on a Paused module. Nothing clears the flag, so after a pause that pended ' +
    'the filter refuses for ever. And originated receives are counted by the pause, but no completion path ever counts them down, so one of them ' +
    'is enough for a pause that never ends.',
  driver: simulate('answers-sketch', AnswersSketch),
};
