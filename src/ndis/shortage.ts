/** Kinds of allocations that a scenario can make fail. */
export type AllocationKind = 'nbl' | 'memory' | 'oid-clone' | 'pool' | 'other';

/** Memory pressure on demand: the next allocations of a kind fail. */
export class Shortage {
  private left = 0;
  private kind: AllocationKind | 'any' = 'any';

  /** @param count how many allocations fail from now on */
  next(count: number, kind: AllocationKind | 'any'): void {
    this.left = count;
    this.kind = kind;
  }

  /** @returns true when this allocation is one of those that fail */
  strikes(kind: AllocationKind): boolean {
    if (this.left === 0 || (this.kind !== 'any' && this.kind !== kind)) return false;
    this.left -= 1;
    return true;
  }
}
