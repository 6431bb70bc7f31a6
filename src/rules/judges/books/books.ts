import type { Crossing, NblView } from '../../../trace';
import { ALLOCATING_RETURNS, FREEING_CALLS, Ledger } from './ledger';
import { NBL_ALLOCATION_RETURN_KEYS, NBL_FREE_KEYS } from './nbl-calls';
import { LowPower } from './low-power';
import { newModuleBook, type ModuleBook, type OidRelation, type Relation } from './module-book';
import { hasResources, PENDING, SUCCESS } from './statuses';
import { Stopping } from './stopping';
import { ThreadBook } from './thread-book';

/** Who allocated an NBL. */
export interface Allocation {
  readonly nbl: string;
  /** undefined: from a pool of the driver as a whole. */
  readonly module: string | undefined;
  readonly pool: string | undefined;
  readonly at: Crossing;
}

/** What is entered for one kind of crossing. */
export type Entry = (books: Books, crossing: Crossing) => void;

/** NBLs remembered that are over, so that a second completion is seen; bounded, so that memory is. */
const REMEMBERED = 4096;

/**
 * The independent bookkeeping that all judges share: module states from lifecycle crossings only, who has which NBL and
 * OID request, what each thread is inside of. Judges look before and after a crossing is entered.
 */
export class Books {
  readonly threads = new ThreadBook();
  /** Memory, pools, timers, work items and handles not given back. */
  readonly ledger = new Ledger();
  /** Modules that were told to stop or to sleep. */
  readonly stopping = new Stopping();
  readonly lowPower = new LowPower(this.threads);
  readonly modules = new Map<string, ModuleBook>();
  /** NBLs that the driver allocated and has not freed. */
  readonly allocations = new Map<string, Allocation>();
  /** The trace shows the driver from DriverEntry on, without a gap. */
  wholeStory = false;
  /** Clones that were asked for and whose names are not written down: a request that nobody knows may be one. */
  unnamedClones = 0;
  /** The crossings were lost before this one. */
  gap = false;
  private lastSeq = 0;
  private forgettable = 0;
  private askedModuleOf: Crossing | undefined;
  private askedModule: ModuleBook | undefined;
  private askedView: NblView | undefined;
  private askedViewAt: Crossing | undefined;
  private askedRelation: Relation | undefined;

  /** @param toldComplete the trace says of itself that it starts before DriverEntry */
  constructor(private readonly toldComplete = false) {}

  /** The book of the module that a crossing names; undefined for driver-wide crossings. */
  moduleOf(crossing: Crossing): ModuleBook | undefined {
    // Many judges ask for the same crossing in turn.
    if (crossing === this.askedModuleOf) return this.askedModule;
    const name = crossing.module;
    let book: ModuleBook | undefined;
    if (name !== undefined) {
      book = this.modules.get(name);
      if (!book) this.modules.set(name, (book = newModuleBook(name, crossing)));
    }
    this.askedModuleOf = crossing;
    this.askedModule = book;
    return book;
  }

  /**
   * The module that a crossing without a name must be about: its handle says it, the handler or call that it belongs to, or that
   * there is no other.
   * @returns undefined when it may be one of several
   */
  moduleMeantBy(crossing: Crossing): string | undefined {
    const { dir, ddi, seq } = crossing;
    const handle = crossing.args?.['handle'];
    if (dir === '->' && ddi === 'FilterAttach') return typeof handle === 'string' ? handle : `module of #${seq}`;
    if (dir === '<-' || dir === '<=') {
      const opener = this.threads.openerOf(crossing);
      if (opener?.module !== undefined) return opener.module;
    }
    const alive: string[] = [];
    for (const module of this.modules.values()) {
      if (handle !== undefined && module.handle === handle) return module.name;
      if (module.state !== 'Detached') alive.push(module.name);
    }
    const handler = this.threads
      .framesOf(crossing)
      .findLast((frame) => frame.dir === '->' && frame.module !== undefined);
    if (dir === '=>' && handler) return handler.module;
    if (this.modules.size === 0) return 'module';
    return alive.length === 1 ? alive[0] : undefined;
  }

