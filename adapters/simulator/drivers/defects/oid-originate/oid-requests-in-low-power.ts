import type { Call } from '../../../../../src/kernel';
import type { NtStatus } from '../../../../../src/ndis/status';
import type { NdisRequestType } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { PACKET_FILTER } from '../../reference/oid';
import { defect } from '../define';

class OidRequestsInLowPower extends ReferenceFilter {
  override *originateOid(module: FilterModule, oid: string, type: NdisRequestType, value: unknown): Call<NtStatus> {
    if (oid === PACKET_FILTER && type === 'NdisRequestSetInformation' && !(yield* this.rememberPacketFilter(module))) {
      return 'STATUS_UNSUCCESSFUL';
    }
    const status = yield* this.requestAndWait(module, oid, type, value);
    if (status === 'NDIS_STATUS_SUCCESS') return 'STATUS_SUCCESS';
    return status === 'NDIS_STATUS_RESOURCES' ? 'STATUS_INSUFFICIENT_RESOURCES' : 'STATUS_UNSUCCESSFUL';
  }
}

export const oidRequestsInLowPower = defect({
  name: 'oid-requests-in-low-power',
  breaks: 'OO-01',
  explained: {
    'PNP-03': 'An OID request is new I/O, and the power event is what should have stopped it.',
    'PNP-04': 'Where NDIS leaves the module Running over the sleep, nothing but the power event could have stopped it.',
  },
  story:
    'The driver asks the adapter for statistics whenever an application wants them, also while the adapter ' +
    'sleeps. Requests that reach the hardware in D3 hold up the power transition.',
  Filter: OidRequestsInLowPower,
});
