import type { Call } from '../../../../../src/kernel';
import type { NdisStatus } from '../../../../../src/ndis/status';
import type { NetPnPEventNotification } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class PnpEventIsForwardedAtDispatchLevel extends ReferenceFilter {
  override *forwardNetPnPEvent(module: FilterModule, event: NetPnPEventNotification): Call<NdisStatus> {
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    const status = yield* super.forwardNetPnPEvent(module, event);
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
    return status;
  }
}

export const pnpEventIsForwardedAtDispatchLevel = defect({
  name: 'pnp-event-is-forwarded-at-dispatch-level',
  breaks: 'IRQ-01',
  story:
    'FilterNetPnPEvent holds a spin lock while it forwards the event, to keep two events apart. NdisFNetPnPEvent ' +
    'may be called at PASSIVE_LEVEL only: the protocols above wait in their handlers.',
  Filter: PnpEventIsForwardedAtDispatchLevel,
});
