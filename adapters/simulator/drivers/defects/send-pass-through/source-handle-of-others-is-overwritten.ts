import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { nblsOf, ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';
import { FREED_WITH_ITS_DATA } from '../in-machine-code';

class SourceHandleOfOthersIsOverwritten extends ReferenceFilter {
  override *passSendsDown(module: FilterModule, chain: NetBufferList, port: number, flags: number): Call<void> {
    for (const nbl of nblsOf(chain)) nbl.SourceHandle = module.filterHandle;
    yield* super.passSendsDown(module, chain, port, flags);
  }
}

export const sourceHandleOfOthersIsOverwritten = defect({
  name: 'source-handle-of-others-is-overwritten',
  breaks: 'SP-02',
  explained: {
    'SO-05': 'A mixed chain cannot be split when all of it carries the same SourceHandle.',
    'NBL-01': 'The NBL comes back looking like an own one and is freed.',
    'SC-01': { simulator: `It is not handed up. ${FREED_WITH_ITS_DATA}` },
    'PAU-02': {
      simulator: `It is counted down as if it had been an own one, so a later count never is zero. ${FREED_WITH_ITS_DATA}`,
    },
    'PAU-21': { simulator: `In a pause it is not handed up either. ${FREED_WITH_ITS_DATA}` },
  },
  story:
    'On the way down the driver writes its own handle into SourceHandle of every NBL, to see it again on ' +
    'completion. NDIS brings the NBLs of others back to the filter as if they were its own, and their owner never ' +
    'gets them.',
  Filter: SourceHandleOfOthersIsOverwritten,
});
