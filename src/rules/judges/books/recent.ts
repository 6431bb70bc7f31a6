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

/** So many of a kind are remembered: whoever does it more often learns nothing from more of them. */
const FIRST = 64;

/** Adds to the list under a key, unless it is long already. */
export function remember<V>(lists: Map<string, V[]>, key: string, value: V): void {
  const list = lists.get(key);
  if (!list) lists.set(key, [value]);
  else if (list.length < FIRST) list.push(value);
}
