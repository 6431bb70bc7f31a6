import type { Crossing } from '../../../trace';
import type { ModuleBook, OidRelation } from './module-book';
import type { SharedBooks } from './shared';
import { PENDING, SUCCESS } from './statuses';

/** Requests remembered that are over, so that a second completion is seen; bounded, so that memory is. */
const REMEMBERED = 4096;

/** Who has which OID request. */
export class OidBook {
  /** Clones that were asked for and whose names are not written down: a request that nobody knows may be one. */
  unnamedClones = 0;

  private forgettable = 0;

  constructor(private readonly shared: SharedBooks) {}

  cloneAsked(): void {
    this.unnamedClones += 1;
  }

  delivered(crossing: Crossing): void {
    const module = this.shared.moduleOf(crossing);
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

  handlerLeft(crossing: Crossing): void {
    const module = this.shared.moduleOf(crossing);
    const entry = this.shared.threads.opener;
    const request = entry?.args?.['request'];
    const relation = typeof request === 'string' ? module?.oids.get(request) : undefined;
    // The request may be over already, and its structure be in use for the next one.
    if (!module || !relation || relation.since !== entry) return;
    if (crossing.status === PENDING) relation.pended = true;
    else if (crossing.status !== undefined) this.move(module, relation, 'home', crossing);
  }

  cloned(crossing: Crossing): void {
    const { opener } = this.shared.threads;
    const module = this.shared.moduleOf(crossing) ?? (opener && this.shared.moduleOf(opener));
    const clone = crossing.args?.['clone'];
    const original = opener?.args?.['request'] ?? crossing.args?.['request'];
    const failed = crossing.status !== undefined && crossing.status !== SUCCESS;
    const isNamed = module !== undefined && typeof original === 'string' && typeof clone === 'string';
    if (isNamed || failed) this.unnamedClones = Math.max(0, this.unnamedClones - 1);
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

  issued(crossing: Crossing): void {
    const module = this.shared.moduleOf(crossing);
    const request = crossing.args?.['request'];
    if (!module || typeof request !== 'string') return;
    const relation = this.atIssue(module, request, crossing);
    if (!relation) return;
    this.move(module, relation, 'below', crossing);
    relation.pended = undefined;
    const original = relation.original === undefined ? undefined : module.oids.get(relation.original);
    if (original) original.forward = relation;
  }

  issuedSynchronously(crossing: Crossing): void {
    const calls = this.shared.moduleOf(crossing)?.synchronousOids;
    if (!calls) return;
    // Their returns may not be written down.
    for (const call of calls) if (!this.shared.threads.isOpen(call)) calls.delete(call);
    calls.add(crossing);
  }

  synchronousCallReturned(crossing: Crossing): void {
    const { opener } = this.shared.threads;
    if (opener) this.shared.moduleOf(crossing)?.synchronousOids.delete(opener);
  }

  /** What a request is to the module that hands it to NDIS; undefined when that cannot be known. */
  atIssue(module: ModuleBook, request: string, crossing: Crossing): OidRelation | undefined {
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

  callReturned(crossing: Crossing): void {
    const module = this.shared.moduleOf(crossing);
    const request = this.shared.threads.opener?.args?.['request'] ?? crossing.args?.['request'];
    const relation = typeof request === 'string' ? module?.oids.get(request) : undefined;
    if (!module || !relation || crossing.status === undefined) return;
    relation.pended = crossing.status === PENDING;
    if (!relation.pended && relation.place === 'below') this.move(module, relation, 'back', crossing);
  }

  cameBack(crossing: Crossing): void {
    const module = this.shared.moduleOf(crossing);
    const request = crossing.args?.['request'];
    const relation = typeof request === 'string' ? module?.oids.get(request) : undefined;
    if (module && relation) this.move(module, relation, 'back', crossing);
  }

  completed(crossing: Crossing): void {
    const module = this.shared.moduleOf(crossing);
    const request = crossing.args?.['request'];
    const relation = typeof request === 'string' ? module?.oids.get(request) : undefined;
    if (module && relation) this.move(module, relation, 'home', crossing);
  }

  cloneFreed(crossing: Crossing): void {
    const clone = crossing.args?.['clone'];
    const module = this.shared.moduleOf(crossing);
    if (typeof clone === 'string') {
      if (module?.oids.delete(clone)) return;
      // The clone of the one module may be a request for the next.
      for (const { oids } of module ? [] : this.shared.modules.values())
        if (oids.get(clone)?.kind === 'clone' && oids.delete(clone)) return;
    }
    this.unnamedClones = Math.max(0, this.unnamedClones - 1);
  }

  private move({ oids }: ModuleBook, relation: OidRelation, place: OidRelation['place'], crossing: Crossing): void {
    relation.place = place;
    relation.moved = crossing;
    if (oids.moved(relation)) this.forgettable += 1;
  }

  /** What is over is kept only for a while. */
  prune(): void {
    if (this.forgettable >= REMEMBERED) this.forgetOver();
  }

  private forgetOver(): void {
    this.forgettable = 0;
    for (const { oids } of this.shared.modules.values()) oids.forgetOver();
  }
}
