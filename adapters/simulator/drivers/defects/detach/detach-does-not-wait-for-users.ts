import type { Call } from '../../../../../src/kernel';
import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class DetachDoesNotWaitForUsers extends ReferenceFilter {
  override *waitForUsers(): Call<void> {}
}

export const detachDoesNotWaitForUsers = defect({
  name: 'detach-does-not-wait-for-users',
  breaks: 'DET-09',
  story:
    'FilterDetach takes the module out of the list and frees it at once. A request that had found it a moment ' +
    'before goes on working in freed memory.',
  Filter: DetachDoesNotWaitForUsers,
});
