import type { Call } from '../../../../../src/kernel';
import type { NtStatus } from '../../../../../src/ndis/status';
import type { FileObject, Irp, NdisHandle } from '../../../../../src/ndis/wdk';
import { NDIS_DEFAULT_PORT_NUMBER } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class WriteUsesTheNdisHandleOfADetachedModule extends ReferenceFilter {
  private readonly remembered = new Map<FileObject, NdisHandle>();
  /** The NBLs for the copy are the driver's: only NdisFSendNetBufferLists meets the handle of a module that is gone. */
  private pool: NdisHandle | null = null;

  override *createDevice(driverHandle: NdisHandle): Call<boolean> {
    this.pool = yield* this.createPool(driverHandle);
    if (!this.pool) return false;
    if (yield* super.createDevice(driverHandle)) return true;
    yield* this.wdk.NdisFreeNetBufferListPool(this.pool);
    return false;
  }

  override *deleteDevice(): Call<void> {
    yield* super.deleteDevice();
    if (this.pool) yield* this.wdk.NdisFreeNetBufferListPool(this.pool);
  }

  override *openHandle(irp: Irp, module: FilterModule): Call<NtStatus> {
    const status = yield* super.openHandle(irp, module);
    if (status === 'STATUS_SUCCESS') this.remembered.set(irp.FileObject, module.filterHandle);
    return status;
  }

  override *DispatchWrite(irp: Irp): Call<NtStatus> {
    const status = yield* super.DispatchWrite(irp);
    const filterHandle = this.remembered.get(irp.FileObject);
    if (status !== 'STATUS_NO_SUCH_DEVICE' || !filterHandle || !this.pool) return status;
    const nbl = yield* this.wdk.NdisAllocateNetBufferAndNetBufferList(this.pool, 0, null, 0, 0);
    if (!nbl) return 'STATUS_INSUFFICIENT_RESOURCES';
    nbl.SourceHandle = filterHandle;
    yield* this.wdk.NdisFSendNetBufferLists(filterHandle, nbl, NDIS_DEFAULT_PORT_NUMBER, 0);
    return 'STATUS_SUCCESS';
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
    'A handle remembers the NDIS handle of the module that it was opened on, and a write that finds no module goes ' +
    'through it. The handle survives FilterDetach, its NDIS handle does not: after the adapter was disabled the next write calls ' +
    'NdisFSendNetBufferLists on freed memory. This is what the dump of the crash that the kit starts from shows.',
  Filter: WriteUsesTheNdisHandleOfADetachedModule,
});
