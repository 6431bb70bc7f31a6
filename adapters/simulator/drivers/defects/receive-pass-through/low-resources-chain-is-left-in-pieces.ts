import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { nblsOf, ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class LowResourcesChainIsLeftInPieces extends ReferenceFilter {
  override *passLowResourcesUp(
    module: FilterModule,
    chain: NetBufferList,
    port: number,
    _count: number,
    flags: number,
  ): Call<void> {
    for (const nbl of nblsOf(chain)) {
      nbl.Next = null;
      yield* super.passLowResourcesUp(module, nbl, port, 1, flags);
    }
  }
}

export const lowResourcesChainIsLeftInPieces = defect({
  name: 'low-resources-chain-is-left-in-pieces',
  breaks: 'RP-04',
  story:
    'To indicate the NBLs of a low-resources chain one by one the driver takes the chain apart, and does not put ' +
    'it together again before it returns. The miniport finds the first NBL and loses the rest.',
  Filter: LowResourcesChainIsLeftInPieces,
});
