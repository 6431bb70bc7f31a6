import type { Call } from '../../../../src/kernel';
import type { NdisStatus, NtStatus } from '../../../../src/ndis/status';
import { NDIS_DEFAULT_PORT_NUMBER } from '../../../../src/ndis/wdk';
import { simulate } from '../reference';
import type { FilterModule } from '../reference';
import type { SeedDriver } from '../registered';
import { Npcap2016, npcapProfile } from './npcap-2016';
import type { Open } from './npcap-2016';

/** The first fix (February 2016): the answer's three functions, spread over two kinds of object. */
class Npcap2016FirstFix extends Npcap2016 {
  /** 1. Asks the counters of the module, which nobody counts up. 2. Success leaves every gate open. */
  override *FilterPause(module: FilterModule): Call<NdisStatus> {
    let status: NdisStatus = 'NDIS_STATUS_SUCCESS';
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    if (module.outstanding.sends > 0 || module.outstanding.receives > 0) {
      module.pausePending = true;
      status = 'NDIS_STATUS_PENDING';
    }
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
    return status;
  }

  // 5. FilterRestart clears no flag: it is the one of the base class, which knows nothing of this flag.
  // 6. FilterDetach leaves `AdapterHandle` of every open handle as it is.

  override *npfWrite(open: Open): Call<NtStatus> {
    if (open.WriteInProgress) return 'STATUS_DEVICE_NOT_READY';
    open.WriteInProgress = true;
    // 3. The flag of the handle, which nobody sets. 7. A refusal leaves the handle marked as busy for ever.
    if (open.PausePending) return 'STATUS_DEVICE_NOT_READY';
    const nbl = yield* this.allocateFromOpen(open);
    if (nbl) {
      open.OutstandingSends += 1;
      yield* this.wdk.NdisFSendNetBufferLists(open.AdapterHandle, nbl, NDIS_DEFAULT_PORT_NUMBER, 0);
    }
    open.WriteInProgress = false;
    return nbl ? 'STATUS_SUCCESS' : 'STATUS_INSUFFICIENT_RESOURCES';
  }

  /** 4. Looks for the pending pause on the handle; the pause said it on the module. */
  override *sendIsBack(_module: FilterModule, open: Open): Call<void> {
    open.OutstandingSends -= 1;
    if (open.OutstandingSends === 0 && open.PausePending) yield* this.wdk.NdisFPauseComplete(open.AdapterHandle);
  }
}

export const npcap2016FirstFix: SeedDriver = {
  name: 'npcap-2016-first-fix',
  story:
    'The driver of the crash after its first fix, which follows the answer and still crashes, for seven reasons, each enough by itself. FilterPause asks ' +
    'counters of the module object that are never counted up, because sends are counted on the handle objects: it always succeeds at once. Success closes ' +
    'no gate. Senders test a flag of the handle that nobody sets. The completion path looks for the pending pause on the handle too, so a pause that did pend would ' +
    'never be completed. FilterRestart clears no flag. The handle survives FilterDetach with a stale NDIS handle: the next write calls NdisFSendNetBufferLists on memory ' +
    'that belongs to somebody else, and that is the bluescreen. And a refused write leaves the handle marked as busy for ever.',
  driver: simulate('npcap-2016-first-fix', Npcap2016FirstFix, npcapProfile),
};
