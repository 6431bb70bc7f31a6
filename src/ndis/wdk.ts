/**
 * What a simulated filter driver sees of Windows: structures and exports under their WDK names. Every export is a
 * generator (`yield* wdk.NdisFPauseComplete(handle)`), because a thread may be preempted before each of them.
 *
 * Handles are opaque; a status is its WDK name. Where the WDK has an out parameter, an export takes an `Out` object.
 */
import type { Call, Event, RundownRef, SpinLock, Thread } from '../kernel';
import type { NdisStatus, NtStatus } from './status';

/** NDIS_HANDLE. Compare with `===`; never look inside. */
export interface NdisHandle {
  readonly handle: string;
}

/** An out parameter. */
export interface Out<T> {
  value: T | undefined;
}

/** MDL: a run of bytes. */
export interface Mdl {
  Next: Mdl | null;
  ByteCount: number;
}

/** Where a retreat gets memory when the unused data space does not suffice. */
export interface RetreatMemory {
  /** Bytes that are to be unused in front of the new data. */
  readonly DataBackFill: number;
  /** NetAllocateMdl: an MDL over at least so many bytes, null when there is no memory. Without it NDIS makes one. */
  readonly AllocateMdlHandler: ((size: number) => Call<Mdl | null>) | null;
}

/** What an advance does with the memory of retreats. */
export interface AdvanceMemory {
  /** False: MDLs that become unused stay in the chain, for retreats to come. */
  readonly FreeMdl: boolean;
  /** NetFreeMdl: for MDLs that NetAllocateMdl has made. */
  readonly FreeMdlHandler: ((mdl: Mdl) => Call<void>) | null;
}

/** NET_BUFFER. Accesses are watched: touching one that the driver does not hold is recorded. */
export interface NetBuffer {
  Next: NetBuffer | null;
  MdlChain: Mdl | null;
  CurrentMdl: Mdl | null;
  CurrentMdlOffset: number;
  DataOffset: number;
  DataLength: number;
}

/** NET_BUFFER_LIST. Accesses are watched: touching one that the driver does not hold is recorded. */
export interface NetBufferList {
  Next: NetBufferList | null;
  FirstNetBuffer: NetBuffer | null;
  SourceHandle: NdisHandle | null;
  Status: NdisStatus;
  /** Usable only while the driver holds the NBL; lost on hand-off. */
  Scratch: unknown;
  /** NET_BUFFER_LIST_INFO(nbl, NetBufferListCancelId); null when not set. */
  CancelId: string | null;
  /** ProtocolReserved[0]: belongs to the protocol. */
  ProtocolReserved: unknown;
}

export const NDIS_DEFAULT_PORT_NUMBER = 0;

export const NDIS_SEND_FLAGS_DISPATCH_LEVEL = 0x1;
export const NDIS_SEND_FLAGS_CHECK_FOR_LOOPBACK = 0x2;
export const NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL = 0x1;
export const NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL = 0x1;
export const NDIS_RECEIVE_FLAGS_RESOURCES = 0x2;
export const NDIS_RETURN_FLAGS_DISPATCH_LEVEL = 0x1;

export type NdisRequestType = 'NdisRequestQueryInformation' | 'NdisRequestSetInformation' | 'NdisRequestMethod';

/** NDIS_OID_REQUEST. Accesses are watched like those of an NBL. */
export interface NdisOidRequest {
  RequestType: NdisRequestType;
  RequestId: unknown;
  RequestHandle: NdisHandle | null;
  /** `OID_GEN_STATISTICS`, `OID_GEN_CURRENT_PACKET_FILTER` … by WDK name. */
  Oid: string;
  InformationBuffer: unknown;
  InformationBufferLength: number;
  BytesWritten: number;
  BytesRead: number;
  BytesNeeded: number;
  SupportedRevision: number;
  /** SourceReserved: the originating driver's own. */
  SourceReserved: unknown;
}

/** NDIS_STATUS_INDICATION. */
export interface NdisStatusIndication {
  SourceHandle: NdisHandle | null;
  /** `NDIS_STATUS_LINK_STATE` … by WDK name. */
  StatusCode: string;
  DestinationHandle: NdisHandle | null;
  RequestId: unknown;
  StatusBuffer: unknown;
  StatusBufferSize: number;
}

