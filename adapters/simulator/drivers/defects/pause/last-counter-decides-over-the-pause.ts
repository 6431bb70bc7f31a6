import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class LastCounterDecidesOverThePause extends ReferenceFilter {
  override *finishPause(module: FilterModule): Call<NdisStatus> {
    let status: NdisStatus = 'NDIS_STATUS_SUCCESS';
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    for (const out of [module.outstanding.sends, module.outstanding.receives]) {
      status = out > 0 ? 'NDIS_STATUS_PENDING' : 'NDIS_STATUS_SUCCESS';
    }
    module.pausePending = status === 'NDIS_STATUS_PENDING';
    if (!module.pausePending) module.state = 'Paused';
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
    return status;
  }
}

export const lastCounterDecidesOverThePause = defect({
  name: 'last-counter-decides-over-the-pause',
  breaks: 'PAU-11',
  story:
    'FilterPause goes through its counters one by one and each of them sets the result: the last, which is zero, ' +
    'turns the PENDING of an earlier one back into SUCCESS. In the field the counters belonged to open handles, ' +
    'and an idle handle that was opened last ended the pause for a busy one.',
  Filter: LastCounterDecidesOverThePause,
});
