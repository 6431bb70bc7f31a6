/**
 * Arguments and chains, found again by their bytes: what an NBL looks like is mostly the same all its way long, and is one
 * object then. A group is looked up when its first value has been read; when it is known, the others need not be.
 */
import { copy, isThere } from './texts';

/** So many are remembered. */
export const GROUPS = 1 << 13;

const WAYS = 4;
/** The first set is for groups that are not remembered, a place for each kind of member. */
const SETS = GROUPS / WAYS - 1;
/** All of a group lies together. */
const STRIDE = 64;
const OPENING = 0;
const SEEN = 1;
const LENGTH = 2;
const VALUES_END = 3;
const HOLES = 4;
const KIND = 5;
const BYTES = 6;
const MOST = (STRIDE - BYTES) * 4;

export class GroupTable {
  private readonly kept = new Int32Array(GROUPS * STRIDE);
  /** The same, two by two. */
  private readonly wide = new Float64Array(this.kept.buffer);

  /**
   * @param view the bytes
   * @param at of the first value of the group
   * @param hash of that value
   * @param opening stands for what is before it
   * @param line number of the line
   * @returns its place; 0: it is not known
   */
  find(view: DataView, at: number, hash: number, opening: number, line: number): number {
    const { kept, wide } = this;
    const first = firstOf(hash, opening);
    for (let place = first; place < first + WAYS; place += 1) {
      const entry = place * STRIDE;
      if (kept[entry] !== opening) continue;
      const length = kept[entry + LENGTH] as number;
      const pairs = length >> 3;
      let pair = 0;
      // Printable characters: see `Node`.
      while (pair < pairs && view.getFloat64(at + pair * 8, true) === wide[(entry + BYTES) / 2 + pair]) pair += 1;
      if (pair < pairs) continue;
      if (!isThere(view, at + pairs * 8, length & 7, kept, entry + BYTES + pairs * 2)) continue;
      kept[entry + SEEN] = line;
      return place;
    }
    return 0;
  }

  /** @returns how many bytes of the group are before what follows its last value */
  lengthOf(place: number): number {
    return this.kept[place * STRIDE + VALUES_END] as number;
  }

  /** @returns how many values it has */
  holesOf(place: number): number {
    return this.kept[place * STRIDE + HOLES] as number;
  }

  /** @returns number of the kind of group that it is */
  kindOf(place: number): number {
    return this.kept[place * STRIDE + KIND] as number;
  }

  /**
   * Remembers a group that was read.
   * @param at of its first value
   * @param hash of that value
   * @param opening stands for what is before it
   * @param valuesEnd bytes from there to the end of its last value
   * @param length bytes from there to its own end
   * @param holes how many values it has
   * @param kind number of the kind of group that it is
   * @returns its place; 0: it is too long
   */
  enter(
    view: DataView,
    at: number,
    hash: number,
    opening: number,
    line: number,
    valuesEnd: number,
    length: number,
    holes: number,
    kind: number,
  ): number {
    if (length > MOST) return 0;
    const { kept } = this;
    const first = firstOf(hash, opening);
    let place = first;
    for (let other = first + 1; other < first + WAYS; other += 1)
      if (age(kept, other, line) > age(kept, place, line)) place = other;
    const entry = place * STRIDE;
    kept[entry + OPENING] = opening;
    kept[entry + SEEN] = line;
    kept[entry + LENGTH] = length;
    kept[entry + VALUES_END] = valuesEnd;
    kept[entry + HOLES] = holes;
    copy(view, at, length, kept, entry + BYTES);
    kept[entry + KIND] = kind;
    return place;
  }
}

/** Places from here on are those of a group that begins so. A line has fewer groups than that are, so none of its own is pushed out. */
function firstOf(hash: number, opening: number): number {
  const mixed = Math.imul(hash ^ Math.imul(opening, 0x9e3779b1), 0x85ebca6b);
  return (1 + (((mixed ^ (mixed >>> 15)) >>> 0) % SETS)) * WAYS;
}

/** Lines since then; their number may have begun anew. */
function age(kept: Int32Array, place: number, line: number): number {
  return (line - (kept[place * STRIDE + SEEN] as number)) >>> 0;
}
