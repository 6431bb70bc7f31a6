import type { Call } from '../../../../../src/kernel';
import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class HeldReceivesStayQueuedOverAPause extends ReferenceFilter {
  override *returnHeldReceives(): Call<void> {}
}

export const heldReceivesStayQueuedOverAPause = defect({
  name: 'held-receives-stay-queued-over-a-pause',
  breaks: 'PAU-10',
  explained: { 'RP-01': 'Nobody passes them on or gives them back any more.' },
  story:
    'FilterPause gives queued sends back and forgets the queued receives. The miniport below cannot be paused or ' +
    'halted while its NBLs are out.',
  Filter: HeldReceivesStayQueuedOverAPause,
});
