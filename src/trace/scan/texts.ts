/** Identities and other short texts, found again by their bytes: the same one is one string, however often it is there. */

/** So many are remembered; a trace may make up any number. */
export const TEXTS = 1 << 14;

const WAYS = 4;
const SETS = TEXTS / WAYS;
/** All of a text lies together: its length, the line that it was in last, its bytes. */
const STRIDE = 16;
const SEEN = 1;
const BYTES = 2;
/** Longer texts are rare enough. */
export const LONGEST_TEXT = (STRIDE - BYTES) * 4;

export class TextTable {
  private readonly kept = new Int32Array(TEXTS * STRIDE);

  /** @param entered is told of a text that was not there: its place, and that it is to be read anew */
  constructor(private readonly entered: (place: number, at: number, length: number) => void) {}

  /**
   * @param view the bytes
   * @param at of the first
   * @param length 1 to LONGEST_TEXT bytes
   * @param hash of them
   * @param line number of the line that it is in
   * @returns its place; -1: there is no room for all texts of this line
   */
  placeOf(view: DataView, at: number, length: number, hash: number, line: number): number {
    const { kept } = this;
    const first = (hash & (SETS - 1)) * WAYS;
    let oldest = first;
    for (let place = first; place < first + WAYS; place += 1) {
      const entry = place * STRIDE;
      if (kept[entry] === length && isThere(view, at, length, kept, entry + BYTES)) {
        kept[entry + SEEN] = line;
        return place;
      }
      if (age(kept, place, line) > age(kept, oldest, line)) oldest = place;
    }
    const entry = oldest * STRIDE;
    // A text of this line is not to be lost before the line is passed on.
    if (kept[entry + SEEN] === line) return -1;
    kept[entry] = length;
    kept[entry + SEEN] = line;
    copy(view, at, length, kept, entry + BYTES);
    this.entered(oldest, at, length);
    return oldest;
  }
}

/** Lines since then; their number may have begun anew. */
function age(kept: Int32Array, place: number, line: number): number {
  return (line - (kept[place * STRIDE + SEEN] as number)) >>> 0;
}

/** The last bytes of a text in a word, and not what stands behind it. */
const TAIL = [0, 0xff, 0xffff, 0xffffff] as const;

/** @returns whether `length` bytes at `at` are those that were copied to `words[index]` and on */
export function isThere(view: DataView, at: number, length: number, words: Int32Array, index: number): boolean {
  let from = at;
  let word = index;
  let left = length;
  for (; left >= 4; left -= 4) {
    if (view.getInt32(from, true) !== words[word]) return false;
    from += 4;
    word += 1;
  }
  return left === 0 || (view.getInt32(from, true) & (TAIL[left] as number)) === words[word];
}

/** Copies `length` bytes at `at` to `words[index]` and on. */
export function copy(view: DataView, at: number, length: number, words: Int32Array, index: number): void {
  const whole = length >> 2;
  for (let word = 0; word < whole; word += 1) words[index + word] = view.getInt32(at + word * 4, true);
  const tail = length & 3;
  if (tail > 0) words[index + whole] = view.getInt32(at + whole * 4, true) & (TAIL[tail] as number);
}
