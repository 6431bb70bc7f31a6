import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class AttachQueriesTheAdapter extends ReferenceFilter {
  override *setAttributes(module: FilterModule): Call<NdisStatus> {
    const status = yield* super.setAttributes(module);
    yield* this.requestAndWait(module, 'OID_GEN_MAXIMUM_FRAME_SIZE', 'NdisRequestQueryInformation', null);
    return status;
  }
}

export const attachQueriesTheAdapter = defect({
  name: 'attach-queries-the-adapter',
  breaks: 'ATT-05',
  story:
    'FilterAttach asks the adapter for its maximum frame size with an OID request. The OID path of a module is ' +
    'not built while it is attaching: the request fails at best and hangs the installation at worst. What is ' +
    'wanted stands in the attach parameters.',
  Filter: AttachQueriesTheAdapter,
});
