import type { Call } from '../../../../../src/kernel';
import type { NtStatus } from '../../../../../src/ndis/status';
import type { Irp, NdisHandle } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class NewHandleInheritsTheNdisHandleOfADeadModule extends ReferenceFilter {
  private readonly known = new Map<string, NdisHandle>();

  override *DispatchCreate(irp: Irp): Call<NtStatus> {
    const status = yield* super.DispatchCreate(irp);
    const module = yield* this.referenceModuleOn(irp.FileName);
    if (module) {
      this.known.set(irp.FileName, module.filterHandle);
      yield* this.dereference(module);
      return status;
    }
    const inherited = this.known.get(irp.FileName);
    const request = this.globals.driverHandle && (yield* this.wdk.AllocateOidRequest(this.globals.driverHandle));
    if (!inherited || !request) return status;
    request.Oid = 'OID_GEN_MAXIMUM_TOTAL_SIZE';
    yield* this.wdk.NdisFOidRequest(inherited, request);
    return status;
  }
}

export const newHandleInheritsTheNdisHandleOfADeadModule = defect({
  name: 'new-handle-inherits-the-ndis-handle-of-a-dead-module',
  breaks: 'OO-01',
  explained: {
    'DEV-03': 'The stale handle is reached through the handle of an application.',
  },
  story:
    'A new handle that finds no module takes the NDIS handle that an earlier handle had for the same adapter name, ' +
    'and asks the adapter a question through it. The adapter was disabled in the meantime: what is taken over ' +
    'belongs to a dead module. From the history of a capture driver, whose handles were all in one list.',
  Filter: NewHandleInheritsTheNdisHandleOfADeadModule,
});