export type NetPnPEventCode =
  | 'NetEventSetPower'
  | 'NetEventQueryPower'
  | 'NetEventQueryRemoveDevice'
  | 'NetEventCancelRemoveDevice'
  | 'NetEventReconfigure'
  | 'NetEventBindList'
  | 'NetEventPnPCapabilities'
  | 'NetEventPause'
  | 'NetEventRestart'
  | 'NetEventFilterPreDetach';

/** NET_PNP_EVENT_NOTIFICATION. */
export interface NetPnPEventNotification {
  readonly NetEvent: NetPnPEventCode;
  /** For the power events: `NdisDeviceStateD0` or `NdisDeviceStateD3`. */
  readonly Buffer: string | null;
}

/** NET_DEVICE_PNP_EVENT. */
export interface NetDevicePnPEvent {
  readonly DevicePnPEvent: 'NdisDevicePnPEventSurpriseRemoved' | 'NdisDevicePnPEventPowerProfileChanged';
}

/** NDIS_FILTER_ATTACH_PARAMETERS: valid during FilterAttach only. */
export interface NdisFilterAttachParameters {
  readonly FilterModuleGuidName: string;
  readonly BaseMiniportName: string;
  readonly MiniportMediaType: 'NdisMedium802_3';
  readonly CurrentMacAddress: string;
  readonly LowerIfIndex: number;
}

/** NDIS_RESTART_GENERAL_ATTRIBUTES, reduced to what filters commonly edit. */
export interface NdisRestartGeneralAttributes {
  MtuSize: number;
  LookaheadSize: number;
}

/** NDIS_FILTER_RESTART_PARAMETERS. */
export interface NdisFilterRestartParameters {
  readonly RestartAttributes: NdisRestartGeneralAttributes | null;
  readonly LowerIfIndex: number;
}

/** NDIS_FILTER_PAUSE_PARAMETERS. */
export interface NdisFilterPauseParameters {
  readonly PauseReason: number;
}

export interface NdisFilterAttributes {
  readonly Flags: 0;
}

/** A driver-chosen context pointer. */
export type Context = unknown;

/** NDIS_FILTER_DRIVER_CHARACTERISTICS. `null` or absent: the entry point is NULL, and NDIS skips the module. */
export interface NdisFilterDriverCharacteristics {
  readonly MajorNdisVersion: number;
  readonly MinorNdisVersion: number;
  readonly FriendlyName: string;
  readonly UniqueName: string;
  readonly ServiceName: string;
  readonly SetOptionsHandler?: ((driver: NdisHandle, context: Context) => Call<NdisStatus>) | null;
  readonly SetFilterModuleOptionsHandler?: ((module: Context) => Call<NdisStatus>) | null;
  readonly AttachHandler?:
    ((filter: NdisHandle, driver: Context, parameters: NdisFilterAttachParameters) => Call<NdisStatus>) | null;
  readonly DetachHandler?: ((module: Context) => Call<void>) | null;
  readonly RestartHandler?: ((module: Context, parameters: NdisFilterRestartParameters) => Call<NdisStatus>) | null;
  readonly PauseHandler?: ((module: Context, parameters: NdisFilterPauseParameters) => Call<NdisStatus>) | null;
  readonly SendNetBufferListsHandler?:
    ((module: Context, chain: NetBufferList, port: number, flags: number) => Call<void>) | null;
  readonly SendNetBufferListsCompleteHandler?:
    ((module: Context, chain: NetBufferList, flags: number) => Call<void>) | null;
  readonly CancelSendNetBufferListsHandler?: ((module: Context, cancelId: string) => Call<void>) | null;
  readonly ReceiveNetBufferListsHandler?:
    ((module: Context, chain: NetBufferList, port: number, count: number, flags: number) => Call<void>) | null;
  readonly ReturnNetBufferListsHandler?: ((module: Context, chain: NetBufferList, flags: number) => Call<void>) | null;
  readonly OidRequestHandler?: ((module: Context, request: NdisOidRequest) => Call<NdisStatus>) | null;
  readonly OidRequestCompleteHandler?:
    ((module: Context, request: NdisOidRequest, status: NdisStatus) => Call<void>) | null;
  readonly CancelOidRequestHandler?: ((module: Context, requestId: unknown) => Call<void>) | null;
  readonly DirectOidRequestHandler?: ((module: Context, request: NdisOidRequest) => Call<NdisStatus>) | null;
  readonly DirectOidRequestCompleteHandler?:
    ((module: Context, request: NdisOidRequest, status: NdisStatus) => Call<void>) | null;
  readonly CancelDirectOidRequestHandler?: ((module: Context, requestId: unknown) => Call<void>) | null;
  readonly DevicePnPEventNotifyHandler?: ((module: Context, event: NetDevicePnPEvent) => Call<void>) | null;
  readonly NetPnPEventHandler?: ((module: Context, event: NetPnPEventNotification) => Call<NdisStatus>) | null;
  readonly StatusHandler?: ((module: Context, indication: NdisStatusIndication) => Call<void>) | null;
}

