import type { Call } from '../../../../../src/kernel';
import type { NtStatus } from '../../../../../src/ndis/status';
import type { FileObject, Irp, NdisHandle } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class CleanupUsesTheNdisHandleOfADetachedModule extends ReferenceFilter {
  override *openHandle(irp: Irp, module: FilterModule): Call<NtStatus> {
    const status = yield* super.openHandle(irp, module);
    if (status === 'STATUS_SUCCESS') this.remembered.set(irp.FileObject, module.filterHandle);
    return status;
  }

  private readonly remembered = new Map<FileObject, NdisHandle>();

  override *DispatchCleanup(irp: Irp): Call<NtStatus> {
    const filterHandle = this.remembered.get(irp.FileObject);
    if (filterHandle) yield* this.wdk.NdisFCancelSendNetBufferLists(filterHandle, 'application');
    return 'STATUS_SUCCESS';
  }
}

export const cleanupUsesTheNdisHandleOfADetachedModule = defect({
  name: 'cleanup-uses-the-ndis-handle-of-a-detached-module',
  breaks: 'DET-06',
  explained: {
    'DEV-03': 'The stale handle is reached through the handle of an application.',
  },
  story:
    'A handle remembers the NDIS handle of its module, and its cleanup cancels the sends of the application with ' +
    'it. When the adapter was disabled first, NdisFCancelSendNetBufferLists follows a handle whose memory has ' +
    'been given to somebody else. This is the crash that the kit starts from, by another export.',
  Filter: CleanupUsesTheNdisHandleOfADetachedModule,
});
