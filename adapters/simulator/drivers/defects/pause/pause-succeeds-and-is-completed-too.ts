import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import type { NdisFilterPauseParameters } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class PauseSucceedsAndIsCompletedToo extends ReferenceFilter {
  override *FilterPause(module: FilterModule, parameters: NdisFilterPauseParameters): Call<NdisStatus> {
    const status = yield* super.FilterPause(module, parameters);
    if (status === 'NDIS_STATUS_SUCCESS') yield* this.wdk.NdisFPauseComplete(module.filterHandle);
    return status;
  }
}

export const pauseSucceedsAndIsCompletedToo = defect({
  name: 'pause-succeeds-and-is-completed-too',
  breaks: 'PAU-03',
  story:
    'FilterPause calls NdisFPauseComplete and then returns NDIS_STATUS_SUCCESS: the same pause ends twice. ' +
    'Exactly this pair made a capture driver bluescreen on suspend.',
  Filter: PauseSucceedsAndIsCompletedToo,
});
