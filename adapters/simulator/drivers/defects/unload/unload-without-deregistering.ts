import type { Call } from '../../../../../src/kernel';
import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class UnloadWithoutDeregistering extends ReferenceFilter {
  override *deregister(): Call<void> {}
}

export const unloadWithoutDeregistering = defect({
  name: 'unload-without-deregistering',
  breaks: 'UNL-01',
  story:
    'The unload routine deletes the device and forgets NdisFDeregisterFilterDriver. The image goes away, and NDIS ' +
    'calls handlers that are not there any more.',
  Filter: UnloadWithoutDeregistering,
});
