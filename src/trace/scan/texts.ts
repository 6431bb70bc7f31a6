/** Identities and other short texts, found again by their bytes: the same one is one string, however often it is there. */
import { LONGEST_TEXT } from './template';

/** So many are remembered; a trace may make up any number. */
export const TEXTS = 1 << 14;

const WAYS = 4;
const SETS = TEXTS / WAYS;
const WORDS = LONGEST_TEXT / 4;
/** A place is used so often before its numbers begin anew. */
const LIVES = 1 << 16;

/** The last bytes of a text in a word, and not what stands behind it. */
const TAIL = [0, 0xff, 0xffff, 0xffffff] as const;

export class TextTable {
  private readonly words = new Int32Array(TEXTS * WORDS);
  private readonly lengths = new Uint8Array(TEXTS);
  private readonly lives = new Int32Array(TEXTS);
  /** The line that each was in last. */
  private readonly seen = new Float64Array(TEXTS);

  /**
   * @param entered is told of a text that was not there: its place, and that it is to be read anew
   * @param worn is told before numbers are given a second time
   */
  constructor(
    private readonly entered: (place: number, at: number, length: number) => void,
    private readonly worn: () => void,
  ) {}

  /**
   * @param view the bytes
   * @param at of the first
   * @param length 1 to LONGEST_TEXT bytes
   * @param hash of them
   * @param line number of the line that it is in
   * @returns a number that no other text has (until `worn`), with its place in the lowest bits; -1: there is no room for all
   * texts of this line
   */
  numberOf(view: DataView, at: number, length: number, hash: number, line: number): number {
    const first = (hash & (SETS - 1)) * WAYS;
    for (let place = first; place < first + WAYS; place += 1) {
      if (this.lengths[place] === length && this.isThere(view, at, length, place * WORDS)) {
        this.seen[place] = line;
        return (this.lives[place] as number) * TEXTS + place;
      }
    }
    return this.enter(view, at, length, first, line);
  }

  private isThere(view: DataView, at: number, length: number, word: number): boolean {
    const { words } = this;
    let from = at;
    let left = length;
    let index = word;
    for (; left >= 4; left -= 4) {
      if (view.getInt32(from, true) !== words[index]) return false;
      from += 4;
      index += 1;
    }
    return left === 0 || (view.getInt32(from, true) & (TAIL[left] as number)) === words[index];
  }

  private enter(view: DataView, at: number, length: number, first: number, line: number): number {
    const { seen } = this;
    let place = first;
    for (let other = first + 1; other < first + WAYS; other += 1) {
      if ((seen[other] as number) < (seen[place] as number)) place = other;
    }
    if (seen[place] === line) return -1;
    seen[place] = line;
    const word = place * WORDS;
    const whole = length >> 2;
    for (let index = 0; index < whole; index += 1) this.words[word + index] = view.getInt32(at + index * 4, true);
    const tail = length & 3;
    if (tail > 0) this.words[word + whole] = view.getInt32(at + whole * 4, true) & (TAIL[tail] as number);
    this.lengths[place] = length;
    let life = (this.lives[place] as number) + 1;
    if (life >= LIVES) {
      this.worn();
      life = 0;
    }
    this.lives[place] = life;
    this.entered(place, at, length);
    return life * TEXTS + place;
  }
}
