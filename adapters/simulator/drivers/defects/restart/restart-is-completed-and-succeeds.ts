import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import type { NdisFilterRestartParameters } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class RestartIsCompletedAndSucceeds extends ReferenceFilter {
  override *FilterRestart(module: FilterModule, parameters: NdisFilterRestartParameters): Call<NdisStatus> {
    const status = yield* super.FilterRestart(module, parameters);
    yield* this.wdk.NdisFRestartComplete(module.filterHandle, status);
    return status;
  }
}

export const restartIsCompletedAndSucceeds = defect({
  name: 'restart-is-completed-and-succeeds',
  breaks: 'RST-03',
  story:
    'FilterRestart calls NdisFRestartComplete and then returns NDIS_STATUS_SUCCESS, so the one restart ends ' +
    'twice. The pair was copied from the pending form of the handler.',
  Filter: RestartIsCompletedAndSucceeds,
});
