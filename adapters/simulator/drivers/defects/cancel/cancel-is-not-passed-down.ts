import type { Call } from '../../../../../src/kernel';
import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class CancelIsNotPassedDown extends ReferenceFilter {
  override *passCancelDown(): Call<void> {}
}

export const cancelIsNotPassedDown = defect({
  name: 'cancel-is-not-passed-down',
  breaks: 'CAN-02',
  story:
    'FilterCancelSendNetBufferLists aborts what the filter holds and goes no further. Sends that are queued in a ' +
    'driver below are never cancelled.',
  Filter: CancelIsNotPassedDown,
});
