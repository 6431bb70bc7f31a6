import type { Call } from '../../../../../src/kernel';
import type { NtStatus } from '../../../../../src/ndis/status';
import { NDIS_RECEIVE_FLAGS_RESOURCES } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class LowResourcesReceivesAreWaitedFor extends ReferenceFilter {
  override *originateLowResourcesReceives(module: FilterModule, count: number): Call<NtStatus> {
    if (!(yield* this.beginOriginating(module, 'receives', count))) return 'STATUS_DEVICE_NOT_READY';
    const chain = yield* this.allocateChain(module, count);
    if (chain) yield* this.indicateOwn(module, chain, count, NDIS_RECEIVE_FLAGS_RESOURCES);
    else yield* this.countBack(module, 'receives', count);
    yield* this.endOriginating(module);
    return chain ? 'STATUS_SUCCESS' : 'STATUS_INSUFFICIENT_RESOURCES';
  }
}

export const lowResourcesReceivesAreWaitedFor = defect({
  name: 'low-resources-receives-are-waited-for',
  breaks: 'RO-03',
  explained: {
    'PAU-02': 'The next pause waits for NBLs that will not come back.',
  },
  story:
    'Receives indicated with NDIS_RECEIVE_FLAGS_RESOURCES are left outstanding until FilterReturnNetBufferLists ' +
    'brings them. It never does, the NBLs are lost, and the next pause waits for them for ever.',
  Filter: LowResourcesReceivesAreWaitedFor,
});
