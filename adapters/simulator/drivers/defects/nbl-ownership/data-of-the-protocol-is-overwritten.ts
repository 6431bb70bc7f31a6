import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { nblsOf, ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class DataOfTheProtocolIsOverwritten extends ReferenceFilter {
  override *passSendsDown(module: FilterModule, chain: NetBufferList, port: number, flags: number): Call<void> {
    for (const nbl of nblsOf(chain)) nbl.ProtocolReserved = module;
    yield* super.passSendsDown(module, chain, port, flags);
  }
}

export const dataOfTheProtocolIsOverwritten = defect({
  name: 'data-of-the-protocol-is-overwritten',
  breaks: 'NBL-08',
  story:
    'The driver keeps a note about each NBL in ProtocolReserved. The area belongs to the protocol above, which ' +
    'finds the note where its own data was. A capture driver did so until it moved the note into the context ' +
    'space of the NBL.',
  Filter: DataOfTheProtocolIsOverwritten,
});
