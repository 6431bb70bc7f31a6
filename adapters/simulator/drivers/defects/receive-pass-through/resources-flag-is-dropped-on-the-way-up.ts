import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { NDIS_RECEIVE_FLAGS_RESOURCES } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class ResourcesFlagIsDroppedOnTheWayUp extends ReferenceFilter {
  override *passLowResourcesUp(
    module: FilterModule,
    chain: NetBufferList,
    port: number,
    count: number,
    flags: number,
  ): Call<void> {
    yield* super.passLowResourcesUp(module, chain, port, count, flags & ~NDIS_RECEIVE_FLAGS_RESOURCES);
  }
}

export const resourcesFlagIsDroppedOnTheWayUp = defect({
  name: 'resources-flag-is-dropped-on-the-way-up',
  breaks: 'RP-05',
  story:
    'Low-resources deliveries are indicated upward without NDIS_RECEIVE_FLAGS_RESOURCES. The protocol keeps the ' +
    'NBLs, while the miniport has them back as soon as the handler returns: two owners of one buffer.',
  Filter: ResourcesFlagIsDroppedOnTheWayUp,
});
