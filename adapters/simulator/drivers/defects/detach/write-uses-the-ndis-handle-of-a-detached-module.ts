import type { Call } from '../../../../../src/kernel';
import type { NtStatus } from '../../../../../src/ndis/status';
import type { FileObject, Irp, NdisHandle } from '../../../../../src/ndis/wdk';
import { NDIS_DEFAULT_PORT_NUMBER } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class WriteUsesTheNdisHandleOfADetachedModule extends ReferenceFilter {
  private readonly remembered = new Map<FileObject, { filterHandle: NdisHandle; pool: NdisHandle }>();

  override *openHandle(irp: Irp, module: FilterModule): Call<NtStatus> {
    const pool = this.globals.driverHandle && (yield* this.createPool(this.globals.driverHandle));
    if (pool) this.remembered.set(irp.FileObject, { filterHandle: module.filterHandle, pool });
    return yield* super.openHandle(irp, module);
  }

  override *DispatchWrite(irp: Irp): Call<NtStatus> {
    const status = yield* super.DispatchWrite(irp);
    const remembered = this.remembered.get(irp.FileObject);
    if (status !== 'STATUS_NO_SUCH_DEVICE' || !remembered) return status;
    const nbl = yield* this.wdk.NdisAllocateNetBufferAndNetBufferList(remembered.pool, 0, null, 0, 0);
    if (!nbl) return status;
    nbl.SourceHandle = remembered.filterHandle;
    yield* this.wdk.NdisFSendNetBufferLists(remembered.filterHandle, nbl, NDIS_DEFAULT_PORT_NUMBER, 0);
    return status;
  }
}

export const writeUsesTheNdisHandleOfADetachedModule = defect({
  name: 'write-uses-the-ndis-handle-of-a-detached-module',
  breaks: 'DET-06',
  explained: {
    'DEV-03': 'The stale handle is reached through the handle of an application.',
    'DEV-04': 'The write leads to a send although its module is not Running: it is gone.',
    'PNP-03':
      'Where the sleep of the system takes the module away, the write that uses its handle comes while the adapter sleeps.',
  },
  story:
    'A handle remembers the NDIS handle of the module that it was opened on, and writes go through it. The handle ' +
    'survives FilterDetach, its NDIS handle does not: after the adapter was disabled the next write calls ' +
    'NdisFSendNetBufferLists on freed memory. This is what the dump of the crash that the kit starts from shows.',
  Filter: WriteUsesTheNdisHandleOfADetachedModule,
});
