import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class ReturnsAreDroppedWhilePaused extends ReferenceFilter {
  override *returnForeignReceives(module: FilterModule, foreign: readonly NetBufferList[], flags: number): Call<void> {
    if (module.state === 'Running') yield* super.returnForeignReceives(module, foreign, flags);
  }
}

export const returnsAreDroppedWhilePaused = defect({
  name: 'returns-are-dropped-while-paused',
  breaks: 'PAU-21',
  story:
    'Receives that went up before the pause and come back after it are not handed on to the miniport, because ' +
    'data handlers were thought to have nothing to do in a Paused module. The miniport never gets them back.',
  Filter: ReturnsAreDroppedWhilePaused,
});
