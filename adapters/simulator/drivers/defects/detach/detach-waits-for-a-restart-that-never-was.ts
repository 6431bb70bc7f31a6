import type { Call } from '../../../../../src/kernel';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class DetachWaitsForARestartThatNeverWas extends ReferenceFilter {
  override *FilterDetach(module: FilterModule): Call<void> {
    while (!module.frame) yield* this.wdk.NdisMSleep(100);
    yield* super.FilterDetach(module);
  }
}

export const detachWaitsForARestartThatNeverWas = defect({
  name: 'detach-waits-for-a-restart-that-never-was',
  breaks: 'DET-02',
  story:
    'FilterDetach first waits until the initialisation is over, which FilterRestart finishes. A module that is ' +
    'detached before it was ever restarted, because the adapter is disabled again at once or another filter of ' +
    'the stack failed, waits for ever.',
  Filter: DetachWaitsForARestartThatNeverWas,
});
