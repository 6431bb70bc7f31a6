import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import type { NdisFilterRestartParameters } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class FailedRestartLeavesItsAttributes extends ReferenceFilter {
  override *prepareEpoch(module: FilterModule, parameters: NdisFilterRestartParameters): Call<NdisStatus> {
    if (parameters.RestartAttributes) parameters.RestartAttributes.MtuSize -= 4;
    return yield* super.prepareEpoch(module, parameters);
  }
}

export const failedRestartLeavesItsAttributes = defect({
  name: 'failed-restart-leaves-its-attributes',
  breaks: 'RST-11',
  story:
    'FilterRestart lowers the MTU in the restart attributes, to make room for its header, before it allocates ' +
    'what it needs. When the allocation fails it reports that the restart failed and leaves the lowered MTU to ' +
    'the drivers above.',
  Filter: FailedRestartLeavesItsAttributes,
});
