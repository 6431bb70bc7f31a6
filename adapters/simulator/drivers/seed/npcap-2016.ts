import type { Call } from '../../../../src/kernel';
import type { NdisStatus, NtStatus } from '../../../../src/ndis/status';
import type { Irp, NdisHandle, NetBufferList } from '../../../../src/ndis/wdk';
import { NDIS_DEFAULT_PORT_NUMBER } from '../../../../src/ndis/wdk';
import type { DriverProfile } from '../../../contract';
import { nblsOf, ReferenceFilter, referenceProfile } from '../reference';
import type { FilterModule, OpenHandle } from '../reference';

const OPEN_TAG = 'NpcO';

/**
 * The second kind of object: one for each open handle. It has a copy of the module's NDIS handle and pool, and its own counter
 * and flag, next to those of the module (`FilterModule`), which NDIS hands to FilterPause and FilterRestart.
 */
export interface Open extends OpenHandle {
  readonly AdapterHandle: NdisHandle;
  readonly PacketPool: NdisHandle | null;
  OutstandingSends: number;
  PausePending: boolean;
  WriteInProgress: boolean;
}

/** The driver of the crash as it was designed in 2016. What has nothing to do with the crash is done right. */
export class Npcap2016 extends ReferenceFilter {
  /** Nothing keeps data out of a module that is not Running. */
  override *enter(): Call<boolean> {
    return true;
  }
  override *leave(): Call<void> {}
  override *closeGate(): Call<void> {}
  override *openGate(): Call<void> {}

  override *openHandle(irp: Irp, module: FilterModule): Call<NtStatus> {
    const initial: Open = {
      adapterName: module.adapterName,
      AdapterHandle: module.filterHandle,
      PacketPool: module.pool,
      OutstandingSends: 0,
      PausePending: false,
      WriteInProgress: false,
    };
    const open = yield* this.wdk.ExAllocatePoolWithTag(initial, OPEN_TAG);
    if (!open) return 'STATUS_INSUFFICIENT_RESOURCES';
    irp.FileObject.FsContext = open;
    return 'STATUS_SUCCESS';
  }

  /** The handle knows all it needs, so nobody looks whether the module is still there. */
  override *DispatchWrite(irp: Irp): Call<NtStatus> {
    const open = irp.FileObject.FsContext as Open;
    const count = typeof irp.Input.count === 'number' ? irp.Input.count : 1;
    for (let sent = 0; sent < count; sent += 1) {
      const status = yield* this.npfWrite(open);
      if (status !== 'STATUS_SUCCESS') return status;
    }
    return 'STATUS_SUCCESS';
  }

  *npfWrite(open: Open): Call<NtStatus> {
    const nbl = yield* this.allocateFromOpen(open);
    if (!nbl) return 'STATUS_INSUFFICIENT_RESOURCES';
    yield* this.wdk.NdisFSendNetBufferLists(open.AdapterHandle, nbl, NDIS_DEFAULT_PORT_NUMBER, 0);
    return 'STATUS_SUCCESS';
  }

  *allocateFromOpen(open: Open): Call<NetBufferList | null> {
    const { driverHandle } = this.globals;
    if (!open.PacketPool || !driverHandle) return null;
    // Buffers are the driver's and stay good after detach. Only NdisFSendNetBufferLists meets the stale handle, as in the dump.
    const mdl = yield* this.wdk.NdisAllocateMdl(driverHandle, 60);
    if (!mdl) return null;
    const nbl = yield* this.wdk.NdisAllocateNetBufferAndNetBufferList(open.PacketPool, 0, mdl, 0, 60);
    if (!nbl) {
      yield* this.wdk.NdisFreeMdl(mdl);
      return null;
    }
    nbl.SourceHandle = open.AdapterHandle;
    nbl.ProtocolReserved = open;
    return nbl;
  }

  override *FilterSendNetBufferListsComplete(module: FilterModule, chain: NetBufferList, flags: number): Call<void> {
    const { own, foreign } = this.splitByOwner(module, nblsOf(chain));
    if (foreign.length > 0) yield* this.completeForeignSends(module, foreign, flags);
    for (const nbl of own) {
      const open = nbl.ProtocolReserved as Open;
      yield* this.freeOwn(nbl);
      yield* this.sendIsBack(module, open);
    }
  }

  *sendIsBack(_module: FilterModule, _open: Open): Call<void> {}

  override *FilterPause(_module: FilterModule): Call<NdisStatus> {
    return 'NDIS_STATUS_SUCCESS';
  }

  /** The module leaves the list, and that is all: its memory and its pool are never freed, and no handle is told. */
  override *FilterDetach(module: FilterModule): Call<void> {
    yield* this.unpublish(module);
  }
}

/** It captures and sends for applications; it does nothing of the rest that the reference filter can be asked for. */
export const npcapProfile: DriverProfile = {
  capabilities: ['originatesSends', 'userModeHandles'],
  ...(referenceProfile.device && { device: referenceProfile.device }),
  requests: { ...(referenceProfile.requests.send && { send: referenceProfile.requests.send }) },
};