  /** Before judges look: notices lost crossings. */
  beginning(crossing: Crossing): void {
    this.gap = this.lastSeq !== 0 && crossing.seq !== this.lastSeq + 1;
    if (this.lastSeq === 0) {
      this.wholeStory = crossing.seq === 1 && (this.toldComplete || BEGINNINGS.has(crossing.ddi));
    }
    this.lastSeq = crossing.seq;
    if (this.gap) this.forget(crossing);
    if (this.forgettable >= REMEMBERED) this.prune();
    const { dir, neighbour } = crossing;
    if ((dir === '=>' || dir === '<-') && neighbour === undefined)
      this.threads.endUnreturnedCalls(crossing, this.callEnded);
  }

  /** Enters a crossing. */
  take(crossing: Crossing, enter: Entry | undefined): void {
    this.threads.take(crossing);
    enter?.(this, crossing);
  }

  /** Kinds of crossings for which something is entered. */
  static *entered(): Iterable<[Crossing['dir'], string]> {
    for (const dir of Object.keys(Books.entries) as Crossing['dir'][]) {
      for (const ddi of Books.entries[dir].keys()) yield [dir, ddi];
    }
  }

  /** What is entered for a kind of crossing, besides the thread it is on. */
  static entryFor(dir: Crossing['dir'], ddi: string): Entry | undefined {
    return Books.entries[dir].get(ddi);
  }

  // ---- NBLs ------------------------------------------------------------------------------------------------

  /**
   * What an NBL is to the module that hands it to NDIS: known relation, or its own when nobody handed it in.
   * @returns undefined when that cannot be known (the trace does not show the module's whole life)
   */
  relationAtHandOver(module: ModuleBook, view: NblView, crossing: Crossing): Relation | undefined {
    if (crossing === this.askedViewAt && view === this.askedView) return this.askedRelation;
    this.askedRelation = this.findRelationAtHandOver(module, view, crossing);
    this.askedView = view;
    this.askedViewAt = crossing;
    return this.askedRelation;
  }

  private findRelationAtHandOver(module: ModuleBook, view: NblView, crossing: Crossing): Relation | undefined {
    const known = module.nbls.get(view.nbl);
    if (known && (known.place !== 'home' || known.kind === 'own')) return known;
    const allocation = this.allocations.get(view.nbl);
    // What went home may have been freed since, and its identity be in use for another one.
    const own = allocation
      ? allocation.module === undefined || allocation.module === module.name || !known
      : saysItIsFrom(module, view, crossing) || (!known && module.epochKnown);
    if (!own) return known;
    const relation: Relation = {
      nbl: view.nbl,
      kind: 'own',
      place: 'held',
      resources: false,
      since: allocation?.at ?? crossing,
      moved: allocation?.at ?? crossing,
      handedOn: undefined,
      snapshot: view,
    };
    module.nbls.set(view.nbl, relation);
    return relation;
  }

  private deliver(kind: 'send' | 'receive', crossing: Crossing): void {
    const module = this.moduleOf(crossing);
    if (!module || !crossing.nbls) return;
    const resources = kind === 'receive' && hasResources(crossing.args?.['flags']);
    for (const view of crossing.nbls) {
      const before = module.nbls.get(view.nbl);
      if (before) {
        // The same NBL again, as miniports and protocols do: the old relation is over.
        this.uncount(module, before);
        before.kind = kind;
        before.place = 'held';
        before.resources = resources;
        before.since = crossing;
        before.moved = crossing;
        before.snapshot = view;
        before.handedOn = undefined;
        this.count(module, before);
        continue;
      }
      const relation: Relation = {
        nbl: view.nbl,
        kind,
        place: 'held',
        resources,
        since: crossing,
        moved: crossing,
        handedOn: undefined,
        snapshot: view,
      };
      module.nbls.set(view.nbl, relation);
      this.count(module, relation);
    }
  }

