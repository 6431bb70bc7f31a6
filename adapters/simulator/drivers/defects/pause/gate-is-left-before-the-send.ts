import type { Call } from '../../../../../src/kernel';
import type { NtStatus } from '../../../../../src/ndis/status';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class GateIsLeftBeforeTheSend extends ReferenceFilter {
  override *originateSendChain(module: FilterModule, count: number, flags = 0): Call<NtStatus> {
    if (module.lowPower || !(yield* this.enter(module))) return 'STATUS_DEVICE_NOT_READY';
    yield* this.leave(module);
    const chain = yield* this.allocateChain(module, count);
    if (!chain) return 'STATUS_INSUFFICIENT_RESOURCES';
    yield* this.sendOwn(module, chain, flags);
    yield* this.countOut(module, 'sends', count);
    return 'STATUS_SUCCESS';
  }
}

export const gateIsLeftBeforeTheSend = defect({
  name: 'gate-is-left-before-the-send',
  breaks: 'PAU-05',
  story:
    'The sender asks whether it may send, and only after it has sent does it count. Between the question and the ' +
    'count a pause finds nothing outstanding and completes; the sender goes on and its NBL sets out through a ' +
    'Paused module. Needs two processors and bad luck, so it passes every test on one machine.',
  Filter: GateIsLeftBeforeTheSend,
});