/** NDIS_FILTER_PARTIAL_CHARACTERISTICS: the data handlers a module may change inside FilterSetModuleOptions. */
export type NdisFilterPartialCharacteristics = Pick<
  NdisFilterDriverCharacteristics,
  | 'SendNetBufferListsHandler'
  | 'SendNetBufferListsCompleteHandler'
  | 'CancelSendNetBufferListsHandler'
  | 'ReceiveNetBufferListsHandler'
  | 'ReturnNetBufferListsHandler'
>;

export interface DriverObject {
  /** Called when the driver's service is stopped. Set it in DriverEntry. */
  DriverUnload: ((driver: DriverObject) => Call<void>) | null;
}

export type IrpMajor =
  'IRP_MJ_CREATE' | 'IRP_MJ_CLEANUP' | 'IRP_MJ_CLOSE' | 'IRP_MJ_READ' | 'IRP_MJ_WRITE' | 'IRP_MJ_DEVICE_CONTROL';

/** FILE_OBJECT: one open handle of an application. */
export interface FileObject {
  /** The driver's per-handle context. */
  FsContext: unknown;
}

/** IRP with its stack location. */
export interface Irp {
  readonly MajorFunction: IrpMajor;
  readonly FileObject: FileObject;
  /** What follows the device name on IRP_MJ_CREATE, e.g. the adapter to bind to. */
  readonly FileName: string;
  /** IRP_MJ_DEVICE_CONTROL. */
  readonly IoControlCode: string;
  /** Buffered input of a write or an IOCTL. */
  readonly Input: Readonly<Record<string, unknown>>;
  /** Buffered output. */
  Output: unknown;
  /** Set before completing. */
  Status: NtStatus;
  /** Machine code keeps the cancel routine in the IRP's own memory, by an inline function: this takes it out from there. */
  TakeCancelRoutine?: () => ((irp: Irp) => Call<void>) | null;
}

export type Dispatch = (irp: Irp) => Call<NtStatus>;

/** NDIS_DEVICE_OBJECT_ATTRIBUTES. */
export interface NdisDeviceObjectAttributes {
  readonly DeviceName: string;
  readonly SymbolicName: string;
  readonly MajorFunctions: Partial<Record<IrpMajor, Dispatch>>;
}

/** NET_BUFFER_LIST_POOL_PARAMETERS. */
/** What NDIS puts in front of the data of NET_BUFFERs that it derives from others. */
export interface NewDataSpace {
  /** Used data space: DataOffsetDelta. */
  readonly used: number;
  /** Unused data space in front of it: DataBackFill. */
  readonly unused: number;
}

export interface NetBufferListPoolParameters {
  readonly fAllocateNetBuffer: boolean;
  readonly ContextSize: number;
  readonly PoolTag: string;
  readonly DataSize: number;
}

/** NDIS_TIMER_CHARACTERISTICS. The callback runs as a DPC at DISPATCH_LEVEL. */
export interface NdisTimerCharacteristics {
  readonly TimerFunction: (context: unknown) => Call<void>;
  readonly FunctionContext: unknown;
}

/** The exports. */
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
  KeGetCurrentIrql(): number;
  KeRaiseIrql(irql: number): Call<number>;
  KeLowerIrql(irql: number): Call<void>;
  /** An interlocked or plain access to shared data: a point where another processor may come first. */
  SharedAccess(what: string): Call<void>;

  // Timers and work items
  NdisAllocateTimerObject(handle: NdisHandle, characteristics: NdisTimerCharacteristics): Call<NdisHandle | null>;
  /** @returns true when it was already armed. @param periodMs 0 for one-shot */
  NdisSetTimerObject(timer: NdisHandle, dueMs: number, periodMs: number): Call<boolean>;
  /** @returns false when it was not in the queue: the callback has run, runs now, or was never armed. */
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
