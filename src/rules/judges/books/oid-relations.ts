/** The OID requests of one module. */
import type { OidRelation } from './module-book';

/**
 * Requests by name. Those that are over are remembered for a while, so that a second completion is seen; whoever goes through all that are
 * under way does not meet them.
 */
export class OidRelations {
  private readonly all = new Map<string, OidRelation>();
  private readonly current = new Set<OidRelation>();

  get(request: string): OidRelation | undefined {
    return this.all.get(request);
  }

  /** Another request may have used the structure before. */
  set(request: string, relation: OidRelation): void {
    this.delete(request);
    this.all.set(request, relation);
    this.current.add(relation);
  }

  delete(request: string): boolean {
    const relation = this.all.get(request);
    if (relation) this.current.delete(relation);
    return this.all.delete(request);
  }

  /** @returns whether it is over now */
  moved(relation: OidRelation): boolean {
    const over = isOver(relation);
    if (over) this.current.delete(relation);
    else if (this.all.get(relation.request) === relation) this.current.add(relation);
    return over;
  }

  /** Is any under way? */
  get areUnderWay(): boolean {
    return this.current.size > 0;
  }

  /** Those that are not over. */
  underWay(): IterableIterator<OidRelation> {
    return this.current.values();
  }

  /** Those that are over and remembered, too. */
  remembered(): IterableIterator<OidRelation> {
    return this.all.values();
  }

  /** What is over is not remembered any longer. */
  forgetOver(): void {
    for (const [request, relation] of this.all) if (isOver(relation)) this.all.delete(request);
  }
}

/** Its structure is free for another request; an own one that came back is own again when it is seen again. */
function isOver({ kind, place }: OidRelation): boolean {
  return place === 'home' || (kind === 'own' && place === 'back');
}
