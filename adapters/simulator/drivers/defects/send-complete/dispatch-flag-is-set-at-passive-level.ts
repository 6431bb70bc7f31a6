import type { Call } from '../../../../../src/kernel';
import type { NetBufferList } from '../../../../../src/ndis/wdk';
import { NDIS_SEND_FLAGS_DISPATCH_LEVEL } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class DispatchFlagIsSetAtPassiveLevel extends ReferenceFilter {
  override *sendOwn(module: FilterModule, chain: NetBufferList, flags: number): Call<void> {
    yield* super.sendOwn(module, chain, flags | NDIS_SEND_FLAGS_DISPATCH_LEVEL);
  }
}

export const dispatchFlagIsSetAtPassiveLevel = defect({
  name: 'dispatch-flag-is-set-at-passive-level',
  breaks: 'SC-05',
  story:
    'Sends that are originated on behalf of an application carry NDIS_SEND_FLAGS_DISPATCH_LEVEL, copied from the ' +
    'pass-through path. The write comes at PASSIVE_LEVEL; the driver below believes the flag, does not raise the ' +
    'IRQL and takes its locks in the wrong way.',
  Filter: DispatchFlagIsSetAtPassiveLevel,
});
