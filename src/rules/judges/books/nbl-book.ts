import type { Crossing, NblView } from '../../../trace';
import { neverComesBack, type ModuleBook, type Relation } from './module-book';
import type { SharedBooks } from './shared';
import { hasResources } from './statuses';

/** Who allocated an NBL. */
export interface Allocation {
  readonly nbl: string;
  /** undefined: from a pool of the driver as a whole. */
  readonly module: string | undefined;
  readonly pool: string | undefined;
  readonly at: Crossing;
}

/** So many NBLs become known before those that are over are forgotten: a second completion is seen, and memory is bounded. */
const REMEMBERED = 4096;

/** Who has which NBL. */
export class NblBook {
  /** NBLs that the driver allocated and has not freed. */
  readonly allocations = new Map<string, Allocation>();
  /** NBLs that became known since some were forgotten. Most traces use the same ones again and again. */
  private learnt = 0;
  /** When those that are over are forgotten next: who has many at a time does not look through all of them all the time. */
  private mostLearnt = REMEMBERED;

  constructor(private readonly shared: SharedBooks) {}

  /**
   * What an NBL is to the module that hands it to NDIS: known relation, or its own when nobody handed it in.
   * @returns undefined when that cannot be known (the trace does not show the module's whole life)
   */
  relationAtHandOver(module: ModuleBook, view: NblView, crossing: Crossing): Relation | undefined {
    const known = module.nbls.get(view.nbl);
    if (known !== undefined && (known.place !== 'home' || known.kind === 'own')) return known;
    return this.newAtHandOver(module, view, crossing, known);
  }

  private newAtHandOver(
    module: ModuleBook,
    view: NblView,
    crossing: Crossing,
    known: Relation | undefined,
  ): Relation | undefined {
    const allocation = this.allocations.size === 0 ? undefined : this.allocations.get(view.nbl);
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
    this.learnt += 1;
    return relation;
  }

  deliver(kind: 'send' | 'receive', crossing: Crossing, module: ModuleBook | undefined): void {
    if (module === undefined || crossing.nbls === undefined) return;
    const resources = kind === 'receive' && hasResources(crossing.args?.['flags']);
    for (const view of crossing.nbls) {
      const before = module.nbls.get(view.nbl);
      if (before !== undefined) {
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
      this.learnt += 1;
      this.count(module, relation);
    }
  }

  handOver(place: 'below' | 'above', crossing: Crossing, module: ModuleBook | undefined): void {
    if (module === undefined || crossing.nbls === undefined) return;
    for (const view of crossing.nbls) {
      const relation = this.relationAtHandOver(module, view, crossing);
      if (relation === undefined) continue;
      const resources =
        relation.kind === 'own' && place === 'above' ? hasResources(crossing.args?.['flags']) : relation.resources;
      this.move(module, relation, place, crossing, resources);
      relation.handedOn = crossing;
    }
  }

  /** The return of a call was left out. */
  readonly callEnded = (call: Crossing): void => {
    if (call.ddi === 'NdisFIndicateReceiveNetBufferLists') this.regain(call, call, this.shared.moduleOf(call));
  };

  /** An indication with RESOURCES is over when the call returns: the chain is the filter's again. */
  regain(opened: Crossing | undefined, crossing: Crossing, module: ModuleBook | undefined): void {
    if (module === undefined || opened?.nbls === undefined || !hasResources(opened.args?.['flags'])) return;
    this.shared.keep();
    for (const view of opened.nbls) {
      const relation = module.nbls.get(view.nbl);
      if (relation?.place === 'above') this.move(module, relation, relation.kind === 'own' ? 'held' : 'back', crossing);
    }
  }

  comeBack(from: 'below' | 'above', crossing: Crossing, module: ModuleBook | undefined): void {
    if (module === undefined || crossing.nbls === undefined) return;
    for (const view of crossing.nbls) {
      const relation = module.nbls.get(view.nbl);
      if (relation !== undefined) this.move(module, relation, relation.kind === 'own' ? 'held' : 'back', crossing);
      else if (!module.known) this.learn(module, view, from === 'below' ? 'send' : 'receive', crossing);
    }
  }

  /** Comes back although the trace never showed it going: only that it is here now is known. */
  private learn(module: ModuleBook, view: NblView, kind: 'send' | 'receive', crossing: Crossing): void {
    // It may as well be the module's own, unless its SourceHandle says otherwise.
    if (view.source === undefined || module.handle === undefined || view.source === module.handle) return;
    this.learnt += 1;
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

  handHome(crossing: Crossing, module: ModuleBook | undefined): void {
    if (module === undefined || crossing.nbls === undefined) return;
    for (const view of crossing.nbls) {
      const relation = module.nbls.get(view.nbl);
      if (relation !== undefined) this.move(module, relation, 'home', crossing);
    }
  }

  /** Returning from the receive handler gives a RESOURCES chain back. */
  leaveReceive(crossing: Crossing, module: ModuleBook | undefined): void {
    const opened = this.shared.threads.opener;
    if (module === undefined || opened?.nbls === undefined || !hasResources(opened.args?.['flags'])) return;
    this.shared.keep();
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
  prune(): void {
    if (this.learnt >= this.mostLearnt) this.forgetOver();
  }

  private forgetOver(): void {
    let left = 0;
    for (const module of this.shared.modules.values()) {
      module.nbls.keepOnly((relation) => !isForgettable(relation) && !neverComesBack(module, relation));
      left += module.nbls.size;
    }
    this.learnt = 0;
    this.mostLearnt = Math.max(REMEMBERED, left);
  }

  allocate(crossing: Crossing): void {
    const module = this.shared.moduleOf(crossing);
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

  free(crossing: Crossing): void {
    for (const view of crossing.nbls ?? []) {
      const allocation = this.allocations.get(view.nbl);
      this.allocations.delete(view.nbl);
      const owner = this.shared.moduleOf(crossing) ?? this.shared.modules.get(allocation?.module ?? '');
      const relation = owner?.nbls.get(view.nbl);
      if (owner && relation?.kind === 'own') {
        this.uncount(owner, relation);
        owner.nbls.delete(view.nbl);
      }
    }
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
