import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class SendsPassAClosedGate extends ReferenceFilter {
  override *FilterSendNetBufferLists(
    module: FilterModule,
    chain: NetBufferList,
    port: number,
    flags: number,
  ): Call<void> {
    if (!(yield* this.holdSends(module, chain))) yield* this.passSendsDown(module, chain, port, flags);
  }
}

export const sendsPassAClosedGate = defect({
  name: 'sends-pass-a-closed-gate',
  breaks: 'PAU-13',
  explained: {
    'ATT-06': 'Before the first restart it is the same.',
    'RST-06': 'So it is while the restart is under way.',
  },
  story:
    'FilterSendNetBufferLists does not look at the state, because NDIS pauses the protocols first and so no send ' +
    'should come. Sends of a filter above, and sends that were on their way on another processor, do come, and go ' +
    'down into a stack that is being changed. The published sample looks in debug builds only.',
  Filter: SendsPassAClosedGate,
});
