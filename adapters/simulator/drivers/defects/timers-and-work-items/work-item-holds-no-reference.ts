import type { Call } from '../../../../../src/kernel';
import type { NtStatus } from '../../../../../src/ndis/status';
import type { NdisHandle } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class WorkItemHoldsNoReference extends ReferenceFilter {
  override *queueWork(module: FilterModule, work: (module: FilterModule) => Call<unknown>): Call<NtStatus> {
    const workItem = this.globals.driverHandle && (yield* this.wdk.NdisAllocateIoWorkItem(this.globals.driverHandle));
    if (!workItem) return 'STATUS_INSUFFICIENT_RESOURCES';
    yield* this.wdk.NdisQueueIoWorkItem(workItem, () => this.runUnprotected(workItem, module, work), module);
    return 'STATUS_SUCCESS';
  }

  *runUnprotected(
    workItem: NdisHandle,
    module: FilterModule,
    work: (module: FilterModule) => Call<unknown>,
  ): Call<void> {
    yield* this.wdk.NdisFreeIoWorkItem(workItem);
    yield* work(module);
  }
}

export const workItemHoldsNoReference = defect({
  name: 'work-item-holds-no-reference',
  breaks: 'TMR-03',
  explained: {
    'DET-03': 'What the work item has allocated is still there when FilterDetach returns.',
  },
  story:
    'A queued work item holds no reference on its module. When the adapter is disabled before the system worker ' +
    'gets to it, it runs on a module that has been freed.',
  Filter: WorkItemHoldsNoReference,
});
