import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class RestOfAReceiveChainIsLost extends ReferenceFilter {
  override *passReceivesUp(
    module: FilterModule,
    chain: NetBufferList,
    port: number,
    _count: number,
    flags: number,
  ): Call<void> {
    chain.Next = null;
    yield* super.passReceivesUp(module, chain, port, 1, flags);
  }
}

export const restOfAReceiveChainIsLost = defect({
  name: 'rest-of-a-receive-chain-is-lost',
  breaks: 'RP-01',
  explained: {
    'PAU-10': 'What is lost still counts as held when a pause completes.',
  },
  story:
    'The driver indicates the first NBL of a chain and forgets the others. The miniport runs out of receive ' +
    'buffers under load and cannot be halted.',
  Filter: RestOfAReceiveChainIsLost,
});
