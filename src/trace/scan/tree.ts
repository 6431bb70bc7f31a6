/** The templates of a trace as one tree: a line is led through it once, four bytes at a time, without trying one after the other. */
import type { Shape } from './shapes';
import type { HoleKind, Template } from './template';

/** Bytes that all lines that come here have, and what may stand behind them. */
export class Node {
  /** Whole words, compared first. */
  private words4: Int32Array = NONE;
  /** The same two by two, as far as that goes. */
  wide: Float64Array = new Float64Array(0);
  /** The last one, if their number is odd. */
  last: number | undefined;
  /** One of these follows: the bytes of `word` under `mask`, of which there are `sizes`. Longer ones first. */
  words: Int32Array = NONE;
  masks: Int32Array = NONE;
  sizes: Int32Array = NONE;
  readonly next: Node[] = [];
  /** Or a value, and then `after`; 0: none. */
  hole: HoleKind | 0 = 0;
  after: Node | undefined;
  /** The value is the first of a group: 1 `locks`, 2 `args`, 3 `nbls`; 0: of none. */
  begins = 0;
  /** Stands for how such a group begins. */
  opening = 0;
  /** What follows the last value of the group, by the kind of group. */
  jumps: (Node | undefined)[] = [];
  /** Or the line ends here, and was one of this shape. */
  shape: Shape | undefined;

  get run(): Int32Array {
    return this.words4;
  }

  /**
   * Two words of printable characters make a number, and another one for other characters: no two are equal as numbers that
   * differ as bytes, because none is zero or no number.
   */
  set run(words: Int32Array) {
    const pairs = words.length >> 1;
    this.words4 = words;
    this.wide = new Float64Array(words.slice(0, pairs * 2).buffer);
    this.last = words.length % 2 === 1 ? words[words.length - 1] : undefined;
  }

  get isNew(): boolean {
    return this.words4 === NONE && this.next.length === 0 && this.hole === 0 && this.shape === undefined;
  }
}

const NONE = new Int32Array(0);
const MASKS = [0, 0xff, 0xffff, 0xffffff, -1] as const;

export class Tree {
  readonly root = new Node();
  private readonly openings = new Map<string, number>();

  /**
   * @returns where lines of this template end, and what follows each of their values; undefined when the tree has it already, or
   * another that would be taken for it
   */
  plant(template: Template): { readonly end: Node; readonly afters: readonly Node[] } | undefined {
    let node = this.root;
    const { holes, literals } = template;
    const uses = [template.locks, template.args, template.nbls].map((use) =>
      use?.group.texts.length ? use : undefined,
    );
    const afters: Node[] = [];
    for (const [index, literal] of literals.entries()) {
      node = reach(node, Buffer.from(literal, 'latin1'));
      const hole = holes[index];
      if (hole === undefined) break;
      if (node.shape !== undefined || (node.hole !== 0 && node.hole !== hole)) return undefined;
      node.hole = hole;
      const member = uses.findIndex((use) => use?.from === index);
      node.begins = member + 1;
      node.opening = this.numberOf(`${member} ${hole} ${uses[member]?.opening ?? ''}`);
      node = node.after ??= new Node();
      afters.push(node);
    }
    return node.shape !== undefined || node.hole !== 0 ? undefined : { end: node, afters };
  }

  private numberOf(opening: string): number {
    const number = this.openings.get(opening) ?? this.openings.size + 1;
    this.openings.set(opening, number);
    return number;
  }
}

/** The node behind the literal; made when it is not there. */
function reach(start: Node, literal: Buffer): Node {
  let node = start;
  let at = 0;
  for (;;) {
    if (node.isNew) {
      node.run = wordsOf(literal, at);
      at += node.run.length * 4;
    } else {
      at = follow(node, literal, at);
    }
    if (at === literal.length) return node;
    const size = Math.min(4, literal.length - at);
    node = branch(node, wordAt(literal, at, size), size);
    at += size;
  }
}

/** Goes along the run, and cuts it where the literal goes another way. */
function follow(node: Node, literal: Buffer, from: number): number {
  let at = from;
  for (let index = 0; index < node.run.length; index += 1) {
    if (literal.length - at >= 4 && wordAt(literal, at, 4) === node.run[index]) {
      at += 4;
      continue;
    }
    split(node, index);
    break;
  }
  return at;
}

function split(node: Node, index: number): void {
  const rest = new Node();
  Object.assign(rest, { ...node, next: rest.next });
  rest.run = node.run.slice(index + 1);
  rest.next.push(...node.next.splice(0));
  const word = node.run[index] as number;
  node.run = node.run.slice(0, index);
  Object.assign(node, { hole: 0, after: undefined, shape: undefined });
  Object.assign(node, { begins: 0, opening: 0, jumps: [] });
  Object.assign(node, { words: Int32Array.of(word), masks: Int32Array.of(-1), sizes: Int32Array.of(4) });
  node.next.push(rest);
}

function branch(node: Node, word: number, size: number): Node {
  for (const [index, child] of node.next.entries()) {
    if (node.sizes[index] === size && node.words[index] === word) return child;
  }
  const child = new Node();
  const found = node.sizes.findIndex((other) => other < size);
  const place = found < 0 ? node.next.length : found;
  node.next.splice(place, 0, child);
  node.words = inserted(node.words, place, word);
  node.masks = inserted(node.masks, place, MASKS[size] ?? 0);
  node.sizes = inserted(node.sizes, place, size);
  return child;
}

function inserted(list: Int32Array, place: number, value: number): Int32Array {
  return Int32Array.of(...list.subarray(0, place), value, ...list.subarray(place));
}

function wordsOf(literal: Buffer, from: number): Int32Array {
  const words = new Int32Array((literal.length - from) >> 2);
  return words.map((_, index) => wordAt(literal, from + index * 4, 4));
}

function wordAt(literal: Buffer, at: number, size: number): number {
  let word = 0;
  for (let index = 0; index < size; index += 1) word |= (literal[at + index] as number) << (8 * index);
  return word;
}
