import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class LowResourcesReceivesAreHeld extends ReferenceFilter {
  override *passLowResourcesUp(
    module: FilterModule,
    chain: NetBufferList,
    port: number,
    count: number,
    flags: number,
  ): Call<void> {
    if (yield* this.holdReceives(module, chain)) return;
    yield* super.passLowResourcesUp(module, chain, port, count, flags);
  }
}

export const lowResourcesReceivesAreHeld = defect({
  name: 'low-resources-receives-are-held',
  breaks: 'RP-03',
  explained: {
    'RP-02': 'A pause gives back what is queued, and with it what was only lent.',
  },
  story:
    'When an application has asked the driver to hold receives, it queues low-resources deliveries too. Their ' +
    'NBLs go back to the miniport when the handler returns, and the queue points at buffers that already carry ' +
    'other frames.',
  Filter: LowResourcesReceivesAreHeld,
});
