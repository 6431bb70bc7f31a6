import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import type { NdisFilterPauseParameters } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class PauseSleepsForTwelveSeconds extends ReferenceFilter {
  override *FilterPause(module: FilterModule, parameters: NdisFilterPauseParameters): Call<NdisStatus> {
    const status = yield* super.FilterPause(module, parameters);
    yield* this.wdk.NdisMSleep(12_000);
    return status;
  }
}

export const pauseSleepsForTwelveSeconds = defect({
  name: 'pause-sleeps-for-twelve-seconds',
  breaks: 'PAU-04',
  story:
    'Instead of relying on its counts FilterPause sleeps for twelve seconds, which was found by trial to be long ' +
    'enough for every adapter in the lab. Driver Verifier gives a pause ten.',
  Filter: PauseSleepsForTwelveSeconds,
});
