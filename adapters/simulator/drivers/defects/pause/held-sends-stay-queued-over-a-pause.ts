import type { Call } from '../../../../../src/kernel';
import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class HeldSendsStayQueuedOverAPause extends ReferenceFilter {
  override *refuseHeldSends(): Call<void> {}
}

export const heldSendsStayQueuedOverAPause = defect({
  name: 'held-sends-stay-queued-over-a-pause',
  breaks: 'PAU-09',
  explained: { 'SP-01': 'Nobody passes them on or gives them back any more.' },
  story:
    'FilterPause looks after what the filter originated and forgets the sends of others that it has queued. The ' +
    'pause completes, and the protocol above waits for its NBLs in vain: its unbind hangs. Published as a bug of ' +
    'a user-mode network stack, whose held NBLs no rundown covered.',
  Filter: HeldSendsStayQueuedOverAPause,
});
