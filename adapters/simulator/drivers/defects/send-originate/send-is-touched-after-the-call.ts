import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class SendIsTouchedAfterTheCall extends ReferenceFilter {
  failures = 0;

  override *sendOwn(module: FilterModule, chain: NetBufferList, flags: number): Call<void> {
    yield* super.sendOwn(module, chain, flags);
    if (chain.Status !== 'NDIS_STATUS_SUCCESS') this.failures += 1;
  }
}

export const sendIsTouchedAfterTheCall = defect({
  name: 'send-is-touched-after-the-call',
  breaks: 'SO-03',
  story:
    'After NdisFSendNetBufferLists the driver looks at the status of the NBLs that it has just sent, to keep ' +
    'statistics. They belong to the drivers below by then, or have come back and been freed.',
  Filter: SendIsTouchedAfterTheCall,
});
