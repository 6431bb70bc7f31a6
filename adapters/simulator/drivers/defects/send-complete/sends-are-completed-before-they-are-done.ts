import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class SendsAreCompletedBeforeTheyAreDone extends ReferenceFilter {
  override *passSendsDown(module: FilterModule, chain: NetBufferList, port: number, flags: number): Call<void> {
    yield* super.passSendsDown(module, chain, port, flags);
    yield* this.completeSendsUp(module, chain, this.sendCompleteFlags(flags));
  }
}

export const sendsAreCompletedBeforeTheyAreDone = defect({
  name: 'sends-are-completed-before-they-are-done',
  breaks: 'SC-02',
  explained: {
    'SC-01': 'When the send comes back it goes up a second time.',
    'SP-01': 'Passed down and completed: two fates.',
    'NBL-05': 'It goes up with the context space that the filter took.',
    'NBL-07': 'And with the data start where the filter moved it.',
  },
  story:
    'To make sends look fast the driver completes each chain upward as soon as it has passed it down. The ' +
    'protocol reuses NBLs that the miniport still reads from, and gets each of them a second time later.',
  Filter: SendsAreCompletedBeforeTheyAreDone,
});
