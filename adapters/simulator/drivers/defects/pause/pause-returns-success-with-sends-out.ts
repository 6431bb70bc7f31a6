import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class PauseReturnsSuccessWithSendsOut extends ReferenceFilter {
  override nothingOutstanding(module: FilterModule): boolean {
    return module.outstanding.receives === 0;
  }
}

export const pauseReturnsSuccessWithSendsOut = defect({
  name: 'pause-returns-success-with-sends-out',
  breaks: 'PAU-11',
  story:
    'Only originated receives keep the pause pending. FilterPause returns NDIS_STATUS_SUCCESS while sends of the ' +
    'filter are still with the miniport; NDIS goes on to detach, and the completions come home to a module that ' +
    'is gone.',
  Filter: PauseReturnsSuccessWithSendsOut,
});
