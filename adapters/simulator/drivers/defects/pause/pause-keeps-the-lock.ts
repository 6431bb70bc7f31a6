import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class PauseKeepsTheLock extends ReferenceFilter {
  override *finishPause(module: FilterModule): Call<NdisStatus> {
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    module.pausePending = !this.nothingOutstanding(module);
    if (module.pausePending) return 'NDIS_STATUS_PENDING';
    module.state = 'Paused';
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
    return 'NDIS_STATUS_SUCCESS';
  }
}

export const pauseKeepsTheLock = defect({
  name: 'pause-keeps-the-lock',
  breaks: 'PAU-15',
  explained: {
    'IRQ-02': 'The lock that is kept keeps the IRQL raised.',
    'LCK-01': 'A handler that returns with a lock held breaks the rule about locks by itself.',
  },
  story:
    'When something is outstanding FilterPause returns from the middle of its critical section. The completion ' +
    'that would bring the count down spins for the lock for ever, with the machine at DISPATCH_LEVEL. This is the ' +
    'freeze that users of a capture driver saw when they disabled an adapter.',
  Filter: PauseKeepsTheLock,
});