  private handOver(place: 'below' | 'above', crossing: Crossing): void {
    const module = this.moduleOf(crossing);
    if (!module || !crossing.nbls) return;
    for (const view of crossing.nbls) {
      const relation = this.relationAtHandOver(module, view, crossing);
      if (!relation) continue;
      const resources =
        relation.kind === 'own' && place === 'above' ? hasResources(crossing.args?.['flags']) : relation.resources;
      this.move(module, relation, place, crossing, resources);
      relation.handedOn = crossing;
    }
  }

  /** A change that NDIS refuses changes nothing. */
  private handlersAnswered(crossing: Crossing): void {
    const module = this.moduleOf(crossing);
    if (!module?.handlersBefore) return;
    if (crossing.status !== undefined && crossing.status !== SUCCESS) module.handlers = module.handlersBefore;
    module.handlersBefore = undefined;
  }

  /** The return of a call was left out. */
  private readonly callEnded = (call: Crossing): void => {
    if (call.ddi === 'NdisFIndicateReceiveNetBufferLists') this.regain(call, call);
  };

  /** An indication with RESOURCES is over when the call returns: the chain is the filter's again. */
  private regain(opened: Crossing | undefined, crossing: Crossing): void {
    const module = this.moduleOf(crossing);
    if (!module || !opened?.nbls || !hasResources(opened.args?.['flags'])) return;
    for (const view of opened.nbls) {
      const relation = module.nbls.get(view.nbl);
      if (relation?.place === 'above') this.move(module, relation, relation.kind === 'own' ? 'held' : 'back', crossing);
    }
  }

  private comeBack(from: 'below' | 'above', crossing: Crossing): void {
    const module = this.moduleOf(crossing);
    if (!module || !crossing.nbls) return;
    for (const view of crossing.nbls) {
      const relation = module.nbls.get(view.nbl);
      if (relation) this.move(module, relation, relation.kind === 'own' ? 'held' : 'back', crossing);
      else if (!module.known) this.learn(module, view, from === 'below' ? 'send' : 'receive', crossing);
    }
  }

  /** Comes back although the trace never showed it going: only that it is here now is known. */
  private learn(module: ModuleBook, view: NblView, kind: 'send' | 'receive', crossing: Crossing): void {
    // It may as well be the module's own, unless its SourceHandle says otherwise.
    if (view.source === undefined || module.handle === undefined || view.source === module.handle) return;
    module.nbls.set(view.nbl, {
      nbl: view.nbl,
      kind,
      place: 'back',
      resources: false,
      since: crossing,
      moved: crossing,
      handedOn: undefined,
      // How it looked when it was delivered is unknown.
      snapshot: { nbl: view.nbl, source: view.source },
    });
  }

  private handHome(crossing: Crossing): void {
    const module = this.moduleOf(crossing);
    if (!module || !crossing.nbls) return;
    for (const view of crossing.nbls) {
      const relation = module.nbls.get(view.nbl);
      if (relation) this.move(module, relation, 'home', crossing);
    }
  }

  /** Returning from the receive handler gives a RESOURCES chain back. */
  private leaveReceive(crossing: Crossing): void {
    const opened = this.threads.opener;
    const module = this.moduleOf(crossing);
    if (!module || !opened?.nbls || !hasResources(opened.args?.['flags'])) return;
    for (const view of opened.nbls) {
      const relation = module.nbls.get(view.nbl);
      if (relation?.since === opened) this.move(module, relation, 'home', crossing);
    }
  }

  private move(
    module: ModuleBook,
    relation: Relation,
    place: Relation['place'],
    crossing: Crossing,
    resources = relation.resources,
  ): void {
    this.uncount(module, relation);
    relation.place = place;
    relation.moved = crossing;
    relation.resources = resources;
    this.count(module, relation);
    if (isForgettable(relation)) this.forgettable += 1;
  }

