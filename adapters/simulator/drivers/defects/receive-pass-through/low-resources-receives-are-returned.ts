import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class LowResourcesReceivesAreReturned extends ReferenceFilter {
  override *passLowResourcesUp(
    module: FilterModule,
    chain: NetBufferList,
    port: number,
    count: number,
    flags: number,
  ): Call<void> {
    yield* super.passLowResourcesUp(module, chain, port, count, flags);
    yield* this.returnDown(module, chain, this.returnFlags(flags));
  }
}

export const lowResourcesReceivesAreReturned = defect({
  name: 'low-resources-receives-are-returned',
  breaks: 'RP-02',
  story:
    'The driver returns NBLs that it was given with NDIS_RECEIVE_FLAGS_RESOURCES by a call, like any others. ' +
    'Returning from the handler is their return; the miniport gets them twice.',
  Filter: LowResourcesReceivesAreReturned,
});
