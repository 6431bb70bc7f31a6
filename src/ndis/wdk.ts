import type { Call, Event, RundownRef, SpinLock, Thread } from '../kernel';
import type { NdisStatus, NtStatus } from './status';
import type {
  AdvanceMemory,
  Context,
  DriverObject,
  Irp,
  Mdl,
  NdisDeviceObjectAttributes,
  NdisFilterAttributes,
  NdisFilterDriverCharacteristics,
  NdisFilterPartialCharacteristics,
  NdisHandle,
  NdisOidRequest,
  NdisStatusIndication,
  NdisTimerCharacteristics,
  NetBuffer,
  NetBufferList,
  NetBufferListPoolParameters,
  NetDevicePnPEvent,
  NetPnPEventNotification,
  NewDataSpace,
  Out,
  RetreatMemory,
} from './structures';

export * from './structures';

/**
 * What a simulated filter driver calls, under its WDK name. Every export is a generator (`yield* wdk.NdisFPauseComplete(handle)`),
 * because a thread may be preempted before each of them.
 */
export interface Wdk {
  // Registration and life of the driver
  /** https://learn.microsoft.com/windows-hardware/drivers/ddi/ndis/nf-ndis-ndisfregisterfilterdriver. NDIS may enter FilterAttach before it returns; `out` is filled before FilterSetOptions runs. */
  NdisFRegisterFilterDriver(
    driver: DriverObject,
    driverContext: Context,
    characteristics: NdisFilterDriverCharacteristics,
    out: Out<NdisHandle>,
  ): Call<NdisStatus>;
  NdisFDeregisterFilterDriver(driver: NdisHandle): Call<void>;
  NdisSetOptionalHandlers(filter: NdisHandle, characteristics: NdisFilterPartialCharacteristics): Call<NdisStatus>;

  // Life of a module
  NdisFSetAttributes(filter: NdisHandle, moduleContext: Context, attributes: NdisFilterAttributes): Call<NdisStatus>;
  NdisFRestartComplete(filter: NdisHandle, status: NdisStatus): Call<void>;
  NdisFPauseComplete(filter: NdisHandle): Call<void>;
  NdisFRestartFilter(filter: NdisHandle): Call<NdisStatus>;

  // Data
  NdisFSendNetBufferLists(filter: NdisHandle, chain: NetBufferList, port: number, flags: number): Call<void>;
  NdisFSendNetBufferListsComplete(filter: NdisHandle, chain: NetBufferList, flags: number): Call<void>;
  NdisFCancelSendNetBufferLists(filter: NdisHandle, cancelId: string): Call<void>;
  NdisFIndicateReceiveNetBufferLists(
    filter: NdisHandle,
    chain: NetBufferList,
    port: number,
    count: number,
    flags: number,
  ): Call<void>;
  NdisFReturnNetBufferLists(filter: NdisHandle, chain: NetBufferList, flags: number): Call<void>;