  private count(module: ModuleBook, relation: Relation): void {
    this.tally(module, relation, 1);
  }

  private uncount(module: ModuleBook, relation: Relation): void {
    this.tally(module, relation, -1);
  }

  private tally(module: ModuleBook, { kind, place, resources }: Relation, by: 1 | -1): void {
    if (kind === 'own') {
      if (place === 'below') module.ownSendsOut += by;
      else if (place === 'above') module.ownReceivesOut += by;
    } else if (place === 'held' || place === 'back') {
      if (kind === 'send') module.heldSends += by;
      else if (!resources) module.heldReceives += by;
    }
  }

  /** What is over is kept only for a while. */
  private prune(): void {
    this.forgettable = 0;
    for (const { nbls } of this.modules.values())
      for (const [nbl, relation] of nbls) if (isForgettable(relation)) nbls.delete(nbl);
  }

  private allocate(crossing: Crossing): void {
    const module = this.moduleOf(crossing);
    const pool = crossing.args?.['pool'];
    for (const view of crossing.nbls ?? []) {
      this.allocations.set(view.nbl, {
        nbl: view.nbl,
        module: module?.name,
        pool: typeof pool === 'string' ? pool : undefined,
        at: crossing,
      });
      module?.nbls.delete(view.nbl);
    }
  }

  private free(crossing: Crossing): void {
    for (const view of crossing.nbls ?? []) {
      const allocation = this.allocations.get(view.nbl);
      this.allocations.delete(view.nbl);
      const owner = this.moduleOf(crossing) ?? this.modules.get(allocation?.module ?? '');
      const relation = owner?.nbls.get(view.nbl);
      if (owner && relation?.kind === 'own') {
        this.uncount(owner, relation);
        owner.nbls.delete(view.nbl);
      }
    }
  }

  // ---- OID requests ----------------------------------------------------------------------------------------

  private oidDelivered(crossing: Crossing): void {
    const module = this.moduleOf(crossing);
    const request = crossing.args?.['request'];
    if (!module || typeof request !== 'string') return;
    module.oids.set(request, {
      request,
      oid: String(crossing.args?.['oid'] ?? ''),
      kind: 'upper',
      place: 'held',
      since: crossing,
      moved: crossing,
      arrivedIn: module.state,
    });
  }

  private oidHandlerLeft(crossing: Crossing): void {
    const module = this.moduleOf(crossing);
    const entry = this.threads.opener;
    const request = entry?.args?.['request'];
    const relation = typeof request === 'string' ? module?.oids.get(request) : undefined;
    // The request may be over already, and its structure be in use for the next one.
    if (!relation || relation.since !== entry) return;
    if (crossing.status === PENDING) relation.pended = true;
    else if (crossing.status !== undefined) this.moveOid(relation, 'home', crossing);
  }

  private oidCloned(crossing: Crossing): void {
    const module = this.moduleOf(crossing);
    const clone = crossing.args?.['clone'];
    const original = this.threads.opener?.args?.['request'] ?? crossing.args?.['request'];
    const failed = crossing.status !== undefined && crossing.status !== SUCCESS;
    if (typeof clone === 'string' || failed) this.unnamedClones = Math.max(0, this.unnamedClones - 1);
    if (!module || typeof original !== 'string') return;
    const cloned = module.oids.get(original);
    if (typeof clone !== 'string') {
      if (cloned && crossing.status !== undefined) cloned.cloneFailed = crossing;
      return;
    }
    module.oids.set(clone, {
      request: clone,
      oid: cloned?.oid ?? '',
      kind: 'clone',
      original,
      place: 'held',
      since: crossing,
      moved: crossing,
    });
  }

  private oidIssued(crossing: Crossing): void {
    const module = this.moduleOf(crossing);
    const request = crossing.args?.['request'];
    if (!module || typeof request !== 'string') return;
    const relation = this.oidAtIssue(module, request, crossing);
    if (!relation) return;
    this.moveOid(relation, 'below', crossing);
    relation.pended = undefined;
    const original = relation.original === undefined ? undefined : module.oids.get(relation.original);
    if (original) original.forward = relation;
  }

