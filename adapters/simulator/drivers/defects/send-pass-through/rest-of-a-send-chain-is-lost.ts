import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class RestOfASendChainIsLost extends ReferenceFilter {
  override *passSendsDown(module: FilterModule, chain: NetBufferList, port: number, flags: number): Call<void> {
    chain.Next = null;
    yield* super.passSendsDown(module, chain, port, flags);
  }
}

export const restOfASendChainIsLost = defect({
  name: 'rest-of-a-send-chain-is-lost',
  breaks: 'SP-01',
  explained: {
    'PAU-09': 'A forgotten send is held when the pause completes.',
    'CAN-01': 'A forgotten send is not aborted by the cancel of its id either.',
  },
  story:
    'The driver passes the first NBL of a chain down and forgets the others: tests always sent one frame at a ' +
    'time. The protocol waits for the rest for ever. A forgotten NBL looks like one that is held, until a pause completes over it.',
  Filter: RestOfASendChainIsLost,
});
