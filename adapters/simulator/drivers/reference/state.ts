import type { Event, RundownRef, SpinLock } from '../../../../src/kernel';
import type { NdisStatus } from '../../../../src/ndis/status';
import type { NdisHandle, NdisOidRequest, NetBufferList } from '../../../../src/ndis/wdk';

/** Everything that belongs to the driver as a whole. Lives from DriverEntry until after NdisFDeregisterFilterDriver. */
export interface Globals {
  /** Guards `modules`. */
  readonly lock: SpinLock;
  /** Attached modules, in the order they attached. A module that is being detached is no longer here. */
  modules: FilterModule[];
  driverHandle: NdisHandle | null;
  deviceHandle: NdisHandle | null;
}

/** Where a module is in its life. The gate decides who may pass; this is for requests and for a reader in the debugger. */
export type LifecycleState = 'Paused' | 'Restarting' | 'Running' | 'Pausing';

/** NBLs that this module originated and that have not come back. */
export type Outstanding = Record<'sends' | 'receives', number>;

/** FilterModuleContext: one for each attached instance, from FilterAttach to FilterDetach. */
export interface FilterModule {
  readonly filterHandle: NdisHandle;
  readonly adapterName: string;

  /** Held while someone who is not a handler of NDIS uses the module: an IRP, an armed timer, a queued work item. */
  readonly users: RundownRef;
  /** Open exactly while the module is Running: data passes only with a reference on it. */
  readonly gate: RundownRef;
  /** Guards everything below. Never held across a call into NDIS that can come back. */
  readonly lock: SpinLock;

  state: LifecycleState;
  /** True between NetEventSetPower(Dx) and NetEventSetPower(D0). */
  lowPower: boolean;
  outstanding: Outstanding;
  /** FilterPause returned NDIS_STATUS_PENDING and NdisFPauseComplete was not called yet. */
  pausePending: boolean;

  holdingSends: boolean;
  heldSends: NetBufferList[];
  holdingReceives: boolean;
  heldReceives: NetBufferList[];

  modifyingData: boolean;
  /** NBLs on their way through that carry our header. A C driver keeps this mark in the context space of the NBL. */
  modified: Set<NetBufferList>;

  /** The data handlers are to be left out (bypass) from the next FilterSetModuleOptions on. */
  bypass: boolean;

  /** OID requests that the driver originated on this module and that have not completed. */
  ownOids: OwnOid[];
  /** RequestId of the request from above that was forwarded and has not completed; null when there is none. */
  forwardedRequestId: unknown;
  /** The packet filter before an application changed it; undefined when it was not changed. */
  packetFilterToRestore: unknown;

  /** Template of the frames we originate, sized to the MTU of the present epoch. */
  frame: { length: number } | null;
  pool: NdisHandle | null;
  sendTimer: NdisHandle | null;
  statusTimer: NdisHandle | null;
  holdTimer: NdisHandle | null;
}

/** One OID request of our own, from NdisFOidRequest to its completion. */
export interface OwnOid {
  readonly request: NdisOidRequest;
  readonly done: Event;
  status: NdisStatus;
}

/** FsContext: one for each open handle. It names its adapter and points at nothing that can go away. */
export interface OpenHandle {
  readonly adapterName: string;
}