  /** What a request is to the module that hands it to NDIS; undefined when that cannot be known. */
  oidAtIssue(module: ModuleBook, request: string, crossing: Crossing): OidRelation | undefined {
    const known = module.oids.get(request);
    // What went home is over: its structure may be in use for another request.
    if (known && (known.place !== 'home' || !module.known)) return known;
    if (!module.known || this.unnamedClones > 0) return undefined;
    const relation: OidRelation = {
      request,
      oid: String(crossing.args?.['oid'] ?? ''),
      kind: 'own',
      place: 'held',
      since: crossing,
      moved: crossing,
    };
    module.oids.set(request, relation);
    return relation;
  }

  private oidCallReturned(crossing: Crossing): void {
    const module = this.moduleOf(crossing);
    const request = this.threads.opener?.args?.['request'] ?? crossing.args?.['request'];
    const relation = typeof request === 'string' ? module?.oids.get(request) : undefined;
    if (!relation || crossing.status === undefined) return;
    relation.pended = crossing.status === PENDING;
    if (!relation.pended && relation.place === 'below') this.moveOid(relation, 'back', crossing);
  }

  private oidCameBack(crossing: Crossing): void {
    const module = this.moduleOf(crossing);
    const request = crossing.args?.['request'];
    const relation = typeof request === 'string' ? module?.oids.get(request) : undefined;
    if (relation) this.moveOid(relation, 'back', crossing);
  }

  private oidCompleted(crossing: Crossing): void {
    const module = this.moduleOf(crossing);
    const request = crossing.args?.['request'];
    const relation = typeof request === 'string' ? module?.oids.get(request) : undefined;
    if (relation) this.moveOid(relation, 'home', crossing);
  }

  private cloneFreed(crossing: Crossing): void {
    const clone = crossing.args?.['clone'];
    if (typeof clone === 'string' && this.moduleOf(crossing)?.oids.delete(clone)) return;
    this.unnamedClones = Math.max(0, this.unnamedClones - 1);
  }

  private moveOid(relation: OidRelation, place: OidRelation['place'], crossing: Crossing): void {
    relation.place = place;
    relation.moved = crossing;
  }

  // ---- life ------------------------------------------------------------------------------------------------

  private enter(module: ModuleBook | undefined, state: ModuleBook['state'], crossing: Crossing): void {
    if (!module) return;
    module.state = state;
    module.since = crossing;
  }

  private attachEntered(crossing: Crossing): void {
    this.lowPower.attached(crossing);
    const module = this.moduleOf(crossing);
    if (!module) return;
    // The same name for another life: the trace says that it begins anew.
    Object.assign(module, newModuleBook(module.name, crossing));
    module.known = true;
    module.epochKnown = true;
    module.attach = crossing;
    const handle = crossing.args?.['handle'];
    module.handle = typeof handle === 'string' ? handle : undefined;
    module.handlers = this.defaultHandlers;
    this.enter(module, 'Attaching', crossing);
  }

  private attachLeft(crossing: Crossing): void {
    const module = this.moduleOf(crossing);
    if (!module) return;
    if (crossing.status === SUCCESS) module.pausedBecause = 'attached';
    this.enter(module, stateAfterAttach(crossing.status), crossing);
  }

  private restartEntered(crossing: Crossing): void {
    this.stopping.goesOn(crossing);
    this.lowPower.restarted(crossing);
    const module = this.moduleOf(crossing);
    if (!module) return;
    module.restartEntry = crossing;
    module.epochKnown = true;
    module.restartExit = undefined;
    module.restartComplete = undefined;
    this.enter(module, 'Restarting', crossing);
  }

