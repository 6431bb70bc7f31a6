import type { Call } from '../../../../../src/kernel';
import type { NtStatus } from '../../../../../src/ndis/status';
import type { Irp } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class WriteWaitsForTheModuleToRun extends ReferenceFilter {
  override *write(module: FilterModule, irp: Irp): Call<NtStatus> {
    for (;;) {
      const status = yield* super.write(module, irp);
      if (status !== 'STATUS_DEVICE_NOT_READY') return status;
      yield* this.wdk.NdisMSleep(100);
    }
  }
}

export const writeWaitsForTheModuleToRun = defect({
  name: 'write-waits-for-the-module-to-run',
  breaks: 'DEV-04',
  story:
    'A write to a module that is not Running waits until it is. The thread holds its reference on the module, so ' +
    'FilterDetach waits for a write that waits for a restart which will never come, and the process cannot be ' +
    'ended.',
  Filter: WriteWaitsForTheModuleToRun,
});
