import type { Call } from '../../../../../src/kernel';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class GateStaysOpenAfterAPauseThatSucceeds extends ReferenceFilter {
  override *closeGate(module: FilterModule): Call<void> {
    if (module.state === 'Pausing' && this.nothingOutstanding(module)) return;
    yield* super.closeGate(module);
  }
}

export const gateStaysOpenAfterAPauseThatSucceeds = defect({
  name: 'gate-stays-open-after-a-pause-that-succeeds',
  breaks: 'PAU-07',
  explained: {
    'DEV-04': 'What passes the open gate is a request of an application.',
    'TMR-03': 'A timer or a work item passes the open gate as well.',
    'PAU-13': 'So do sends from above.',
    'PAU-14': 'Receives from below that pass it are held when an application asked for that.',
    'PAU-05': 'A write that was under way when the pause succeeded goes on.',
  },
  story:
    'The gate is closed only when something is outstanding, as in the sketch of the answer that the kit starts ' +
    'from: the branch that returns NDIS_STATUS_SUCCESS closes nothing. The next write sends through a Paused ' +
    'module, and with the adapter being disabled that is the stack coming apart under the NBL.',
  Filter: GateStaysOpenAfterAPauseThatSucceeds,
});
