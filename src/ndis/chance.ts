/** What NDIS and the neighbours are free to do in any way: decided in the plain way, or by the seed of a random run. */
export class Chance {
  /** @param random uniform in [0, 1); undefined for the plain way */
  constructor(private readonly random: (() => number) | undefined) {}

  /** Completions may come back in any order and grouped in any way. @returns the chains, together all items */
  regroup<T>(items: readonly T[]): T[][] {
    const { random } = this;
    if (!random) return items.length === 0 ? [] : [[...items]];
    const left = [...items];
    const chains: T[][] = [];
    while (left.length > 0) {
      const [item] = left.splice(Math.floor(random() * left.length), 1) as [T];
      const last = chains.at(-1);
      if (last && random() < 0.6) last.push(item);
      else chains.push([item]);
    }
    return chains;
  }
}
