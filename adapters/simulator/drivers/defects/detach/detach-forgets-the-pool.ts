import type { Call } from '../../../../../src/kernel';
import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class DetachForgetsThePool extends ReferenceFilter {
  override *freePool(): Call<void> {}
}

export const detachForgetsThePool = defect({
  name: 'detach-forgets-the-pool',
  breaks: 'DET-03',
  story:
    'The call that frees the NBL pool was commented out to get rid of a crash, and stayed so. Each time the ' +
    'adapter is disabled and enabled a pool is lost. From the history of a capture driver, which lost context, ' +
    'pool and name.',
  Filter: DetachForgetsThePool,
});
