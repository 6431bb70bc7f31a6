import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import { ReferenceFilter } from '../../reference';
import type { FilterModule, OwnOid } from '../../reference';
import { defect } from '../define';

class OwnOidWithoutARequestHandle extends ReferenceFilter {
  override *issueOwnOid(module: FilterModule, own: OwnOid): Call<NdisStatus> {
    own.request.RequestHandle = null;
    return yield* super.issueOwnOid(module, own);
  }
}

export const ownOidWithoutARequestHandle = defect({
  name: 'own-oid-without-a-request-handle',
  breaks: 'OO-02',
  story:
    'The driver leaves RequestHandle of its own OID request empty. NDIS and the drivers below look into it on the ' +
    'way; in a capture driver the result was crashes in network drivers that nobody could explain.',
  Filter: OwnOidWithoutARequestHandle,
});
