import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class OnlyTheFirstCompletionIsHandedUp extends ReferenceFilter {
  override *completeForeignSends(module: FilterModule, foreign: readonly NetBufferList[], flags: number): Call<void> {
    yield* super.completeForeignSends(module, foreign.slice(0, 1), flags);
  }
}

export const onlyTheFirstCompletionIsHandedUp = defect({
  name: 'only-the-first-completion-is-handed-up',
  breaks: 'SC-01',
  explained: {
    'SO-05': 'The rest of a mixed chain is dropped as well.',
    'PAU-21': 'In a pause as at any other time.',
  },
  story:
    'FilterSendNetBufferListsComplete hands the first NBL of a chain up and drops the others. The protocol never ' +
    'gets them back, and its pause hangs.',
  Filter: OnlyTheFirstCompletionIsHandedUp,
});
