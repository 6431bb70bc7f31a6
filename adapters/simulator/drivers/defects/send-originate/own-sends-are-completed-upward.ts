import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { nblsOf, ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class OwnSendsAreCompletedUpward extends ReferenceFilter {
  override *FilterSendNetBufferListsComplete(module: FilterModule, chain: NetBufferList, flags: number): Call<void> {
    yield* this.completeForeignSends(module, nblsOf(chain), flags);
  }
}

export const ownSendsAreCompletedUpward = defect({
  name: 'own-sends-are-completed-upward',
  breaks: 'SO-04',
  explained: {
    'SO-05': 'In a mixed chain the own ones are not sorted out.',
  },
  story:
    'FilterSendNetBufferListsComplete hands everything up that comes from below, the NBLs of the filter itself ' +
    'included. The protocol above gets an NBL that it has never seen.',
  Filter: OwnSendsAreCompletedUpward,
});
