import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { nblsOf, ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';
import { FREED_WITH_ITS_DATA } from '../in-machine-code';

class OnlyTheFirstNblOfACompletionIsLookedAt extends ReferenceFilter {
  override *FilterSendNetBufferListsComplete(module: FilterModule, chain: NetBufferList, flags: number): Call<void> {
    const nbls = nblsOf(chain);
    if (this.isOwn(module, chain)) yield* this.consumeSends(module, nbls);
    else yield* this.completeForeignSends(module, nbls, flags);
  }
}

export const onlyTheFirstNblOfACompletionIsLookedAt = defect({
  name: 'only-the-first-nbl-of-a-completion-is-looked-at',
  breaks: 'SO-05',
  explained: {
    'NBL-01': 'An NBL of the protocol that comes behind an own one is freed like an own one.',
    'SC-01': { simulator: `That NBL is not handed up. ${FREED_WITH_ITS_DATA}` },
    'PAU-02': {
      simulator: `An own NBL that was handed up is never counted down, so the next pause waits for ever. ${FREED_WITH_ITS_DATA}`,
    },
    'PAU-21': { simulator: `In a pause the NBL that is not handed up is missed as well. ${FREED_WITH_ITS_DATA}` },
    'SO-04': 'An own NBL behind one of the protocol goes up with it.',
  },
  story:
    'FilterSendNetBufferListsComplete looks at the SourceHandle of the first NBL and treats the whole chain ' +
    "alike. NDIS may complete NBLs of several senders in one chain: those of others are freed, or the filter's " +
    'own are handed up. In a capture driver this lay hidden for years.',
  Filter: OnlyTheFirstNblOfACompletionIsLookedAt,
});
