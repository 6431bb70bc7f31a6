import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import type { NdisOidRequest } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class OidRequestIsForwardedWithoutAClone extends ReferenceFilter {
  override *FilterOidRequest(module: FilterModule, request: NdisOidRequest): Call<NdisStatus> {
    yield* this.rememberForwarded(module, request.RequestId);
    const status = yield* this.wdk.NdisFOidRequest(module.filterHandle, request);
    if (status !== 'NDIS_STATUS_PENDING') yield* this.rememberForwarded(module, null);
    return status;
  }

  override *FilterOidRequestComplete(module: FilterModule, request: NdisOidRequest, status: NdisStatus): Call<void> {
    const own = yield* this.takeOwnOid(module, request);
    if (own) {
      yield* this.consumeOwnOid(own, status);
      return;
    }
    yield* this.rememberForwarded(module, null);
    yield* this.wdk.NdisFOidRequestComplete(module.filterHandle, request, status);
  }
}

export const oidRequestIsForwardedWithoutAClone = defect({
  name: 'oid-request-is-forwarded-without-a-clone',
  breaks: 'OP-02',
  story:
    'To save an allocation the driver forwards the request that it was given. NDIS keeps what it needs for one ' +
    'hop in the structure, and the next hop overwrites it.',
  Filter: OidRequestIsForwardedWithoutAClone,
});