  private restartLeft(crossing: Crossing): void {
    const module = this.moduleOf(crossing);
    if (!module) return;
    module.restartExit = crossing;
    // Its entry may have been left out.
    const isShown = module.state === 'Restarting' || (this.threads.opener === undefined && module.state === 'Paused');
    if (isShown && crossing.status !== PENDING) this.restartEnded(module, crossing.status, crossing);
  }

  private restartCompleted(crossing: Crossing): void {
    const module = this.moduleOf(crossing);
    if (!module) return;
    module.restartComplete ??= crossing;
    const status = crossing.args?.['status'];
    if (module.state === 'Restarting')
      this.restartEnded(module, typeof status === 'string' ? status : undefined, crossing);
  }

  private restartEnded(module: ModuleBook, status: string | undefined, crossing: Crossing): void {
    if (status === SUCCESS) {
      module.restarts += 1;
      this.enter(module, 'Running', crossing);
    } else if (status === undefined) {
      this.enter(module, 'Unknown', crossing);
    } else {
      module.pausedBecause = 'restart failed';
      this.enter(module, 'Paused', crossing);
    }
  }

  private netPnPEvent(crossing: Crossing): void {
    this.stopping.told(crossing);
    this.lowPower.told(crossing);
  }

  private pauseEntered(crossing: Crossing): void {
    const module = this.moduleOf(crossing);
    if (!module) return;
    module.pauseEntry = crossing;
    module.pauseExit = undefined;
    module.pauseBarrier = undefined;
    module.pauseComplete = undefined;
    module.pauseEnd = undefined;
    this.enter(module, 'Pausing', crossing);
  }

  private pauseLeft(crossing: Crossing): void {
    const module = this.moduleOf(crossing);
    if (!module) return;
    module.pauseExit = crossing;
    module.pauseBarrier ??= crossing;
    if (module.state === 'Pausing' && crossing.status !== PENDING && crossing.status !== undefined)
      this.pauseEnded(module, crossing);
  }

  private pauseCompleted(crossing: Crossing): void {
    const module = this.moduleOf(crossing);
    if (!module) return;
    module.pauseComplete ??= crossing;
    module.pauseBarrier ??= crossing;
    if (module.state === 'Pausing') this.pauseEnded(module, crossing);
  }

  private pauseEnded(module: ModuleBook, crossing: Crossing): void {
    module.pauseEnd = crossing;
    module.pausedBecause = 'paused';
    this.enter(module, 'Paused', crossing);
  }

  /** The pausing thread waits or gives something back: from here on the gate must be closed. */
  private drains(crossing: Crossing): void {
    const entry = this.threads.inside(crossing, 'FilterPause');
    const module = entry && this.moduleOf(entry);
    if (module && module.pauseEntry === entry) module.pauseBarrier ??= crossing;
  }

  private waits(crossing: Crossing): void {
    this.drains(crossing);
    const entry = this.threads.inside(crossing, 'FilterDetach');
    const module = entry && this.moduleOf(entry);
    if (module && module.detachEntry === entry) module.detachBarrier ??= crossing;
  }

  private detachEntered(crossing: Crossing): void {
    const module = this.moduleOf(crossing);
    if (!module) return;
    module.detachEntry = crossing;
    this.enter(module, 'Detaching', crossing);
  }

  private detachLeft(crossing: Crossing): void {
    const module = this.moduleOf(crossing);
    if (!module) return;
    module.detachExit = crossing;
    this.enter(module, 'Detached', crossing);
  }

  /** Entry points of the driver as registered, when the trace shows them. */
  defaultHandlers: ReadonlySet<string> | undefined;

  private registered(crossing: Crossing): void {
    const handlers = crossing.args?.['handlers'];
    if (Array.isArray(handlers)) this.defaultHandlers = new Set(handlers as readonly string[]);
  }

  private attributesSet(crossing: Crossing): void {
    const module = this.moduleOf(crossing);
    const context = crossing.args?.['context'];
    if (module && typeof context === 'string') module.context = context;
  }

