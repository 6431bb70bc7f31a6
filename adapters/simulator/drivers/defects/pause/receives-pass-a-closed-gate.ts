import type { Call } from '../../../../../src/kernel';
import type { NtStatus } from '../../../../../src/ndis/status';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class ReceivesPassAClosedGate extends ReferenceFilter {
  override *originateReceives(module: FilterModule, count: number): Call<NtStatus> {
    const chain = yield* this.allocateChain(module, count);
    if (!chain) return 'STATUS_INSUFFICIENT_RESOURCES';
    yield* this.countOut(module, 'receives', count);
    yield* this.indicateOwn(module, chain, count, 0);
    return 'STATUS_SUCCESS';
  }
}

export const receivesPassAClosedGate = defect({
  name: 'receives-pass-a-closed-gate',
  breaks: 'PAU-08',
  explained: {
    'DEV-04': 'What passes the gate is a request of an application.',
    'ATT-06': 'Before the first restart the gate is closed as well.',
    'PAU-05': 'A request that was under way when the pause began is not waited for.',
  },
  story:
    'Writes ask whether the module is Running; the loopback path, added later, does not. A receive that an ' +
    'application injects while the module is Paused goes up to protocols that are being unbound.',
  Filter: ReceivesPassAClosedGate,
});
