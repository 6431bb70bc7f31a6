import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import type { NdisFilterPauseParameters } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class PauseReturnsAnUninitializedStatus extends ReferenceFilter {
  override *FilterPause(module: FilterModule, parameters: NdisFilterPauseParameters): Call<NdisStatus> {
    const status = yield* super.FilterPause(module, parameters);
    return status === 'NDIS_STATUS_PENDING' ? status : 'NDIS_STATUS_NOT_RECOGNIZED';
  }
}

export const pauseReturnsAnUninitializedStatus = defect({
  name: 'pause-returns-an-uninitialized-status',
  breaks: 'PAU-01',
  story:
    'The status variable of FilterPause is set in the branch that waits and nowhere else. With nothing ' +
    'outstanding the handler returns what happened to be on the stack. Seen in a widely used capture driver ' +
    'whenever no application had a handle open.',
  Filter: PauseReturnsAnUninitializedStatus,
});
