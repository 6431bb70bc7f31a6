/**
 * The vocabulary of crossings: what every adapter records and every judge reads (`trace/1`).
 *
 * A crossing is one entry or exit at the border between NDIS (or the I/O manager, or a kernel timer) and the
 * filter driver under test. Neighbours (miniport, protocol, other filters) record crossings too, marked with
 * `neighbour`, so that a reader sees the whole story; no rule for filters is judged on those.
 */

/**
 * `->` NDIS enters a handler of the driver, `<-` the handler returns, `=>` the driver calls an export, `<=` the
 * export returns, `!!` something the adapter observed that is not a call (an access to memory the driver does
 * not own, a bugcheck, a hang, quiescence).
 */
export type Direction = '->' | '<-' | '=>' | '<=' | '!!';

/** PASSIVE_LEVEL, APC_LEVEL, DISPATCH_LEVEL and above. */
export type Irql = number;
export const PASSIVE_LEVEL: Irql = 0;
export const APC_LEVEL: Irql = 1;
export const DISPATCH_LEVEL: Irql = 2;

/** One NET_BUFFER as it looked at the moment of the crossing. */
export interface NetBufferView {
  /** Identity, stable from allocation to free. */
  readonly nb: string;
  readonly dataOffset?: number;
  readonly dataLength?: number;
  /** Identities of the MDLs of the chain, joined with `+`. */
  readonly mdls?: string;
}

/** One NET_BUFFER_LIST as it looked at the moment of the crossing. The order in `nbls` is the order of the chain. */
export interface NblView {
  /** Identity, stable from allocation to free. An identity may be used again after the free. */
  readonly nbl: string;
  /** SourceHandle: the `handle` of the module (or neighbour) that originated it. */
  readonly source?: string;
  /** NDIS_STATUS name in NET_BUFFER_LIST.Status. */
  readonly status?: string;
  readonly nbs?: readonly NetBufferView[];
  /** NetBufferListCancelId, if set. */
  readonly cancelId?: string;
  /** Bytes of NET_BUFFER_LIST_CONTEXT space in use by drivers. */
  readonly context?: number;
}

/** A value in `args`. 64-bit values travel as strings. */
export type ArgValue = string | number | boolean | null | readonly string[];

/**
 * When a crossing took place. `exact`, or, for a black box, not before crossing `after` was written down, and not after crossing `before`
 * was, which may be this one itself.
 */
export type Certainty = 'exact' | { readonly after: number; readonly before: number };

export interface Crossing {
  /** 1, 2, 3 … without a gap. A gap means that crossings were lost. */
  readonly seq: number;
  readonly dir: Direction;
  /** Name of the DDI as the WDK spells it, an IRP major code (`IRP_MJ_WRITE`), or the name of an observation. */
  readonly ddi: string;
  /** The attached instance it concerns. A module that is attached again is a new one with a new name. */
  readonly module?: string;
  /** The adapter (miniport instance) whose stack it happens on. */
  readonly adapter?: string;
  /** Set when the crossing belongs to a neighbour and not to the driver under test: `miniport`, `protocol`, `filter:NAME`. */
  readonly neighbour?: string;
  /** Thread of execution. Crossings of one thread nest properly. */
  readonly thread?: string;
  readonly cpu?: number;
  readonly irql?: Irql;
  /** Spin locks held by the thread, outermost first. Absent when unknown, empty when none is held. */
  readonly locks?: readonly string[];
  /** Milliseconds since the start of the trace (virtual time in simulator and emulator). */
  readonly time?: number;
  /** On `<-` and `<=`: the returned status by its WDK name; other results are in `args`. */
  readonly status?: string;
  readonly args?: Readonly<Record<string, ArgValue>>;
  readonly nbls?: readonly NblView[];
  readonly certainty?: Certainty;
}

/** Names of the `!!` observations. */
export const OBSERVATION = {
  /**
   * The driver's code touched an object that it does not hold at that moment or that was freed. args: `object`
   * (identity of an NBL, an OID request or a memory block), `what` ('nbl' | 'memory' | 'oid'), `access` ('read' | 'write' | 'free'),
   * `field`, `scope` (module name or 'driver': whose allocation it was), `freed` (boolean).
   */
  Access: 'Access',
  /**
   * The system stopped. args: `code` ('0x3B'), `name`, `reason`, `p1`..`p4`; of machine code `instruction`, `registers`,
   * `stack` (innermost first) and, when a pool block was hit, `blockTag`, `blockAddress`, `blockLength`, `blockOffset`, `blockAllocatedAt`, `blockFreedAt` with
   * `blockAllocationStack` and `blockFreeStack`. Nothing follows in this boot.
   */
  Bugcheck: 'Bugcheck',
  /** A thread can never go on. args: `waitsFor`, `heldBy` (thread), `inside` (innermost handler). */
  Hang: 'Hang',
  /** Nothing more will happen without a new stimulus (args: none). What is owed by now is owed for good. */
  Quiescent: 'Quiescent',
  /**
   * A black box saw that a module is in a state. args: `state` ('Detached' | 'Attaching' | 'Paused' | 'Restarting' | 'Running' | 'Pausing' |
   * 'Detaching'). Each life of a module has a name of its own.
   */
  ModuleState: 'ModuleState',
  /**
   * A black box saw that somebody below holds a frame. args: `frame` (its name, which no other frame gets, not even itself once it was given
   * back), `at` ('below': with the miniport), `origin` ('filter' | 'neighbour'). `module`: who originated it, where that is known.
   */
  Frame: 'Frame',
} as const;

/** A crossing before the recorder has numbered it and added the column of the thread. */
export type CrossingDraft = Omit<Crossing, 'seq' | 'thread' | 'cpu' | 'irql' | 'locks' | 'time'> &
  Partial<Pick<Crossing, 'thread' | 'cpu' | 'irql' | 'locks' | 'time'>>;

/** First line of a trace file. */
export interface TraceHeader {
  readonly schema: 'trace/1';
  /** What recorded it, e.g. `simulator`. */
  readonly adapter?: string;
  /** Name of the driver under test. */
  readonly driver?: string;
  readonly seed?: number;
  /** True when the trace starts before DriverEntry; otherwise states are unknown until a lifecycle crossing tells them. */
  readonly complete?: boolean;
  readonly scenario?: string;
}
