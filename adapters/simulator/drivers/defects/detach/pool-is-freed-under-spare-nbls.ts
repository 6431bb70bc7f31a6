import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class PoolIsFreedUnderSpareNbls extends ReferenceFilter {
  readonly spares: NetBufferList[] = [];

  override *freeOwn(nbl: NetBufferList): Call<void> {
    this.spares.push(nbl);
  }
}

export const poolIsFreedUnderSpareNbls = defect({
  name: 'pool-is-freed-under-spare-nbls',
  breaks: 'DET-08',
  story:
    'NBLs that come back are kept for the next send instead of being freed. FilterDetach frees the pool and has ' +
    'forgotten the spares, which are still NBLs of that pool.',
  Filter: PoolIsFreedUnderSpareNbls,
});
