import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class GateStaysOpenWhileThePausePends extends ReferenceFilter {
  override *FilterPause(module: FilterModule): Call<NdisStatus> {
    yield* this.refuseHeldSends(module);
    yield* this.returnHeldReceives(module);
    const status = yield* this.finishPause(module);
    if (status === 'NDIS_STATUS_SUCCESS') yield* this.closeGate(module);
    return status;
  }
}

export const gateStaysOpenWhileThePausePends = defect({
  name: 'gate-stays-open-while-the-pause-pends',
  breaks: 'PAU-06',
  explained: {
    'DEV-04': 'What passes the open gate is a request of an application.',
    'PAU-13': 'Sends from above pass the open gate as well.',
    'PAU-14': 'Receives from below that pass it are held when an application asked for that.',
    'TMR-03': 'A timer that fires meanwhile passes it, too.',
  },
  story:
    'FilterPause closes the gate only when it can succeed at once. While the pause pends, applications go on ' +
    'sending, each send keeps the pause pending for longer, and a busy application can keep the adapter from ever ' +
    'being disabled.',
  Filter: GateStaysOpenWhileThePausePends,
});
