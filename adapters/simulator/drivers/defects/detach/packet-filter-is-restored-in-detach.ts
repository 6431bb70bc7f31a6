import type { Call } from '../../../../../src/kernel';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { PACKET_FILTER } from '../../reference/oid';
import { defect } from '../define';

class PacketFilterIsRestoredInDetach extends ReferenceFilter {
  override *FilterDetach(module: FilterModule): Call<void> {
    yield* this.requestAndWait(module, PACKET_FILTER, 'NdisRequestSetInformation', { value: 'directed, broadcast' });
    yield* super.FilterDetach(module);
  }
}

export const packetFilterIsRestoredInDetach = defect({
  name: 'packet-filter-is-restored-in-detach',
  breaks: 'DET-05',
  explained: {
    'PNP-03': 'A module can be detached while its adapter sleeps, and the OID request is new I/O.',
  },
  story:
    'FilterDetach sets the packet filter back with an OID request, so that the adapter does not stay promiscuous. ' +
    'By then the OID path of the module is closed: the request fails or hangs, and the adapter stays as it was. ' +
    'The place for it is NetEventFilterPreDetach. Reported of a kernel-bypass driver, and still in the code of a ' +
    'capture driver.',
  Filter: PacketFilterIsRestoredInDetach,
});
