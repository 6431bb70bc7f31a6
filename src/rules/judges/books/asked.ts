/**
 * A map by name that answers at once what it was asked a moment ago: crossings of one module, one thread and one NBL come in runs.
 */
export class Asked<V> {
  private all = new Map<string, V>();
  /** What `all` has under that name. */
  private lastName = '';
  private last: V | undefined;

  get(name: string): V | undefined {
    return name === this.lastName ? this.last : this.find(name);
  }

  private find(name: string): V | undefined {
    this.lastName = name;
    return (this.last = this.all.get(name));
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  set(name: string, value: V): void {
    this.all.set(name, value);
    this.lastName = name;
    this.last = value;
  }

  delete(name: string): boolean {
    if (name === this.lastName) this.last = undefined;
    return this.all.delete(name);
  }

  /** Lets go of all others. Deleting many one by one would shrink the map step by step. */
  keepOnly(isKept: (value: V) => boolean): void {
    const kept = new Map<string, V>();
    for (const [name, value] of this.all) if (isKept(value)) kept.set(name, value);
    this.all = kept;
    this.last = this.all.get(this.lastName);
  }

  clear(): void {
    this.last = undefined;
    this.all.clear();
  }

  get size(): number {
    return this.all.size;
  }

  /** In the order in which they were set first. */
  values(): IterableIterator<V> {
    return this.all.values();
  }

  [Symbol.iterator](): IterableIterator<[string, V]> {
    return this.all[Symbol.iterator]();
  }
}
