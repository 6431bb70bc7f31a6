import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import type { NdisOidRequest } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class OwnOidIsCompletedUpward extends ReferenceFilter {
  override *FilterOidRequestComplete(module: FilterModule, request: NdisOidRequest, status: NdisStatus): Call<void> {
    const own = yield* this.takeOwnOid(module, request);
    if (!own) {
      yield* super.FilterOidRequestComplete(module, request, status);
      return;
    }
    yield* this.wdk.NdisFOidRequestComplete(module.filterHandle, request, status);
    yield* this.consumeOwnOid(own, status);
  }
}

export const ownOidIsCompletedUpward = defect({
  name: 'own-oid-is-completed-upward',
  breaks: 'OO-03',
  story:
    "FilterOidRequestComplete wakes the thread that waits for the driver's own request and then completes the " +
    'request upward like any other. The drivers above are told of a request that they never made.',
  Filter: OwnOidIsCompletedUpward,
});
