import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { chainOf, ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class HeaderStaysOnCompletedSends extends ReferenceFilter {
  override *completeForeignSends(module: FilterModule, foreign: readonly NetBufferList[], flags: number): Call<void> {
    const chain = chainOf(foreign);
    if (chain) yield* this.completeSendsUp(module, chain, flags);
  }
}

export const headerStaysOnCompletedSends = defect({
  name: 'header-stays-on-completed-sends',
  breaks: 'SP-03',
  explained: {
    'NBL-05': 'The context space that the header came with stays, too.',
    'NBL-07': 'The retreat is never balanced.',
  },
  story:
    'The header that the filter puts in front of a frame is not taken off again when the send completes. The ' +
    'protocol gets an NBL back whose data starts before its own buffer and whose context is not its own.',
  Filter: HeaderStaysOnCompletedSends,
});
