import type { Call } from '../../../../../src/kernel';
import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class DetachDoesNotWaitForUsers extends ReferenceFilter {
  override *waitForUsers(): Call<void> {}
}

export const detachDoesNotWaitForUsers = defect({
  name: 'detach-does-not-wait-for-users',
  breaks: 'DET-09',
  explained: {
    'DET-03': 'What a user has allocated for his work is still there.',
    'DET-04': 'The one who is not waited for may be inside a synchronous OID request.',
    'DEV-03': 'Or be a request of an application.',
    'TMR-03': 'Or a timer or a work item.',
  },
  story:
    'FilterDetach takes the module out of the list and frees it at once. A request that had found it a moment ' +
    'before goes on working in freed memory.',
  Filter: DetachDoesNotWaitForUsers,
});
