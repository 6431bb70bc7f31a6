import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { chainOf, ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class HeaderStaysOnReturnedReceives extends ReferenceFilter {
  override *returnForeignReceives(module: FilterModule, foreign: readonly NetBufferList[], flags: number): Call<void> {
    const chain = chainOf(foreign);
    if (chain) yield* this.returnDown(module, chain, flags);
  }
}

export const headerStaysOnReturnedReceives = defect({
  name: 'header-stays-on-returned-receives',
  breaks: 'RP-06',
  explained: {
    'NBL-05': 'The context space that the header came with stays, too.',
    'NBL-07': 'The retreat is never balanced.',
  },
  story:
    'What the filter puts in front of a received frame is not taken off again when the frame is returned. The ' +
    'miniport reuses a buffer whose data starts in the wrong place.',
  Filter: HeaderStaysOnReturnedReceives,
});
