/**
 * The rig: what a scenario may do, and what it may see. Every call is async and every value plain data, so that a rig may be
 * another process or another machine. A scenario never blocks in a call: what does not end at once is an `Operation`.
 */
import type { Crossing, ModuleState } from '../../src/trace';
import type { AdapterCapability, Ask, DriverProfile } from './profile';

export type { ModuleState };

/** A network adapter (miniport instance) by its name in the scenario: `A`, `B`. */
export type AdapterName = string;
/** An application by its name in the scenario. */
export type AppName = string;

/** Something under way. Ask `operation(id)` how it stands. */
export interface Operation {
  readonly id: number;
}

export type OperationState =
  | { readonly state: 'pending' }
  /** `status`: NDIS_STATUS or NTSTATUS name, NDIS_STATUS_SUCCESS where the operation has none. */
  | { readonly state: 'done'; readonly status: string }
  | { readonly state: 'crashed'; readonly bugcheck: string };

/** One layer between miniport and protocol, bottom first. `dut`: a module of the driver under test. */
export type Layer = 'dut' | 'neighbour';

export interface AdapterSpec {
  /** Bottom to top. Default: one module of the driver under test. */
  readonly layers?: readonly Layer[];
  /** The driver under test is a mandatory filter on it (default: optional). */
  readonly mandatory?: boolean;
  /** The miniport keeps its data path across sleep (NDIS_MINIPORT_ATTRIBUTES_NO_PAUSE_ON_SUSPEND). */
  readonly noPauseOnSuspend?: boolean;
}

/** How a neighbour gives back what it was handed. */
export type GiveBack = 'hold' | 'inside-the-call' | 'later';

export interface NeighbourPolicy {
  /** Sends that reach the miniport. Default `later`. */
  readonly miniportSends?: GiveBack;
  /** Status with which the miniport completes sends. Default NDIS_STATUS_SUCCESS. */
  readonly sendStatus?: string;
  /** Receives that reach the protocol. Default `later`. */
  readonly protocolReceives?: GiveBack;
  /** OID requests that reach the miniport. Default `inside-the-call`. */
  readonly miniportOids?: GiveBack;
  readonly oidStatus?: string;
  /** The filter above refuses or the protocol vetoes NetEventQueryRemoveDevice / QueryPower. */
  readonly protocolVetoes?: boolean;
}

/** NBLs or OID requests handed to the stack by a neighbour in one stimulus. */
export interface Batch {
  readonly id: number;
  /** Identities as they appear in the trace. */
  readonly items: readonly string[];
}

export interface Selection {
  /** How many, oldest first. Default all. */
  readonly count?: number;
  readonly items?: readonly string[];
  /** `newest-first` reverses. */
  readonly order?: 'oldest-first' | 'newest-first';
  /** Hand all back in one chain (default), or each in a call of its own. */
  readonly oneChain?: boolean;
  readonly status?: string;
  /** IRQL of the call: DISPATCH_LEVEL by default for completions. */
  readonly passive?: boolean;
  /** Only those that the driver under test originated, or only those that passed through. */
  readonly origin?: 'filter' | 'neighbour';
}

/** What one neighbour has in its hands or got back. */
export interface HeldItem {
  readonly item: string;
  readonly origin: 'filter' | 'neighbour';
  readonly module?: string;
}

export interface NeighbourBooks {
  /** Sends the miniport holds. */
  readonly miniportSends: readonly HeldItem[];
  /** Receives the protocol holds. */
  readonly protocolReceives: readonly HeldItem[];
  /** OID requests the miniport holds. */
  readonly miniportOids: readonly HeldItem[];
  /** Sends of the neighbours above that came back, with their final status, oldest first. */
  readonly sendsBack: readonly { readonly item: string; readonly status: string }[];
  /** Receives of the miniport that were returned, oldest first. */
  readonly receivesBack: readonly string[];
  /** OID requests from above that were completed. */
  readonly oidsBack: readonly { readonly item: string; readonly status: string }[];
  /** Status indications that reached the protocol. */
  readonly statusesAbove: readonly string[];
  /** NetPnP events that reached the protocol. */
  readonly netPnPEventsAbove: readonly string[];
  /** Device PnP events that reached the miniport. */
  readonly devicePnPEventsBelow: readonly string[];
  /** Cancel ids that reached the miniport. */
  readonly cancelsBelow: readonly string[];
  /** Lists that the adapter cannot see; they are empty, and say nothing. Default none. */
  readonly unseen?: readonly NeighbourList[];
}

export type NeighbourList = Exclude<keyof NeighbourBooks, 'unseen'>;

export interface ModuleView {
  /** Name as in the trace. */
  readonly module: string;
  readonly adapter: AdapterName;
  /** Position among the modules of the driver under test on that adapter, 0 = lowest. */
  readonly position: number;
  readonly state: ModuleState;
  /** Restarts that succeeded so far. */
  readonly restarts: number;
}

/** Where to stop a thread of the driver: in front of this call, or before a handler returns. */
export interface StopPoint {
  /**
   * `NdisFSendNetBufferLists`; `->FilterPause` for the entry of a handler, `<-FilterPause` for its return; `*` for the first call
   * inside the handler `inside` that is a crossing (locks and the like are none), and for its return when it makes none.
   */
  readonly point: string;
  /** Only inside this handler (`IRP_MJ_WRITE`). */
  readonly inside?: string;
}

export interface Rig {
  readonly profile: DriverProfile;

