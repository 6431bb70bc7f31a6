import type { Call } from '../../../../src/kernel';
import type { NdisStatus } from '../../../../src/ndis/status';
import { ReferenceFilter, simulate } from '../reference';
import type { FilterModule, OwnOid } from '../reference';
import type { SeedDriver } from '../registered';

class OwnOidWithoutARequestHandle extends ReferenceFilter {
  override *issueOwnOid(module: FilterModule, own: OwnOid): Call<NdisStatus> {
    own.request.RequestHandle = null;
    return yield* super.issueOwnOid(module, own);
  }
}

/** No page of the documentation asks for the handle, so only the strict reading of OO-02 sees the defect: an exhibit. */
export const ownOidWithoutARequestHandle: SeedDriver = {
  name: 'own-oid-without-a-request-handle',
  story:
    'The driver leaves RequestHandle of its own OID request empty. Those who handle the request below look into it on the way: in the history of the ' +
    'driver of the crash the result was crashes in network drivers that nobody could explain. Only the strict reading condemns it, because no page of the documentation asks for the handle.',
  driver: simulate('own-oid-without-a-request-handle', OwnOidWithoutARequestHandle),
};
