/**
 * A complete filter driver for the simulator, from scratch: applications write frames, the driver sends them. It leaves the traffic of
 * others alone: its send and receive handlers are NULL, so NDIS passes it by.
 *
 *     npx lwf run --driver docs/examples/injector.ts
 */
import type {
  Call,
  DriverObject,
  Irp,
  NdisHandle,
  NdisStatus,
  NetBufferList,
  NetPnPEventNotification,
  NtStatus,
  Out,
  RundownRef,
  SimulatedDriver,
  SpinLock,
  Wdk,
} from 'ndis-lwf-spec/simulator';

interface Module {
  readonly filter: NdisHandle;
  readonly adapter: string;
  readonly pool: NdisHandle;
  readonly lock: SpinLock;
  /** IRPs that use the module. */
  readonly users: RundownRef;
  running: boolean;
  /** Between NetEventSetPower with a sleep state and with D0: NDIS may leave the module Running meanwhile. */
  asleep: boolean;
  pausing: boolean;
  outstanding: number;
}

/** FsContext of an open handle: the name of an adapter, nothing that can go away. */
interface OpenHandle {
  readonly adapter: string;
}

function load(wdk: Wdk): (driver: DriverObject) => Call<NtStatus> {
  // The globals of the image. `load` runs once for each boot, so every scenario starts with fresh ones.
  const listLock = wdk.NdisAllocateSpinLock();
  let modules: readonly Module[] = [];
  const registration: Out<NdisHandle> = { value: undefined };
  const device: Out<NdisHandle> = { value: undefined };

  function* DriverEntry(driver: DriverObject): Call<NtStatus> {
    driver.DriverUnload = DriverUnload;
    const status = yield* wdk.NdisFRegisterFilterDriver(
      driver,
      null,
      {
        MajorNdisVersion: 6,
        MinorNdisVersion: 30,
        FriendlyName: 'Injector',
        UniqueName: '{6f2f9a3e-3c0b-4f5d-9a57-0d9d4f7f3a11}',
        ServiceName: 'Injector',
        AttachHandler: FilterAttach,
        DetachHandler: (module) => FilterDetach(module as Module),
        RestartHandler: (module) => FilterRestart(module as Module),
        PauseHandler: (module) => FilterPause(module as Module),
        SendNetBufferListsCompleteHandler: (module, chain) => FilterSendComplete(module as Module, chain),
        NetPnPEventHandler: (module, event) => FilterNetPnPEvent(module as Module, event),
      },
      registration,
    );
    if (status !== 'NDIS_STATUS_SUCCESS' || !registration.value) return 'STATUS_UNSUCCESSFUL';
    const created = yield* wdk.NdisRegisterDeviceEx(
      registration.value,
      {
        DeviceName: '\\Device\\Injector',
        SymbolicName: '\\DosDevices\\Injector',
        MajorFunctions: { IRP_MJ_CREATE: Create, IRP_MJ_CLEANUP: Succeed, IRP_MJ_CLOSE: Close, IRP_MJ_WRITE: Write },
      },
      device,
    );
    if (created === 'NDIS_STATUS_SUCCESS') return 'STATUS_SUCCESS';
    yield* wdk.NdisFDeregisterFilterDriver(registration.value);
    return 'STATUS_UNSUCCESSFUL';
  }

  function* DriverUnload(): Call<void> {
    if (device.value) yield* wdk.NdisDeregisterDeviceEx(device.value);
    if (registration.value) yield* wdk.NdisFDeregisterFilterDriver(registration.value);
  }

  // ---- the life of a module --------------------------------------------------------------------------------

  function* FilterAttach(
    filter: NdisHandle,
    _context: unknown,
    { BaseMiniportName: adapter }: { readonly BaseMiniportName: string },
  ): Call<NdisStatus> {
    const pool = yield* wdk.NdisAllocateNetBufferListPool(filter, {
      fAllocateNetBuffer: true,
      ContextSize: 0,
      PoolTag: 'Injp',
      DataSize: 0,
    });
    if (!pool) return 'NDIS_STATUS_RESOURCES';
    const fields: Module = {
      filter,
      adapter,
      pool,
      lock: wdk.NdisAllocateSpinLock(),
      users: wdk.ExInitializeRundownProtection(),
      running: false,
      asleep: false,
      pausing: false,
      outstanding: 0,
    };
    const module = yield* wdk.NdisAllocateMemoryWithTagPriority(filter, fields, 'Injm');
    const status = module
      ? yield* wdk.NdisFSetAttributes(filter, module, { Flags: 0 })
      : ('NDIS_STATUS_RESOURCES' as const);
    if (!module || status !== 'NDIS_STATUS_SUCCESS') {
      if (module) yield* wdk.NdisFreeMemory(module);
      yield* wdk.NdisFreeNetBufferListPool(pool);
      return status;
    }
    yield* wdk.NdisAcquireSpinLock(listLock);
    modules = [...modules, module];
    yield* wdk.NdisReleaseSpinLock(listLock);
    return status;
  }

  function* FilterRestart(module: Module): Call<NdisStatus> {
    yield* wdk.NdisAcquireSpinLock(module.lock);
    module.running = true;
    yield* wdk.NdisReleaseSpinLock(module.lock);
    return 'NDIS_STATUS_SUCCESS';
  }

  function* FilterPause(module: Module): Call<NdisStatus> {
    yield* wdk.NdisAcquireSpinLock(module.lock);
    module.running = false;
    module.pausing = module.outstanding > 0;
    const status = module.pausing ? 'NDIS_STATUS_PENDING' : 'NDIS_STATUS_SUCCESS';
    yield* wdk.NdisReleaseSpinLock(module.lock);
    return status;
  }

  function* FilterDetach(module: Module): Call<void> {
    yield* wdk.NdisAcquireSpinLock(listLock);
    modules = modules.filter((other) => other !== module);
    yield* wdk.NdisReleaseSpinLock(listLock);
    yield* wdk.ExWaitForRundownProtectionRelease(module.users);
    yield* wdk.NdisFreeNetBufferListPool(module.pool);
    yield* wdk.NdisFreeMemory(module);
  }

  function* FilterNetPnPEvent(module: Module, event: NetPnPEventNotification): Call<NdisStatus> {
    if (event.NetEvent === 'NetEventSetPower') {
      yield* wdk.NdisAcquireSpinLock(module.lock);
      module.asleep = event.Buffer !== 'NdisDeviceStateD0';
      yield* wdk.NdisReleaseSpinLock(module.lock);
    }
    return yield* wdk.NdisFNetPnPEvent(module.filter, event);
  }

  // ---- sends -----------------------------------------------------------------------------------------------

  function* send(module: Module): Call<NtStatus> {
    yield* wdk.NdisAcquireSpinLock(module.lock);
    const allowed = module.running && !module.asleep;
    if (allowed) module.outstanding += 1;
    yield* wdk.NdisReleaseSpinLock(module.lock);
    if (!allowed) return 'STATUS_DEVICE_NOT_READY';
    const nbl = yield* wdk.NdisAllocateNetBufferAndNetBufferList(module.pool, 0, null, 0, 0);
    if (!nbl) {
      yield* countDown(module, 1);
      return 'STATUS_INSUFFICIENT_RESOURCES';
    }
    nbl.SourceHandle = module.filter;
    yield* wdk.NdisFSendNetBufferLists(module.filter, nbl, 0, 0);
    return 'STATUS_SUCCESS';
  }

  /** We pass nothing through, so everything that comes back is ours. */
  function* FilterSendComplete(module: Module, chain: NetBufferList): Call<void> {
    let count = 0;
    for (let nbl: NetBufferList | null = chain; nbl; count += 1) {
      const next: NetBufferList | null = nbl.Next;
      yield* wdk.NdisFreeNetBufferList(nbl);
      nbl = next;
    }
    yield* countDown(module, count);
  }

  /** The last NBL to come back completes a pause that waits for it. */
  function* countDown(module: Module, count: number): Call<void> {
    yield* wdk.NdisAcquireSpinLock(module.lock);
    module.outstanding -= count;
    const pauseIsOver = module.pausing && module.outstanding === 0;
    if (pauseIsOver) module.pausing = false;
    yield* wdk.NdisReleaseSpinLock(module.lock);
    if (pauseIsOver) yield* wdk.NdisFPauseComplete(module.filter);
  }

  // ---- applications ----------------------------------------------------------------------------------------

  function* Create(irp: Irp): Call<NtStatus> {
    const handle: OpenHandle | null = yield* wdk.ExAllocatePoolWithTag({ adapter: irp.FileName }, 'Injh');
    irp.FileObject.FsContext = handle;
    return yield* finish(irp, handle ? 'STATUS_SUCCESS' : 'STATUS_INSUFFICIENT_RESOURCES');
  }

  function* Succeed(irp: Irp): Call<NtStatus> {
    return yield* finish(irp, 'STATUS_SUCCESS');
  }

  function* Close(irp: Irp): Call<NtStatus> {
    yield* wdk.NdisFreeMemory(irp.FileObject.FsContext as OpenHandle);
    return yield* finish(irp, 'STATUS_SUCCESS');
  }

  /** Finds the module that is attached now, and keeps a reference on it while it works. */
  function* Write(irp: Irp): Call<NtStatus> {
    const { adapter } = irp.FileObject.FsContext as OpenHandle;
    yield* wdk.NdisAcquireSpinLock(listLock);
    const found = modules.find((candidate) => candidate.adapter === adapter);
    const module = found && (yield* wdk.ExAcquireRundownProtection(found.users)) ? found : undefined;
    yield* wdk.NdisReleaseSpinLock(listLock);
    if (!module) return yield* finish(irp, 'STATUS_NO_SUCH_DEVICE');
    let status: NtStatus = 'STATUS_SUCCESS';
    for (let left = Number(irp.Input.count ?? 1); left > 0 && status === 'STATUS_SUCCESS'; left -= 1) {
      status = yield* send(module);
    }
    yield* wdk.ExReleaseRundownProtection(module.users);
    return yield* finish(irp, status);
  }

  function* finish(irp: Irp, status: NtStatus): Call<NtStatus> {
    irp.Status = status;
    yield* wdk.IoCompleteRequest(irp);
    return status;
  }

  return DriverEntry;
}

export const driver: SimulatedDriver = {
  name: 'injector',
  profile: {
    capabilities: ['originatesSends', 'userModeHandles'],
    device: { name: '\\Device\\Injector', fileName: '{adapter}' },
    requests: { send: { irp: 'IRP_MJ_WRITE' } },
  },
  load,
};