  // ---- what the administrator and NDIS do ------------------------------------------------------------------
  /** Loads the image and runs DriverEntry. Done with its status. */
  load(): Promise<Operation>;
  /** Stops the service: DriverUnload. */
  unload(): Promise<Operation>;
  /** Plugs an adapter in without starting its stack: miniport initialised and Paused, no filter attached. */
  addAdapter(adapter: AdapterName, spec?: AdapterSpec): Promise<void>;
  /** Filters attach, bottom to top. */
  attach(adapter: AdapterName): Promise<Operation>;
  /** Stack restart: miniport, options of all modules, filters bottom to top, protocol. */
  restart(adapter: AdapterName): Promise<Operation>;
  /** Stack pause: protocol, filters top to bottom, miniport. */
  pause(adapter: AdapterName): Promise<Operation>;
  /** Filters detach, top to bottom; pauses first where something still runs. */
  detach(adapter: AdapterName): Promise<Operation>;
  /** The user enables the adapter (S1). */
  enableAdapter(adapter: AdapterName): Promise<Operation>;
  /** The user disables the adapter in Network Connections (S2). */
  disableAdapter(adapter: AdapterName): Promise<Operation>;
  surpriseRemove(adapter: AdapterName): Promise<Operation>;
  insertFilter(adapter: AdapterName, where: 'above' | 'below', layer: Layer): Promise<Operation>;
  removeFilter(adapter: AdapterName, where: 'above' | 'below', layer: Layer): Promise<Operation>;
  bindProtocol(adapter: AdapterName): Promise<Operation>;
  unbindProtocol(adapter: AdapterName): Promise<Operation>;
  suspend(adapter: AdapterName): Promise<Operation>;
  resume(adapter: AdapterName): Promise<Operation>;
  netPnPEvent(adapter: AdapterName, event: string): Promise<Operation>;
  devicePnPEvent(adapter: AdapterName, event: string): Promise<Operation>;

  // ---- what the application does ---------------------------------------------------------------------------
  openHandle(app: AppName, adapter: AdapterName): Promise<Operation>;
  /** Cleanup and close. */
  closeHandle(app: AppName): Promise<Operation>;
  /** Puts a request to the driver through the application's handle. Done with the IRP's status. */
  ask(app: AppName, what: Ask, count?: number): Promise<Operation>;
  /** Cancels the IRPs of the application that are pending. */
  cancelRequests(app: AppName): Promise<void>;

  // ---- what the neighbours do ------------------------------------------------------------------------------
  setNeighbours(adapter: AdapterName, policy: NeighbourPolicy): Promise<void>;
  /** Late sends (at a Paused module) are allowed where the adapter has `lateTraffic`. */
  sendFromAbove(
    adapter: AdapterName,
    what: {
      readonly count: number;
      readonly cancelId?: string;
      readonly netBuffersEach?: number;
      readonly passive?: boolean;
    },
  ): Promise<Batch>;
  receiveFromBelow(
    adapter: AdapterName,
    what: { readonly count: number; readonly lowResources?: boolean },
  ): Promise<Batch>;
  completeSends(adapter: AdapterName, which?: Selection): Promise<void>;
  returnReceives(adapter: AdapterName, which?: Selection): Promise<void>;
  cancelSends(adapter: AdapterName, cancelId: string): Promise<void>;
  oidFromAbove(adapter: AdapterName, oid: string, type?: 'query' | 'set'): Promise<Operation>;
  cancelOidFromAbove(adapter: AdapterName): Promise<void>;
  completeOids(adapter: AdapterName, which?: Selection): Promise<void>;
  statusFromBelow(adapter: AdapterName, code: string): Promise<void>;

  // ---- order, time and memory ------------------------------------------------------------------------------
  /** Stops the next thread of the driver that comes to the point (capability `scheduleControl`). */
  stopBefore(point: StopPoint): Promise<void>;
  /** The points at which threads are stopped now, as `StopPoint` spells them; never `*`. */
  stopped(): Promise<readonly string[]>;
  /** Lets stopped threads go on. */
  letGo(): Promise<void>;
  letTimePass(milliseconds: number): Promise<void>;
  /** The next `count` allocations of the kind fail (`any`, `nbl`, `memory`, `oid-clone`, `pool`). */
  failAllocations(count: number, kind?: 'any' | 'nbl' | 'memory' | 'oid-clone' | 'pool'): Promise<void>;

  // ---- what can be seen ------------------------------------------------------------------------------------
  operation(operation: Operation): Promise<OperationState>;
  /** Crossings with seq > `after`, in order. */
  trace(after?: number): Promise<readonly Crossing[]>;
  /** Modules of the driver under test that are or were attached, oldest first. */
  modules(): Promise<readonly ModuleView[]>;
  neighbours(adapter: AdapterName): Promise<NeighbourBooks>;
  /** Nothing more will happen without a new stimulus. Every call above settles by itself. */
  settle(): Promise<void>;
  /** The bugcheck that stopped the system, as `NAME (0xCODE): reason`. */
  bugcheck(): Promise<string | undefined>;
  /** Idempotent; leaves the machine as it was found. */
  close(): Promise<void>;
}

export interface RigOptions {
  readonly seed: number;
  /** `run-to-block` (default): a thread is left only when it blocks. `random`: threads interleave, from the seed. */
  readonly schedule?: 'run-to-block' | 'random';
}

export interface Capabilities {
  readonly adapter: readonly AdapterCapability[];
  readonly observation: 'black-box' | 'white-box' | 'memory';
}

/** Where drivers under test come from: the simulator, the emulator, a lab machine, a child process. */
export interface Adapter {
  readonly name: string;
  capabilities(): Promise<Capabilities>;
  /** Profile of the driver under test. */
  profile(): Promise<DriverProfile>;
  open(options: RigOptions): Promise<Rig>;
  /** Name of the driver under test. */
  readonly driver: string;
  /** The same adapter with another driver that the kit ships for it (an exhibit), or undefined when it has none of that name. */
  exhibit(driver: string): Adapter | undefined;
}
