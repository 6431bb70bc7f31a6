import type { Call } from '../../../../../src/kernel';
import type { NdisHandle } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class StatusIsIndicatedAfterDetach extends ReferenceFilter {
  override *FilterDetach(module: FilterModule): Call<void> {
    const { filterHandle } = module;
    yield* super.FilterDetach(module);
    const { driverHandle } = this.globals;
    const workItem = driverHandle && (yield* this.wdk.NdisAllocateIoWorkItem(driverHandle));
    if (workItem) yield* this.wdk.NdisQueueIoWorkItem(workItem, () => this.sayGoodbye(workItem, filterHandle), null);
  }

  *sayGoodbye(workItem: NdisHandle, filterHandle: NdisHandle): Call<void> {
    yield* this.wdk.NdisFreeIoWorkItem(workItem);
    yield* this.wdk.NdisFIndicateStatus(filterHandle, {
      SourceHandle: filterHandle,
      StatusCode: 'NDIS_STATUS_NETWORK_CHANGE',
      DestinationHandle: null,
      RequestId: null,
      StatusBuffer: null,
      StatusBufferSize: 0,
    });
  }
}

export const statusIsIndicatedAfterDetach = defect({
  name: 'status-is-indicated-after-detach',
  breaks: 'DET-06',
  explained: {
    'DET-05': 'It may run while FilterDetach still waits, too.',
    'TMR-03': 'The work item that indicates the status works for a detached module.',
  },
  story:
    'FilterDetach queues a work item that tells the protocols about the change. It runs when the module is gone, ' +
    'with the handle that it was given.',
  Filter: StatusIsIndicatedAfterDetach,
});
