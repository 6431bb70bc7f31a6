import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class OnlyTheFirstReturnIsHandedDown extends ReferenceFilter {
  override *returnForeignReceives(module: FilterModule, foreign: readonly NetBufferList[], flags: number): Call<void> {
    yield* super.returnForeignReceives(module, foreign.slice(0, 1), flags);
  }
}

export const onlyTheFirstReturnIsHandedDown = defect({
  name: 'only-the-first-return-is-handed-down',
  breaks: 'RET-01',
  explained: {
    'PAU-21': 'The rest of the chain is dropped in every state.',
  },
  story:
    'FilterReturnNetBufferLists hands the first NBL of a chain down and drops the others. The miniport never gets ' +
    'them back and cannot be paused.',
  Filter: OnlyTheFirstReturnIsHandedDown,
});
