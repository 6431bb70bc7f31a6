/**
 * The structures of Windows that a simulated filter driver sees, under their WDK names. Handles are opaque; a status is its WDK
 * name. Where the WDK has an out parameter, an export takes an `Out` object.
 */
import type { Call } from '../kernel';
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

/** NDIS_LINK_STATE: the buffer of NDIS_STATUS_LINK_STATE. Speeds in bits a second. */
export interface NdisLinkState {
  MediaConnectState: 'MediaConnectStateConnected';
  MediaDuplexState: 'MediaDuplexStateFull';
  XmitLinkSpeed: bigint;
  RcvLinkSpeed: bigint;
}

/** Bytes of NDIS_LINK_STATE. */
export const LINK_STATE_SIZE = 0x28;

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
  /** Type, revision and size of its header do not go together: NDIS refuses it, whatever else it says. */
  readonly HeaderIsBad?: boolean;
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
  /** What it puts into `callContext` comes back to the completion handler, which is called if and only if this returns success. */
  readonly SynchronousOidRequestHandler?:
    ((module: Context, request: NdisOidRequest, callContext: { value: unknown }) => Call<NdisStatus>) | null;
  /** It may change the status. */
  readonly SynchronousOidRequestCompleteHandler?:
    | ((module: Context, request: NdisOidRequest, status: { value: NdisStatus }, callContext: unknown) => Call<void>)
    | null;
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

/** What NDIS puts in front of the data of NET_BUFFERs that it derives from others. */
export interface NewDataSpace {
  /** Used data space: DataOffsetDelta. */
  readonly used: number;
  /** Unused data space in front of it: DataBackFill. */
  readonly unused: number;
}

/** NET_BUFFER_LIST_POOL_PARAMETERS. */
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