  private handlersChanged(crossing: Crossing): void {
    const module = this.moduleOf(crossing);
    const handlers = crossing.args?.['handlers'];
    if (!module || !Array.isArray(handlers) || !module.handlers) return;
    module.handlersBefore = module.handlers;
    const kept = [...module.handlers].filter((handler) => !CHANGEABLE.has(handler));
    module.handlers = new Set([...kept, ...(handlers as readonly string[])]);
  }

  /** Nothing is known any more of what the crossings told so far. */
  forget(crossing: Crossing): void {
    this.wholeStory = false;
    this.ledger.forget();
    this.threads.forget();
    this.stopping.forget();
    this.lowPower.forget();
    this.allocations.clear();
    for (const module of this.modules.values()) {
      // What a module is does not come back by itself, except that a detached one stays detached.
      const { handle, state } = module;
      Object.assign(module, newModuleBook(module.name, crossing), { handle });
      if (state === 'Detached') module.state = state;
    }
  }

  private static readonly entries: Readonly<Record<Crossing['dir'], Map<string, Entry>>> = {
    '->': new Map<string, Entry>([
      ['FilterAttach', (books, crossing) => books.attachEntered(crossing)],
      ['FilterRestart', (books, crossing) => books.restartEntered(crossing)],
      ['FilterPause', (books, crossing) => books.pauseEntered(crossing)],
      ['FilterDetach', (books, crossing) => books.detachEntered(crossing)],
      ['FilterNetPnPEvent', (books, crossing) => books.netPnPEvent(crossing)],
      ['FilterDevicePnPEventNotify', (books, crossing) => books.stopping.told(crossing)],
      ['FilterSendNetBufferLists', (books, crossing) => books.deliver('send', crossing)],
      ['FilterReceiveNetBufferLists', (books, crossing) => books.deliver('receive', crossing)],
      ['FilterSendNetBufferListsComplete', (books, crossing) => books.comeBack('below', crossing)],
      ['FilterReturnNetBufferLists', (books, crossing) => books.comeBack('above', crossing)],
      ['FilterOidRequest', (books, crossing) => books.oidDelivered(crossing)],
      ['FilterDirectOidRequest', (books, crossing) => books.oidDelivered(crossing)],
      ['FilterOidRequestComplete', (books, crossing) => books.oidCameBack(crossing)],
      ['FilterDirectOidRequestComplete', (books, crossing) => books.oidCameBack(crossing)],
    ]),
    '<-': new Map<string, Entry>([
      ['FilterAttach', (books, crossing) => books.attachLeft(crossing)],
      ['FilterRestart', (books, crossing) => books.restartLeft(crossing)],
      ['FilterPause', (books, crossing) => books.pauseLeft(crossing)],
      ['FilterDetach', (books, crossing) => books.detachLeft(crossing)],
      ['FilterNetPnPEvent', (books, crossing) => books.lowPower.knows(crossing)],
      ['FilterReceiveNetBufferLists', (books, crossing) => books.leaveReceive(crossing)],
      ['FilterOidRequest', (books, crossing) => books.oidHandlerLeft(crossing)],
      ['FilterDirectOidRequest', (books, crossing) => books.oidHandlerLeft(crossing)],
    ]),
    '=>': new Map<string, Entry>([
      ['NdisFRegisterFilterDriver', (books, crossing) => books.registered(crossing)],
      ['NdisFSetAttributes', (books, crossing) => books.attributesSet(crossing)],
      ['NdisSetOptionalHandlers', (books, crossing) => books.handlersChanged(crossing)],
      ['NdisFRestartComplete', (books, crossing) => books.restartCompleted(crossing)],
      ['NdisFPauseComplete', (books, crossing) => books.pauseCompleted(crossing)],
      ['NdisFSendNetBufferLists', (books, crossing) => books.handOver('below', crossing)],
      ['NdisFIndicateReceiveNetBufferLists', (books, crossing) => books.handOver('above', crossing)],
      [
        'NdisFSendNetBufferListsComplete',
        (books, crossing): void => {
          books.drains(crossing);
          books.handHome(crossing);
        },
      ],
      [
        'NdisFReturnNetBufferLists',
        (books, crossing): void => {
          books.drains(crossing);
          books.handHome(crossing);
        },
      ],
      ['NdisWaitEvent', (books, crossing) => books.waits(crossing)],
      ['NdisMSleep', (books, crossing) => books.waits(crossing)],
      ['ExWaitForRundownProtectionRelease', (books, crossing) => books.waits(crossing)],
      ['NdisFOidRequest', (books, crossing) => books.oidIssued(crossing)],
      ['NdisFDirectOidRequest', (books, crossing) => books.oidIssued(crossing)],
      ['NdisFOidRequestComplete', (books, crossing) => books.oidCompleted(crossing)],
      ['NdisFDirectOidRequestComplete', (books, crossing) => books.oidCompleted(crossing)],
      [
        'NdisAllocateCloneOidRequest',
        (books): void => {
          books.unnamedClones += 1;
        },
      ],
      ['NdisFreeCloneOidRequest', (books, crossing) => books.cloneFreed(crossing)],
    ]),
    '<=': new Map<string, Entry>([
      ['NdisSetOptionalHandlers', (books, crossing) => books.handlersAnswered(crossing)],
      ['NdisFIndicateReceiveNetBufferLists', (books, crossing) => books.regain(books.threads.opener, crossing)],
      ['NdisAllocateCloneOidRequest', (books, crossing) => books.oidCloned(crossing)],
      ['NdisFOidRequest', (books, crossing) => books.oidCallReturned(crossing)],
      ['NdisFDirectOidRequest', (books, crossing) => books.oidCallReturned(crossing)],
    ]),
    '!!': new Map(),
  };

