import type { Call } from '../../../../../src/kernel';
import type { NtStatus } from '../../../../../src/ndis/status';
import type { FileObject, Irp } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class HandleKeepsAPointerToItsModule extends ReferenceFilter {
  private readonly bound = new Map<FileObject, FilterModule>();

  override *openHandle(irp: Irp, module: FilterModule): Call<NtStatus> {
    this.bound.set(irp.FileObject, module);
    return yield* super.openHandle(irp, module);
  }

  override *withModule(irp: Irp, work: (module: FilterModule) => Call<NtStatus>): Call<NtStatus> {
    const module = this.bound.get(irp.FileObject);
    return module ? yield* work(module) : 'STATUS_NO_SUCH_DEVICE';
  }
}

export const handleKeepsAPointerToItsModule = defect({
  name: 'handle-keeps-a-pointer-to-its-module',
  breaks: 'DEV-03',
  explained: {
    'DET-03':
      'Requests hold no reference, so FilterDetach does not wait for them; what one has allocated is still there.',
    'DET-04': 'Nor for the synchronous OID request that one of them is inside of.',
  },
  story:
    'The context of a handle points at the module that it was opened on, and requests go straight there. The ' +
    'handle outlives the module: after the adapter was disabled the pointer leads into freed memory. The same ' +
    'class of bug was published for a kernel-bypass driver.',
  Filter: HandleKeepsAPointerToItsModule,
});
