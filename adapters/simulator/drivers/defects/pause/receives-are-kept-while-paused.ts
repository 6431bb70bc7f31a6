import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { NDIS_RECEIVE_FLAGS_RESOURCES } from '../../../../../src/ndis/wdk';
import { nblsOf, ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class ReceivesAreKeptWhilePaused extends ReferenceFilter {
  override *dropReceives(module: FilterModule, chain: NetBufferList, flags: number): Call<void> {
    if ((flags & NDIS_RECEIVE_FLAGS_RESOURCES) === 0) module.heldReceives.push(...nblsOf(chain));
  }
}

export const receivesAreKeptWhilePaused = defect({
  name: 'receives-are-kept-while-paused',
  breaks: 'PAU-14',
  explained: {
    'RST-06': 'While the restart is under way they are kept as well.',
  },
  story:
    'Receives that arrive while the filter is not Running are put into its queue, to be looked at after the ' +
    'restart. The miniport wants them back before it can pause.',
  Filter: ReceivesAreKeptWhilePaused,
});