  static {
    for (const key of NBL_ALLOCATION_RETURN_KEYS) Books.also(key, (books, crossing) => books.allocate(crossing));
    for (const key of NBL_FREE_KEYS) Books.also(key, (books, crossing) => books.free(crossing));
    for (const key of ALLOCATING_RETURNS) Books.also(key, (books, crossing) => books.ledger.allocated(crossing));
    for (const key of FREEING_CALLS) Books.also(key, (books, crossing) => books.ledger.freed(crossing));
  }

  /** Adds to what is entered for a crossing. */
  private static also(key: string, enter: Entry): void {
    const entries = Books.entries[key.slice(0, 2) as Crossing['dir']];
    const ddi = key.slice(2);
    const first = entries.get(ddi);
    entries.set(
      ddi,
      first
        ? (books, crossing): void => {
            first(books, crossing);
            enter(books, crossing);
          }
        : enter,
    );
  }
}

/** Nobody who is right refers to it as what it was; own ones that are at home are own again when they are seen again. */
function isForgettable({ kind, place }: Relation): boolean {
  return place === 'home' || (kind === 'own' && place === 'held');
}

/** The SourceHandle is the one that the module passes, or was given. */
function saysItIsFrom(module: ModuleBook, { source }: NblView, crossing: Crossing): boolean {
  return source !== undefined && source === (crossing.args?.['handle'] ?? module.handle);
}

/** A return that does not say what it returned tells nothing. */
function stateAfterAttach(status: string | undefined): ModuleBook['state'] {
  if (status === undefined) return 'Unknown';
  return status === SUCCESS ? 'Paused' : 'Detached';
}

/** A trace that begins with one of these shows the driver from its beginning. */
const BEGINNINGS: ReadonlySet<string> = new Set(['DriverEntry', 'NdisFRegisterFilterDriver']);

/** Entry points that NdisSetOptionalHandlers may change for a module. */
const CHANGEABLE: ReadonlySet<string> = new Set([
  'FilterSendNetBufferLists',
  'FilterSendNetBufferListsComplete',
  'FilterCancelSendNetBufferLists',
  'FilterReceiveNetBufferLists',
  'FilterReturnNetBufferLists',
]);
