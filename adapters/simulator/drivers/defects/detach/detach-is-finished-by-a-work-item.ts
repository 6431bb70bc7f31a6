import type { Call } from '../../../../../src/kernel';
import type { NdisHandle } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class DetachIsFinishedByAWorkItem extends ReferenceFilter {
  override *FilterDetach(module: FilterModule): Call<void> {
    yield* this.makeUnreachable(module);
    const workItem = yield* this.wdk.NdisAllocateIoWorkItem(module.filterHandle);
    if (workItem) yield* this.wdk.NdisQueueIoWorkItem(workItem, () => this.finishDetach(workItem, module), null);
    else yield* this.freeModule(module);
  }

  *finishDetach(workItem: NdisHandle, module: FilterModule): Call<void> {
    yield* this.wdk.NdisFreeIoWorkItem(workItem);
    yield* this.freeModule(module);
  }
}

export const detachIsFinishedByAWorkItem = defect({
  name: 'detach-is-finished-by-a-work-item',
  breaks: 'DET-01',
  explained: {
    'DET-03': 'What the work item is to free is still there when FilterDetach returns.',
    'TMR-03': 'The work item works for a module whose FilterDetach has returned.',
  },
  story:
    'FilterDetach takes the module out of the list and leaves the rest to a work item, so as not to hold NDIS up. ' +
    'There is no completion call for a detach: when the handler returns NDIS takes its own half of the module ' +
    'away, and the work item goes on with what is left.',
  Filter: DetachIsFinishedByAWorkItem,
});
