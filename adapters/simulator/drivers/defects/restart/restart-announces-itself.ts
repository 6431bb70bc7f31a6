import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import type { NdisFilterRestartParameters } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class RestartAnnouncesItself extends ReferenceFilter {
  override *FilterRestart(module: FilterModule, parameters: NdisFilterRestartParameters): Call<NdisStatus> {
    const status = yield* super.FilterRestart(module, parameters);
    if (status === 'NDIS_STATUS_SUCCESS') yield* this.originateSendChain(module, 1);
    return status;
  }
}

export const restartAnnouncesItself = defect({
  name: 'restart-announces-itself',
  breaks: 'RST-04',
  story:
    'FilterRestart sends an announcement before it returns, to tell the switch that the station is back. The ' +
    'drivers below are not all restarted yet, and the frame comes back as paused or is lost.',
  Filter: RestartAnnouncesItself,
});
