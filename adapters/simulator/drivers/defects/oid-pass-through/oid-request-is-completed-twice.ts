import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import type { NdisOidRequest } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class OidRequestIsCompletedTwice extends ReferenceFilter {
  override *FilterOidRequest(module: FilterModule, request: NdisOidRequest): Call<NdisStatus> {
    const status = yield* super.FilterOidRequest(module, request);
    if (status !== 'NDIS_STATUS_PENDING') {
      yield* this.wdk.NdisFOidRequestComplete(module.filterHandle, request, status);
    }
    return status;
  }
}

export const oidRequestIsCompletedTwice = defect({
  name: 'oid-request-is-completed-twice',
  breaks: 'OP-01',
  story:
    'FilterOidRequest completes the request with NdisFOidRequestComplete and then returns the final status as ' +
    'well, so that the one request ends twice.',
  Filter: OidRequestIsCompletedTwice,
});
