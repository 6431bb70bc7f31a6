import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class NblIsBuiltInPrivateMemory extends ReferenceFilter {
  override *allocateOwn(module: FilterModule): Call<NetBufferList | null> {
    const nbl = this.wdk.BuildNetBufferListInPrivateMemory(module.filterHandle);
    this.markAsOwn(module, nbl);
    return nbl;
  }

  override *freeOwn(): Call<void> {}
}

export const nblIsBuiltInPrivateMemory = defect({
  name: 'nbl-is-built-in-private-memory',
  breaks: 'NBL-01',
  story:
    'The driver builds its NBLs in memory of its own instead of taking them from a pool, which saves an ' +
    'allocation. NDIS and the drivers below rely on what the pool puts into an NBL.',
  Filter: NblIsBuiltInPrivateMemory,
});
