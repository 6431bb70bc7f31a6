import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import type { NdisOidRequest } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class OidRequestsAreRefusedWhileRestarting extends ReferenceFilter {
  override *FilterOidRequest(module: FilterModule, request: NdisOidRequest): Call<NdisStatus> {
    if (module.state === 'Restarting') return 'NDIS_STATUS_NOT_ACCEPTED';
    return yield* super.FilterOidRequest(module, request);
  }
}

export const oidRequestsAreRefusedWhileRestarting = defect({
  name: 'oid-requests-are-refused-while-restarting',
  breaks: 'RST-07',
  story:
    'FilterOidRequest refuses requests while FilterRestart is at work. NDIS and the drivers around ask each ' +
    'other questions while the stack starts, and a start that waits for the answer to one of them never ends, or ' +
    'goes on with a default that is wrong.',
  Filter: OidRequestsAreRefusedWhileRestarting,
});
