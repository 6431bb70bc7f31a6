import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class ReceivesAreIndicatedAndReturned extends ReferenceFilter {
  override *passReceivesUp(
    module: FilterModule,
    chain: NetBufferList,
    port: number,
    count: number,
    flags: number,
  ): Call<void> {
    yield* super.passReceivesUp(module, chain, port, count, flags);
    yield* this.returnDown(module, chain, this.returnFlags(flags));
  }
}

export const receivesAreIndicatedAndReturned = defect({
  name: 'receives-are-indicated-and-returned',
  breaks: 'RP-01',
  explained: {
    'NBL-05': 'What is returned at once still carries the context that the filter put on it for the way up.',
    'NBL-07': 'What is returned at once still carries the header that the filter put on it for the way up.',
  },
  story:
    'The driver indicates a chain and returns it to the miniport at once, as if the protocols had copied it. The ' +
    'miniport puts new frames into buffers that protocols are reading, and gets every NBL back twice.',
  Filter: ReceivesAreIndicatedAndReturned,
});
