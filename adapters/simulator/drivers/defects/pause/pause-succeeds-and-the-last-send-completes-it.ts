import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class PauseSucceedsAndTheLastSendCompletesIt extends ReferenceFilter {
  override *finishPause(module: FilterModule): Call<NdisStatus> {
    yield* super.finishPause(module);
    return 'NDIS_STATUS_SUCCESS';
  }
}

export const pauseSucceedsAndTheLastSendCompletesIt = defect({
  name: 'pause-succeeds-and-the-last-send-completes-it',
  breaks: 'PAU-03',
  explained: {
    'PAU-11': 'The pause that is completed too late had succeeded with the send still out.',
    'PAU-12': 'With receives out it succeeds as well.',
  },
  story:
    'FilterPause notes that a pause is on and returns NDIS_STATUS_SUCCESS without waiting. When the last send ' +
    'comes back the completion path sees the note and a count of zero, and calls NdisFPauseComplete for a pause ' +
    'that was over long ago. A later state of the same field driver.',
  Filter: PauseSucceedsAndTheLastSendCompletesIt,
});
