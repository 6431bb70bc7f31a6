/**
 * A map that holds the entries written last, and lets go of the oldest: for what judges remember under names that a trace
 * makes up (threads, modules, cancel ids), where a lost entry only means that less is known.
 */
export class Recent<V> extends Map<string, V> {
  override set(key: string, value: V): this {
    if (this.size >= MOST && !this.has(key)) {
      const [oldest] = this.keys();
      if (oldest !== undefined) this.delete(oldest);
    }
    return super.set(key, value);
  }
}

const MOST = 4096;
