import type { Crossing, NblView } from '../../../trace';
import { Asked } from './asked';
import { OidRelations } from './oid-relations';
import { hasResources } from './statuses';

/** `Unknown`: the trace began after the module did, or crossings were lost. */
export type State =
  'Unknown' | 'Attaching' | 'Paused' | 'Restarting' | 'Running' | 'Pausing' | 'Detaching' | 'Detached';

/** How an NBL and a module stand to each other. */
export interface Relation {
  readonly nbl: string;
  /** The module allocated or first showed it (`own`), or a neighbour handed it in as a send or a receive. */
  kind: 'own' | 'send' | 'receive';
  /**
   * `held`: in the module's hands. `below`/`above`: handed on, not back. `back`: came back, still to be handed home.
   * `home`: handed home (pass-through), or freed.
   */
  place: 'held' | 'below' | 'above' | 'back' | 'home';
  /** Delivered or indicated with NDIS_RECEIVE_FLAGS_RESOURCES. */
  resources: boolean;
  /** The crossing that gave it to the module (delivery, allocation, or first hand-over). */
  since: Crossing;
  /** The crossing that moved it last. */
  moved: Crossing;
  /** Where the module handed it on, below or above, last; undefined when it has kept it so far. */
  handedOn: Crossing | undefined;
  /** As it looked when it was delivered to the module. */
  snapshot: NblView;
}

/** An OID request that a module has something to do with. */
export interface OidRelation {
  readonly request: string;
  readonly oid: string;
  /** `upper`: handed in from above. `own`: originated. `clone`: forwards `original`. */
  readonly kind: 'upper' | 'own' | 'clone';
  readonly original?: string;
  place: 'held' | 'below' | 'back' | 'home';
  since: Crossing;
  moved: Crossing;
  /** NdisFOidRequest, or FilterOidRequest, returned NDIS_STATUS_PENDING; undefined before it returned. */
  pended?: boolean | undefined;
  /** What the module was when the request came to it from above. */
  readonly arrivedIn?: State;
  /** Of a request from above: the clone that went down for it last. */
  forward?: OidRelation;
  /** Of a request from above: the attempt to clone it that failed. */
  cloneFailed?: Crossing;
}

/** Everything the crossings tell of one attached instance. */
export interface ModuleBook {
  readonly name: string;
  adapter: string | undefined;
  state: State;
  /** The crossing that brought it into this state. */
  since: Crossing;
  /** The trace shows the module from FilterAttach on, without a gap. */
  known: boolean;
  /**
   * The trace shows it from FilterAttach or from a FilterRestart on: a correct filter begins both with nothing in its hands, so what it
   * sends or indicates without having been handed it is its own.
   */
  epochKnown: boolean;
  handle: string | undefined;
  context: string | undefined;
  attach: Crossing | undefined;
  /** Restarts that succeeded. */
  restarts: number;
  /** Why it is Paused. */
  pausedBecause: 'attached' | 'paused' | 'restart failed' | undefined;
  /** `->FilterPause` of the current or last pause. */
  pauseEntry: Crossing | undefined;
  /** `<-FilterPause`, once it is there. */
  pauseExit: Crossing | undefined;
  /**
   * The first crossing at which the gate must be closed: the pausing thread waits, gives something back or returns. What
   * began before it may have come first to the filter's lock.
   */
  pauseBarrier: Crossing | undefined;
  /** `=>NdisFPauseComplete` of the current or last pause. */
  pauseComplete: Crossing | undefined;
  /** What completed the last pause. */
  pauseEnd: Crossing | undefined;
  restartEntry: Crossing | undefined;
  restartExit: Crossing | undefined;
  restartComplete: Crossing | undefined;
  detachEntry: Crossing | undefined;
  detachExit: Crossing | undefined;
  /** The first crossing at which FilterDetach is seen waiting: from here on nothing may begin for the module. */
  detachBarrier: Crossing | undefined;
  /** Data entry points that are not NULL; undefined when unknown. */
  handlers: ReadonlySet<string> | undefined;
  /** The same before a change that NDIS has not answered. */
  handlersBefore: ReadonlySet<string> | undefined;
  readonly nbls: Asked<Relation>;
  readonly oids: OidRelations;
  /** Calls of NdisFSynchronousOidRequest that have not been seen to return. */
  readonly synchronousOids: Set<Crossing>;
  /** How many NBLs are in which relation, kept up to date by the books. */
  ownSendsOut: number;
  ownReceivesOut: number;
  heldSends: number;
  heldReceives: number;
}

/** NDIS skips a module without the callback: what it has handed on of others does not pass it on the way back. */
export function neverComesBack({ handlers }: ModuleBook, relation: Relation): boolean {
  if (!handlers || relation.kind === 'own') return false;
  if (relation.place === 'below') return !handlers.has('FilterSendNetBufferListsComplete');
  if (relation.place !== 'above' || handlers.has('FilterReturnNetBufferLists')) return false;
  // Lent ones are back when the call returns.
  return !relation.resources && !hasResources(relation.handedOn?.args?.['flags']);
}

export function newModuleBook(name: string, crossing: Crossing): ModuleBook {
  return {
    name,
    adapter: crossing.adapter,
    state: 'Unknown',
    since: crossing,
    known: false,
    epochKnown: false,
    handle: undefined,
    context: undefined,
    attach: undefined,
    restarts: 0,
    pausedBecause: undefined,
    pauseEntry: undefined,
    pauseExit: undefined,
    pauseBarrier: undefined,
    pauseComplete: undefined,
    pauseEnd: undefined,
    restartEntry: undefined,
    restartExit: undefined,
    restartComplete: undefined,
    detachEntry: undefined,
    detachExit: undefined,
    detachBarrier: undefined,
    handlers: undefined,
    handlersBefore: undefined,
    nbls: new Asked(),
    oids: new OidRelations(),
    synchronousOids: new Set(),
    ownSendsOut: 0,
    ownReceivesOut: 0,
    heldSends: 0,
    heldReceives: 0,
  };
}
