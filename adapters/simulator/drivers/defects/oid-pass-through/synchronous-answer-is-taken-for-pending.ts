import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import type { NdisOidRequest } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class SynchronousAnswerIsTakenForPending extends ReferenceFilter {
  override *forwardOid(module: FilterModule, request: NdisOidRequest, clone: NdisOidRequest): Call<NdisStatus> {
    yield* this.rememberForwarded(module, request.RequestId);
    yield* this.wdk.NdisFOidRequest(module.filterHandle, clone);
    return 'NDIS_STATUS_PENDING';
  }
}

export const synchronousAnswerIsTakenForPending = defect({
  name: 'synchronous-answer-is-taken-for-pending',
  breaks: 'OP-04',
  story:
    'FilterOidRequest returns NDIS_STATUS_PENDING whatever NdisFOidRequest has answered, and waits for ' +
    'FilterOidRequestComplete. After a final answer that never comes, and the request hangs.',
  Filter: SynchronousAnswerIsTakenForPending,
});
