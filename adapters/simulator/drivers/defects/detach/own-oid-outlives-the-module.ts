import type { Call } from '../../../../../src/kernel';
import type { NtStatus } from '../../../../../src/ndis/status';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class OwnOidOutlivesTheModule extends ReferenceFilter {
  override *originateSynchronousOid(module: FilterModule): Call<NtStatus> {
    yield* this.dereference(module);
    const status = yield* super.originateSynchronousOid(module);
    yield* this.reference(module);
    return status;
  }
}

export const ownOidOutlivesTheModule = defect({
  name: 'own-oid-outlives-the-module',
  breaks: 'DET-04',
  explained: {
    'DET-03': 'The request that is out is memory of the module.',
  },
  story:
    'For the time of a synchronous OID request of its own the driver gives its reference on the module back, so that ' +
    'a slow adapter cannot hold up a detach. FilterDetach returns with the request outstanding, and the thread ' +
    'that issued it comes back to a module that has been freed.',
  Filter: OwnOidOutlivesTheModule,
});
