import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class IndicatesAWrongCount extends ReferenceFilter {
  override *indicateOwn(module: FilterModule, chain: NetBufferList, _count: number, flags: number): Call<void> {
    yield* super.indicateOwn(module, chain, 1, flags);
  }
}

export const indicatesAWrongCount = defect({
  name: 'indicates-a-wrong-count',
  breaks: 'RO-04',
  story:
    'NumberOfNetBufferLists is always 1, whatever the length of the chain. Drivers above that believe the number ' +
    'lose NBLs.',
  Filter: IndicatesAWrongCount,
});
