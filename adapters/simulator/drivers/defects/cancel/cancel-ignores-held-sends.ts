import type { Call } from '../../../../../src/kernel';
import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class CancelIgnoresHeldSends extends ReferenceFilter {
  override *abortHeldSends(): Call<void> {}
}

export const cancelIgnoresHeldSends = defect({
  name: 'cancel-ignores-held-sends',
  breaks: 'CAN-01',
  story:
    "FilterCancelSendNetBufferLists passes the cancel on and does not look into the filter's own queue. What is " +
    'held there stays held, and the protocol that wants to unbind waits.',
  Filter: CancelIgnoresHeldSends,
});