  // NBLs
  NdisAllocateNetBufferListPool(handle: NdisHandle, parameters: NetBufferListPoolParameters): Call<NdisHandle | null>;
  NdisFreeNetBufferListPool(pool: NdisHandle): Call<void>;
  NdisAllocateNetBufferAndNetBufferList(
    pool: NdisHandle,
    contextSize: number,
    mdl: Mdl | null,
    dataOffset: number,
    dataLength: number,
  ): Call<NetBufferList | null>;
  NdisFreeNetBufferList(nbl: NetBufferList): Call<void>;
  /** @param pool null for a pool of NDIS's own */
  NdisAllocateCloneNetBufferList(
    original: NetBufferList,
    pool: NdisHandle | null,
    usesOriginalMdls: boolean,
  ): Call<NetBufferList | null>;
  NdisFreeCloneNetBufferList(clone: NetBufferList, usesOriginalMdls: boolean): Call<void>;
  NdisAllocateFragmentNetBufferList(
    original: NetBufferList,
    pool: NdisHandle | null,
    startOffset: number,
    maximumLength: number,
    space: NewDataSpace,
  ): Call<NetBufferList | null>;
  NdisFreeFragmentNetBufferList(fragments: NetBufferList): Call<void>;
  NdisAllocateReassembledNetBufferList(
    fragments: NetBufferList,
    pool: NdisHandle | null,
    startOffset: number,
    space: NewDataSpace,
  ): Call<NetBufferList | null>;
  NdisFreeReassembledNetBufferList(reassembled: NetBufferList): Call<void>;
  NdisAllocateNetBufferListContext(nbl: NetBufferList, size: number): Call<NdisStatus>;
  NdisFreeNetBufferListContext(nbl: NetBufferList, size: number): Call<void>;
  NdisRetreatNetBufferDataStart(nb: NetBuffer, delta: number, memory?: RetreatMemory): Call<NdisStatus>;
  NdisAdvanceNetBufferDataStart(nb: NetBuffer, delta: number, memory?: AdvanceMemory): Call<void>;
  /** An NBL that the driver built in its own memory instead of taking it from a pool. Exists so that NBL-01 can be broken. */
  BuildNetBufferListInPrivateMemory(filter: NdisHandle): NetBufferList;
  NdisAllocateMdl(handle: NdisHandle, length: number): Call<Mdl | null>;
  NdisFreeMdl(mdl: Mdl): Call<void>;
  NdisGeneratePartialCancelId(): Call<number>;

  // OIDs and status
  /** A zeroed NDIS_OID_REQUEST in non-paged memory of the scope of `handle`. Free it with NdisFreeMemory. */
  AllocateOidRequest(handle: NdisHandle): Call<NdisOidRequest | null>;
  NdisAllocateCloneOidRequest(
    filter: NdisHandle,
    original: NdisOidRequest,
    tag: string,
    out: Out<NdisOidRequest>,
  ): Call<NdisStatus>;
  NdisFreeCloneOidRequest(filter: NdisHandle, clone: NdisOidRequest): Call<void>;
  NdisFOidRequest(filter: NdisHandle, request: NdisOidRequest): Call<NdisStatus>;
  NdisFOidRequestComplete(filter: NdisHandle, request: NdisOidRequest, status: NdisStatus): Call<void>;
  NdisFCancelOidRequest(filter: NdisHandle, requestId: unknown): Call<void>;
  NdisFDirectOidRequest(filter: NdisHandle, request: NdisOidRequest): Call<NdisStatus>;
  NdisFDirectOidRequestComplete(filter: NdisHandle, request: NdisOidRequest, status: NdisStatus): Call<void>;
  NdisFCancelDirectOidRequest(filter: NdisHandle, requestId: unknown): Call<void>;
  NdisFSynchronousOidRequest(filter: NdisHandle, request: NdisOidRequest): Call<NdisStatus>;
  NdisFGetOptionalSwitchHandlers(filter: NdisHandle): Call<NdisStatus>;
  NdisFIndicateStatus(filter: NdisHandle, indication: NdisStatusIndication): Call<void>;
  NdisFNetPnPEvent(filter: NdisHandle, event: NetPnPEventNotification): Call<NdisStatus>;
  NdisFDevicePnPEventNotify(filter: NdisHandle, event: NetDevicePnPEvent): Call<void>;

  // Memory
  /** @returns null when memory is short. The scope of the block is the module or driver that `handle` belongs to. */
  NdisAllocateMemoryWithTagPriority<T extends object>(handle: NdisHandle, initial: T, tag: string): Call<T | null>;
  /** ExAllocatePoolWithTag: driver-wide memory, also before registration. */
  ExAllocatePoolWithTag<T extends object>(initial: T, tag: string): Call<T | null>;
  NdisFreeMemory(pointer: object): Call<void>;

