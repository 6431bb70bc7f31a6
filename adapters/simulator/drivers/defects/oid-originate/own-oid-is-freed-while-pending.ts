import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import { ReferenceFilter } from '../../reference';
import type { FilterModule, OwnOid } from '../../reference';
import { defect } from '../define';

class OwnOidIsFreedWhilePending extends ReferenceFilter {
  override *issueOwnOid(module: FilterModule, own: OwnOid): Call<NdisStatus> {
    const status = yield* this.wdk.NdisFOidRequest(module.filterHandle, own.request);
    if (status === 'NDIS_STATUS_PENDING') yield* this.wdk.NdisWaitEvent(own.done, 1_000);
    yield* this.takeOwnOid(module, own.request);
    return status === 'NDIS_STATUS_PENDING' ? own.status : status;
  }
}

export const ownOidIsFreedWhilePending = defect({
  name: 'own-oid-is-freed-while-pending',
  breaks: 'OO-02',
  story:
    'The driver waits for its own OID request for a second and then gives up, and frees the request. The miniport ' +
    "still works with it: its answer goes into memory that is somebody else's by then. In the field the request " +
    'lay on the stack of the waiting thread.',
  Filter: OwnOidIsFreedWhilePending,
});
