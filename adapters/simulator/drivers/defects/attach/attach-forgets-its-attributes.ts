import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class AttachForgetsItsAttributes extends ReferenceFilter {
  override *setAttributes(): Call<NdisStatus> {
    return 'NDIS_STATUS_SUCCESS';
  }
}

export const attachForgetsItsAttributes = defect({
  name: 'attach-forgets-its-attributes',
  breaks: 'ATT-03',
  story:
    'FilterAttach succeeds without having called NdisFSetAttributes. NDIS has no module context to hand to the ' +
    'other handlers: the first of them that is called works through a NULL pointer.',
  Filter: AttachForgetsItsAttributes,
});
