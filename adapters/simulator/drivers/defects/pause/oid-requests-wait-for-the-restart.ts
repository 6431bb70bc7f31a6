import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import type { NdisOidRequest } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class OidRequestsWaitForTheRestart extends ReferenceFilter {
  private readonly waiting = new Map<FilterModule, NdisOidRequest>();

  override *FilterOidRequest(module: FilterModule, request: NdisOidRequest): Call<NdisStatus> {
    if (module.state !== 'Paused' && module.state !== 'Pausing') return yield* super.FilterOidRequest(module, request);
    this.waiting.set(module, request);
    return 'NDIS_STATUS_PENDING';
  }

  override *openGate(module: FilterModule): Call<void> {
    yield* super.openGate(module);
    const request = this.waiting.get(module);
    if (!request) return;
    this.waiting.delete(module);
    const status = yield* super.FilterOidRequest(module, request);
    if (status !== 'NDIS_STATUS_PENDING') {
      yield* this.wdk.NdisFOidRequestComplete(module.filterHandle, request, status);
    }
  }
}

export const oidRequestsWaitForTheRestart = defect({
  name: 'oid-requests-wait-for-the-restart',
  breaks: 'PAU-16',
  story:
    'OID requests that arrive while the module is Pausing or Paused are kept for the next restart. NDIS may need ' +
    'the answer before it restarts the stack, and then both wait for each other.',
  Filter: OidRequestsWaitForTheRestart,
});
