import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class PauseWaitsWithTheLockHeld extends ReferenceFilter {
  override *FilterPause(module: FilterModule): Call<NdisStatus> {
    module.state = 'Pausing';
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    yield* this.closeGate(module);
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
    yield* this.refuseHeldSends(module);
    yield* this.returnHeldReceives(module);
    return yield* this.finishPause(module);
  }
}

export const pauseWaitsWithTheLockHeld = defect({
  name: 'pause-waits-with-the-lock-held',
  breaks: 'PAU-20',
  story:
    'FilterPause takes the lock of the module so that nothing can change, and then waits for the senders to ' +
    'leave. A wait at DISPATCH_LEVEL stops the system; if it did not, the senders would need that very lock.',
  Filter: PauseWaitsWithTheLockHeld,
});
