import type { Call } from '../../../../../src/kernel';
import type { NtStatus } from '../../../../../src/ndis/status';
import type { NdisRequestType } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class OwnOidOutlivesTheModule extends ReferenceFilter {
  override *originateOid(module: FilterModule, oid: string, type: NdisRequestType, value: unknown): Call<NtStatus> {
    yield* this.dereference(module);
    const status = yield* super.originateOid(module, oid, type, value);
    yield* this.reference(module);
    return status;
  }
}

export const ownOidOutlivesTheModule = defect({
  name: 'own-oid-outlives-the-module',
  breaks: 'DET-04',
  explained: {
    'DET-03': 'The request that is out is memory of the module.',
    'DEV-03': 'The thread of the application that waited for the request goes on with the handle of the module.',
    'TMR-03': 'So does the work item that issued one.',
  },
  story:
    'While it waits for its own OID request, the driver gives its reference on the module back, so that a slow ' +
    'adapter cannot hold up a detach. FilterDetach returns with the request outstanding, and its completion comes ' +
    'to a module that has been freed.',
  Filter: OwnOidOutlivesTheModule,
});
