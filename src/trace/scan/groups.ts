/** Arguments and chains, found again by their values: what the same NBL looks like on its way is one object. */

/** So many are remembered. */
export const GROUPS = 1 << 13;

const WAYS = 4;
const SETS = GROUPS / WAYS - 1;
/** Larger ones are made anew each time, at a place of the first set. */
const MOST = 14;
/** Hash, number of the kind, values. */
const STRIDE = 2 + MOST;

export class GroupTable {
  private readonly kept = new Float64Array(GROUPS * STRIDE).fill(-1);
  /** The line that each was in last. A line has fewer groups than a set has places. */
  private readonly seen = new Float64Array(GROUPS);

  /**
   * @param kind number of the kind of group
   * @param values where its values are
   * @param large place for a group that is too large to be remembered
   * @param line number of the line that it is in
   * @returns its place; `-1 - place` when it was not there, and now it is
   */
  placeOf(kind: number, values: Float64Array, from: number, count: number, large: number, line: number): number {
    if (count > MOST) return -1 - large;
    const { kept, seen } = this;
    let hash = Math.imul(kind + 1, 0x9e3779b1);
    for (let index = from; index < from + count; index += 1) {
      hash = Math.imul(hash ^ (values[index] as number), 0x85ebca6b);
      hash ^= hash >>> 13;
    }
    const set = 1 + ((hash >>> 0) % SETS);
    const first = set * WAYS;
    let oldest = first;
    for (let place = first; place < first + WAYS; place += 1) {
      const at = place * STRIDE;
      if (kept[at] === hash && kept[at + 1] === kind && isSame(kept, at + 2, values, from, count)) {
        seen[place] = line;
        return place;
      }
      if ((seen[place] as number) < (seen[oldest] as number)) oldest = place;
    }
    seen[oldest] = line;
    const at = oldest * STRIDE;
    kept[at] = hash;
    kept[at + 1] = kind;
    for (let index = 0; index < count; index += 1) kept[at + 2 + index] = values[from + index] as number;
    return -1 - oldest;
  }

  forget(): void {
    this.kept.fill(-1);
  }
}

function isSame(kept: Float64Array, at: number, values: Float64Array, from: number, count: number): boolean {
  for (let index = 0; index < count; index += 1) if (kept[at + index] !== values[from + index]) return false;
  return true;
}
