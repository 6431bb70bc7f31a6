import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import type { NdisFilterRestartParameters } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class RestartPendsForEver extends ReferenceFilter {
  override *FilterRestart(module: FilterModule, parameters: NdisFilterRestartParameters): Call<NdisStatus> {
    const status = yield* super.FilterRestart(module, parameters);
    return status === 'NDIS_STATUS_RESOURCES' ? 'NDIS_STATUS_PENDING' : status;
  }
}

export const restartPendsForEver = defect({
  name: 'restart-pends-for-ever',
  breaks: 'RST-02',
  story:
    'When memory is short FilterRestart returns NDIS_STATUS_PENDING in the hope that memory will come. Nobody ' +
    'looks again, NdisFRestartComplete is never called, and the adapter has no connectivity until the machine is ' +
    'rebooted.',
  Filter: RestartPendsForEver,
});
