import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import type { NdisFilterRestartParameters } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class RestartReturnsAnUndocumentedStatus extends ReferenceFilter {
  override *FilterRestart(module: FilterModule, parameters: NdisFilterRestartParameters): Call<NdisStatus> {
    const status = yield* super.FilterRestart(module, parameters);
    return status === 'NDIS_STATUS_RESOURCES' ? 'NDIS_STATUS_NOT_ACCEPTED' : status;
  }
}

export const restartReturnsAnUndocumentedStatus = defect({
  name: 'restart-returns-an-undocumented-status',
  breaks: 'RST-01',
  story:
    'A restart for which memory is short is reported as NDIS_STATUS_NOT_ACCEPTED, a status that FilterRestart ' +
    "does not have. What NDIS makes of it is anybody's guess.",
  Filter: RestartReturnsAnUndocumentedStatus,
});
