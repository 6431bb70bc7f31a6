import type { Call } from '../../../../src/kernel';
import { chainOf } from './chain';
import { ReceivePath } from './receive';
import type { FilterModule } from './state';

/** Cancellation of sends. */
export class SendCancellation extends ReceivePath {
  *FilterCancelSendNetBufferLists(module: FilterModule, cancelId: string): Call<void> {
    yield* this.abortHeldSends(module, cancelId);
    yield* this.passCancelDown(module, cancelId);
  }

  /** What we still hold goes back up, aborted. When the gate is closed the pause is giving back all of it. */
  *abortHeldSends(module: FilterModule, cancelId: string): Call<void> {
    if (!(yield* this.enter(module))) return;
    const aborted = yield* this.takeHeldSends(module, (nbl) => nbl.CancelId === cancelId);
    for (const nbl of aborted) nbl.Status = 'NDIS_STATUS_SEND_ABORTED';
    const chain = chainOf(aborted);
    if (chain) yield* this.completeSendsUp(module, chain, 0);
    yield* this.leave(module);
  }

  /** The drivers below may have sends with this id too. */
  *passCancelDown(module: FilterModule, cancelId: string): Call<void> {
    yield* this.wdk.NdisFCancelSendNetBufferLists(module.filterHandle, cancelId);
  }
}
