import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { nblsOf, ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class SendsWaitForTheEndOfTheRestart extends ReferenceFilter {
  override *refuseSends(module: FilterModule, chain: NetBufferList, flags: number): Call<void> {
    if (module.state === 'Restarting') module.heldSends.push(...nblsOf(chain));
    else yield* super.refuseSends(module, chain, flags);
  }
}

export const sendsWaitForTheEndOfTheRestart = defect({
  name: 'sends-wait-for-the-end-of-the-restart',
  breaks: 'RST-06',
  story:
    'Sends that arrive while FilterRestart is at work go into the queue of held sends instead of being refused. ' +
    'They belong to an epoch that has not begun; if the restart fails, they are in the way of a detach.',
  Filter: SendsWaitForTheEndOfTheRestart,
});
