import type { Call } from '../../../../../src/kernel';
import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class FailedAttachLeaksTheModule extends ReferenceFilter {
  override *abandonModule(): Call<void> {}
}

export const failedAttachLeaksTheModule = defect({
  name: 'failed-attach-leaks-the-module',
  breaks: 'ATT-04',
  story:
    'When a pool cannot be allocated FilterAttach returns NDIS_STATUS_RESOURCES and leaves the module context and ' +
    'whatever it had allocated until then behind, trusting FilterDetach to tidy up. After a failed attach ' +
    'FilterDetach is never called.',
  Filter: FailedAttachLeaksTheModule,
});
