import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class HeldSendsArePassedDownToo extends ReferenceFilter {
  override *holdSends(module: FilterModule, chain: NetBufferList): Call<boolean> {
    yield* super.holdSends(module, chain);
    return false;
  }
}

export const heldSendsArePassedDownToo = defect({
  name: 'held-sends-are-passed-down-too',
  breaks: 'SP-01',
  explained: {
    'SC-01': 'What was completed and passed down comes back and goes up a second time.',
    'CAN-03': 'A cancel completes what is in the queue, and it is with the miniport.',
    'SP-05': 'Releasing the queue links NBLs that the miniport has.',
  },
  story:
    'A send that is put into the queue is passed down all the same: the queue was added for inspection, and the ' +
    'line that returns early was forgotten. When the queue is released the NBL sets out a second time, or is ' +
    'completed while the miniport has it.',
  Filter: HeldSendsArePassedDownToo,
});
