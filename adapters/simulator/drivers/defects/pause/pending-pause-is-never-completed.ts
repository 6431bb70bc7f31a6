import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class PendingPauseIsNeverCompleted extends ReferenceFilter {
  override takePendingPause(): boolean {
    return false;
  }
}

export const pendingPauseIsNeverCompleted = defect({
  name: 'pending-pause-is-never-completed',
  breaks: 'PAU-02',
  story:
    'FilterPause returns NDIS_STATUS_PENDING, and the completion path that counts down never looks whether a ' +
    'pause waits for it. The disable dialog of Network Connections hangs, and so does every sleep of the machine.',
  Filter: PendingPauseIsNeverCompleted,
});