  // Synchronisation
  NdisAllocateSpinLock(): SpinLock;
  NdisAcquireSpinLock(lock: SpinLock): Call<void>;
  NdisReleaseSpinLock(lock: SpinLock): Call<void>;
  NdisInitializeEvent(): Event;
  NdisSetEvent(event: Event): Call<void>;
  NdisResetEvent(event: Event): Call<void>;
  /** @param milliseconds 0 waits for ever. PASSIVE_LEVEL only. */
  NdisWaitEvent(event: Event, milliseconds: number): Call<boolean>;
  NdisMSleep(milliseconds: number): Call<void>;
  ExInitializeRundownProtection(): RundownRef;
  ExAcquireRundownProtection(ref: RundownRef): Call<boolean>;
  ExReleaseRundownProtection(ref: RundownRef): Call<void>;
  ExWaitForRundownProtectionRelease(ref: RundownRef): Call<void>;
  ExReInitializeRundownProtection(ref: RundownRef): Call<void>;
  /** Returns when the DPCs that are queued or running have returned, callbacks of timers among them. PASSIVE_LEVEL only. */
  KeFlushQueuedDpcs(): Call<void>;
  KeGetCurrentIrql(): number;
  KeRaiseIrql(irql: number): Call<number>;
  KeLowerIrql(irql: number): Call<void>;
  /** An interlocked or plain access to shared data: a point where another processor may come first. */
  SharedAccess(what: string): Call<void>;

  // Timers and work items
  NdisAllocateTimerObject(handle: NdisHandle, characteristics: NdisTimerCharacteristics): Call<NdisHandle | null>;
  /** @returns true when it was already armed. @param periodMs 0 for one-shot */
  NdisSetTimerObject(timer: NdisHandle, dueMs: number, periodMs: number): Call<boolean>;
  /**
   * Of a periodic timer it also waits for the callback (PASSIVE_LEVEL only).
   * @returns false when it was not in the queue: the callback has run, runs now, or was never armed.
   */
  NdisCancelTimerObject(timer: NdisHandle): Call<boolean>;
  NdisFreeTimerObject(timer: NdisHandle): Call<void>;
  NdisAllocateIoWorkItem(handle: NdisHandle): Call<NdisHandle | null>;
  NdisQueueIoWorkItem(workItem: NdisHandle, routine: (context: unknown) => Call<void>, context: unknown): Call<void>;
  NdisFreeIoWorkItem(workItem: NdisHandle): Call<void>;

  /**
   * What the kernel does without NDIS: DPCs, timers, work items and threads that a driver makes with kernel functions.
   * @param ddi name of the routine in traces
   * @param irql it starts at
   * @returns the thread that will run it
   */
  StartRoutine(ddi: string, irql: number, routine: () => Call<void>): Thread;

  // Device and IRPs
  NdisRegisterDeviceEx(
    driver: NdisHandle,
    attributes: NdisDeviceObjectAttributes,
    out: Out<NdisHandle>,
  ): Call<NdisStatus>;
  NdisDeregisterDeviceEx(device: NdisHandle): Call<void>;
  /** A device that is none of NDIS's: it may be made before registration. */
  IoCreateDevice(attributes: NdisDeviceObjectAttributes, out: Out<NdisHandle>): Call<NtStatus>;
  IoDeleteDevice(device: NdisHandle): Call<void>;
  /** @returns STATUS_OBJECT_NAME_COLLISION when the link exists */
  IoCreateSymbolicLink(symbolicName: string, deviceName: string): Call<NtStatus>;
  IoDeleteSymbolicLink(symbolicName: string): Call<NtStatus>;
  IoMarkIrpPending(irp: Irp): Call<void>;
  /** Completes with `irp.Status`. */
  IoCompleteRequest(irp: Irp): Call<void>;
  /** @returns false when the IRP is already cancelled (the routine will not be called). */
  IoSetCancelRoutine(irp: Irp, routine: ((irp: Irp) => Call<void>) | null): Call<boolean>;

  // Configuration and log
  NdisOpenConfigurationEx(handle: NdisHandle, out: Out<NdisHandle>): Call<NdisStatus>;
  NdisCloseConfiguration(configuration: NdisHandle): Call<void>;
  NdisWriteEventLogEntry(handle: NdisHandle, message: string): Call<void>;
}
