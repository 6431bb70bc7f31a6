import type { Call } from '../../src/kernel';
import type {
  DriverObject,
  Irp,
  NdisFilterDriverCharacteristics,
  NdisHandle,
  NdisStatus,
  NetBufferList,
  NtStatus,
  Out,
  Wdk,
} from '../../src/ndis';
import type { DriverProfile } from '../../adapters/contract';
import type { SimulatedDriver } from '../../adapters/simulator';

/** What a test sees of the filter, and what it can make it do. */
export interface Tiny {
  readonly wdk: Wdk;
  /** Handles of all modules that were attached, oldest first. */
  readonly handles: NdisHandle[];
  driver: NdisHandle | undefined;
  /** What a write of the application does before it succeeds. */
  onWrite: () => Call<void>;
  /** The whole of IRP_MJ_WRITE, instead of that. */
  write: ((irp: Irp, tiny: Tiny) => Call<NtStatus>) | undefined;
}

type Handlers = Partial<NdisFilterDriverCharacteristics>;

export const DEVICE = '\\Device\\Tiny';

const PROFILE: DriverProfile = {
  capabilities: ['userModeHandles', 'originatesSends'],
  device: { name: DEVICE, fileName: '{adapter}' },
  requests: { send: { irp: 'IRP_MJ_WRITE' } },
};

/**
 * The smallest filter that NDIS accepts: passes everything through, pauses and restarts at once, and has a device whose
 * write a test can fill. The context of a module is `{ handle }`.
 * @param override handlers that replace or remove those of the filter
 * @param seen given the filter when it is loaded
 */
export function tinyFilter(
  override: (tiny: Tiny) => Handlers = () => ({}),
  seen?: (tiny: Tiny) => void,
): SimulatedDriver {
  return {
    name: 'tiny',
    profile: PROFILE,
    load(wdk) {
      const tiny: Tiny = { wdk, handles: [], driver: undefined, onWrite: nothing, write: undefined };
      seen?.(tiny);
      return (object) => entry(tiny, object, { ...handlersOf(tiny), ...override(tiny) });
    },
  };
}

/** `(module) => handle` for the context that the filter gives its modules. */
export function handleOf(module: unknown): NdisHandle {
  return (module as { handle: NdisHandle }).handle;
}

function* nothing(): Call<void> {
  // A write that does nothing.
}

function* entry(tiny: Tiny, object: DriverObject, handlers: NdisFilterDriverCharacteristics): Call<NtStatus> {
  const { wdk } = tiny;
  const out: Out<NdisHandle> = { value: undefined };
  const status = yield* wdk.NdisFRegisterFilterDriver(object, null, handlers, out);
  if (status !== 'NDIS_STATUS_SUCCESS' || !out.value) return 'STATUS_UNSUCCESSFUL';
  tiny.driver = out.value;
  const device: Out<NdisHandle> = { value: undefined };
  const succeed = function* (irp: Irp): Call<NtStatus> {
    if (irp.MajorFunction === 'IRP_MJ_WRITE') {
      if (tiny.write) return yield* tiny.write(irp, tiny);
      yield* tiny.onWrite();
    }
    irp.Status = 'STATUS_SUCCESS';
    yield* wdk.IoCompleteRequest(irp);
    return 'STATUS_SUCCESS';
  };
  yield* wdk.NdisRegisterDeviceEx(
    out.value,
    {
      DeviceName: DEVICE,
      SymbolicName: '\\DosDevices\\Tiny',
      MajorFunctions: { IRP_MJ_CREATE: succeed, IRP_MJ_CLEANUP: succeed, IRP_MJ_CLOSE: succeed, IRP_MJ_WRITE: succeed },
    },
    device,
  );
  object.DriverUnload = function* () {
    if (device.value) yield* wdk.NdisDeregisterDeviceEx(device.value);
    if (tiny.driver) yield* wdk.NdisFDeregisterFilterDriver(tiny.driver);
  };
  return 'STATUS_SUCCESS';
}

function handlersOf({ wdk, handles }: Tiny): NdisFilterDriverCharacteristics {
  return {
    MajorNdisVersion: 6,
    MinorNdisVersion: 30,
    FriendlyName: 'Tiny',
    UniqueName: '{00000000-0000-0000-0000-000000000001}',
    ServiceName: 'tiny',
    *AttachHandler(handle): Call<NdisStatus> {
      handles.push(handle);
      return yield* wdk.NdisFSetAttributes(handle, { handle }, { Flags: 0 });
    },
    *DetachHandler(): Call<void> {
      // Nothing was allocated.
    },
    *RestartHandler(): Call<NdisStatus> {
      return 'NDIS_STATUS_SUCCESS';
    },
    *PauseHandler(): Call<NdisStatus> {
      return 'NDIS_STATUS_SUCCESS';
    },
    SendNetBufferListsHandler: (module, chain, port, flags) =>
      wdk.NdisFSendNetBufferLists(handleOf(module), chain, port, flags),
    SendNetBufferListsCompleteHandler: (module, chain, flags) =>
      wdk.NdisFSendNetBufferListsComplete(handleOf(module), chain, flags),
    CancelSendNetBufferListsHandler: (module, id) => wdk.NdisFCancelSendNetBufferLists(handleOf(module), id),
    ReceiveNetBufferListsHandler: (module, chain, port, count, flags) =>
      wdk.NdisFIndicateReceiveNetBufferLists(handleOf(module), chain, port, count, flags),
    ReturnNetBufferListsHandler: (module, chain, flags) =>
      wdk.NdisFReturnNetBufferLists(handleOf(module), chain, flags),
    StatusHandler: (module, indication) => wdk.NdisFIndicateStatus(handleOf(module), indication),
    NetPnPEventHandler: (module, event) => wdk.NdisFNetPnPEvent(handleOf(module), event),
    DevicePnPEventNotifyHandler: (module, event) => wdk.NdisFDevicePnPEventNotify(handleOf(module), event),
  };
}

/** An NBL of the filter's own, from a pool of its own. */
export function* ownNbl(tiny: Tiny, handle: NdisHandle): Call<NetBufferList> {
  const { wdk } = tiny;
  const parameters = { fAllocateNetBuffer: true, ContextSize: 0, PoolTag: 'Tiny', DataSize: 0 };
  const pool = yield* wdk.NdisAllocateNetBufferListPool(handle, parameters);
  if (!pool) throw new Error('no pool');
  const mdl = yield* wdk.NdisAllocateMdl(handle, 60);
  const nbl = yield* wdk.NdisAllocateNetBufferAndNetBufferList(pool, 0, mdl, 0, 60);
  if (!nbl) throw new Error('no NBL');
  nbl.SourceHandle = handle;
  return nbl;
}
