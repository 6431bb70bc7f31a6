import type { Call } from '../../../../../src/kernel';
import type { NdisStatusIndication } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class StatusIsDroppedWhilePaused extends ReferenceFilter {
  override *FilterStatus(module: FilterModule, indication: NdisStatusIndication): Call<void> {
    if (module.state === 'Pausing' || module.state === 'Paused') return;
    yield* super.FilterStatus(module, indication);
  }
}

export const statusIsDroppedWhilePaused = defect({
  name: 'status-is-dropped-while-paused',
  breaks: 'PAU-17',
  story:
    'FilterStatus returns at once while the module is Pausing or Paused, since nothing is going on anyway. A link ' +
    'that comes up in that time is never seen by the protocols above.',
  Filter: StatusIsDroppedWhilePaused,
});
