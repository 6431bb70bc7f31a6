import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { nblsOf, ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class SecondNetBufferIsCutOff extends ReferenceFilter {
  override *passSendsDown(module: FilterModule, chain: NetBufferList, port: number, flags: number): Call<void> {
    for (const nbl of nblsOf(chain)) {
      if (nbl.FirstNetBuffer) nbl.FirstNetBuffer.Next = null;
    }
    yield* super.passSendsDown(module, chain, port, flags);
  }
}

export const secondNetBufferIsCutOff = defect({
  name: 'second-net-buffer-is-cut-off',
  breaks: 'SP-04',
  story:
    'The driver can deal with one NET_BUFFER in each NBL and cuts off the rest. The list belongs to the protocol, ' +
    'which finds its own buffers gone when the NBL comes back.',
  Filter: SecondNetBufferIsCutOff,
});
