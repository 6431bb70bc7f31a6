import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { nblsOf, ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class OwnReceivesAreReturnedDownward extends ReferenceFilter {
  override *FilterReturnNetBufferLists(module: FilterModule, chain: NetBufferList, flags: number): Call<void> {
    yield* this.returnForeignReceives(module, nblsOf(chain), flags);
  }
}

export const ownReceivesAreReturnedDownward = defect({
  name: 'own-receives-are-returned-downward',
  breaks: 'RO-06',
  story:
    'FilterReturnNetBufferLists hands everything down that comes from above, the NBLs of the filter itself ' +
    'included. The miniport gets an NBL that it has never seen.',
  Filter: OwnReceivesAreReturnedDownward,
});
