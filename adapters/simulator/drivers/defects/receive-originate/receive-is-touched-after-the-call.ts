import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class ReceiveIsTouchedAfterTheCall extends ReferenceFilter {
  logged = 0;

  override *indicateOwn(module: FilterModule, chain: NetBufferList, count: number, flags: number): Call<void> {
    yield* super.indicateOwn(module, chain, count, flags);
    this.logged += chain.FirstNetBuffer ? 1 : 0;
  }
}

export const receiveIsTouchedAfterTheCall = defect({
  name: 'receive-is-touched-after-the-call',
  breaks: 'RO-02',
  story:
    'After NdisFIndicateReceiveNetBufferLists the driver looks at the NBLs again to log what it has indicated. ' +
    'The protocols above have them now.',
  Filter: ReceiveIsTouchedAfterTheCall,
});
