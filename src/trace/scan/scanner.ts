/**
 * Reads the bytes of a trace. A line of a known shape becomes a few numbers; any other is passed on as it is, for
 * `JSON.parse`, and teaches its shape. So whatever a line holds, it is read as if `JSON.parse` had read it.
 */
import { MOST_BYTES } from '../lines';
import { GroupTable } from './groups';
import {
  GROUP_RECORD,
  LAST_LINE_RECORD,
  LINE_RECORD,
  numbersFor,
  Records,
  TEMPLATE_RECORD,
  TEMPLATES,
  TEXT_RECORD,
  TOO_LONG_RECORD,
} from './records';
import { Shapes, type Shape, type ShapeGroup } from './shapes';
import { DECIMAL, DIGITS, templateOf, TEXT } from './template';
import { LONGEST_TEXT, TextTable } from './texts';
import { Tree, type Node } from './tree';

/** Bytes that are scanned at a time. */
export const PIECE = 64 * 1024;

/** Behind the bytes of a piece: whoever reads a literal or a value need not look for the end of the piece at each byte. */
const SLACK = 16 * 1024;

/** Of one line. */
const HOLES = 1024;

const LINE_FEED = 10;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const ZERO = 0x30;
const POINT = 0x2e;

/** After so many lines that taught nothing new, only some are looked at. */
const PATIENCE = 1000;
const SOME = 64;

const POWERS = Array.from({ length: DIGITS + 1 }, (_, digits) => 10 ** digits);

export class Scanner {
  readonly records = new Records();
  private readonly tree = new Tree();
  private buffer = Buffer.alloc(PIECE * 2 + SLACK);
  private view = viewOf(this.buffer);
  /** What is in the buffer. */
  private filled = 0;
  private readonly values = new Float64Array(HOLES + 1);
  private readonly shapes = new Shapes();
  private readonly groups = new GroupTable();
  private readonly texts = new TextTable((place, at, length) => this.text(place, at, length));
  /** What follows each value, by the number of the shape. */
  private readonly afters: (readonly Node[])[] = [];
  /** Where each value ends. */
  private readonly ends = new Int32Array(HOLES + 1);
  /** Of the groups of the line, by the number of their member: where they are (0: not known, negative: known, but not yet on this way), and how they begin. */
  private readonly found = new Int32Array(4);
  private readonly begun = new Int32Array(4);
  private readonly hashes = new Int32Array(4);
  private readonly nodes: Node[] = new Array<Node>(4).fill(this.tree.root);
  private inVain = 0;
  /** Lines looked at so far. */
  private lines = 0;
  /** Bytes of a line that is too long and goes on; 0: there is none. */
  private skipped = 0;
  /** What the line was that was matched last. */
  private matched: Shape | undefined;

  /** @returns where the next bytes of the trace are to be put, PIECE at most */
  space(): Buffer {
    const needed = this.filled + PIECE + SLACK;
    if (needed > this.buffer.length) {
      const larger = Buffer.alloc(needed * 2);
      this.buffer.copy(larger, 0, 0, this.filled);
      this.buffer = larger;
      this.view = viewOf(larger);
    }
    return this.buffer.subarray(this.filled, this.filled + PIECE);
  }

  /** @param count so many bytes were put into `space()`; what they say is added to `records` */
  scan(count: number): void {
    this.filled += count;
    let at = this.skipped > 0 ? this.skip(0) : 0;
    while (at < this.filled) {
      const end = this.line(at);
      if (end < 0) break;
      at = end;
    }
    this.keep(at);
  }

  /** The trace ends here. */
  end(): void {
    if (this.skipped > 0) this.tooLong(this.skipped + this.filled);
    else if (this.filled > 0) this.records.addBytes(LAST_LINE_RECORD, this.buffer.subarray(0, this.filled));
    this.filled = 0;
    this.skipped = 0;
  }

  /** What is left of the piece is the beginning of a line. */
  private keep(at: number): void {
    const left = this.filled - at;
    if (at > 0) this.buffer.copyWithin(0, at, this.filled);
    this.filled = left;
    if (this.skipped > 0 || left > MOST_BYTES) {
      this.skipped += left;
      this.filled = 0;
    }
  }

  private skip(from: number): number {
    const feed = this.feedFrom(from);
    if (feed < 0) return from;
    this.tooLong(this.skipped + feed + 1 - from);
    this.skipped = 0;
    return feed + 1;
  }

  private tooLong(length: number): void {
    const { records } = this;
    records.reserve(2);
    records.numbers[records.length] = TOO_LONG_RECORD;
    records.numbers[records.length + 1] = length;
    records.length += 2;
  }

  private feedFrom(at: number): number {
    const feed = this.buffer.indexOf(LINE_FEED, at);
    return feed < this.filled ? feed : -1;
  }

  /** @returns where the next line begins; -1: this one goes on in the next piece */
  private line(at: number): number {
    this.lines = (this.lines + 1) | 0;
    const end = this.match(at);
    if (end >= 0 && end <= this.filled && this.pass(at, end)) return end;
    const feed = this.feedFrom(at);
    if (feed < 0) return -1;
    const line = this.buffer.subarray(at, feed + 1);
    this.records.addBytes(LINE_RECORD, line);
    this.learn(line);
    return feed + 1;
  }

  private learn(line: Buffer): void {
    if (this.shapes.all.length >= TEMPLATES || (this.inVain > PATIENCE && this.inVain % SOME !== 0)) {
      this.inVain += 1;
      return;
    }
    const template = templateOf(line.toString('latin1'));
    const planted = template && template.holes.length <= HOLES ? this.tree.plant(template) : undefined;
    if (template && planted) {
      planted.end.shape = this.shapes.add(template);
      this.afters.push(planted.afters);
      this.inVain = 0;
      this.records.addBytes(TEMPLATE_RECORD, line);
    } else {
      this.inVain += 1;
    }
  }

  /** Leads a line through the templates; its values are in `values` then, texts by their places. @returns its end, or -1 */
  private match(start: number): number {
    const { view, values, ends, groups, filled, lines: line } = this;
    let node: Node = this.tree.root;
    let at = start;
    let count = 0;
    for (;;) {
      const { wide, last } = node;
      for (let index = 0; index < wide.length; index += 1) {
        if (view.getFloat64(at, true) !== wide[index]) return -1;
        at += 8;
      }
      if (last !== undefined) {
        if (view.getInt32(at, true) !== last) return -1;
        at += 4;
      }
      if (at > filled) return -1;
      const { words } = node;
      if (words.length > 0) {
        const word = view.getInt32(at, true);
        const { masks } = node;
        let index = 0;
        while (index < words.length && (word & (masks[index] as number)) !== words[index]) index += 1;
        if (index < words.length) {
          at += node.sizes[index] as number;
          node = node.next[index] as Node;
          continue;
        }
      }
      const { hole, begins } = node;
      if (hole === 0) {
        this.matched = node.shape;
        return node.shape === undefined ? -1 : at;
      }
      const first = at;
      let hash = 0;
      if (hole === TEXT) {
        for (;;) {
          const byte = view.getUint8(at);
          if (byte === QUOTE) break;
          if (byte < 0x20 || byte >= 0x7f || byte === BACKSLASH) return -1;
          hash = Math.imul(hash ^ byte, 0x01000193);
          at += 1;
        }
        if (at >= filled || at === first) return -1;
        hash ^= hash >>> 15;
      } else {
        at = this.number(at, hole, count);
        if (at < 0) return -1;
        hash = (values[count] as number) | 0;
      }
      if (begins !== 0) {
        const place = groups.find(view, first, hash, node.opening, line);
        const jump = place > 0 ? node.jumps[groups.kindOf(place)] : undefined;
        this.found[begins] = jump ? place : -place;
        if (jump) {
          at = first + groups.lengthOf(place);
          count += groups.holesOf(place);
          node = jump;
          continue;
        }
        this.begun[begins] = first;
        this.hashes[begins] = hash;
        this.nodes[begins] = node;
      }
      if (hole === TEXT) {
        const length = at - first;
        const place = length > LONGEST_TEXT ? -1 : this.texts.placeOf(view, first, length, hash, line);
        if (place < 0) return -1;
        values[count] = place;
      }
      ends[count] = at;
      count += 1;
      node = node.after as Node;
    }
  }

  /** Reads a number into `values[count]`. @returns its end; -1: it is none that is read here */
  private number(first: number, hole: number, count: number): number {
    const { view } = this;
    let at = first;
    let byte = view.getUint8(at) - ZERO;
    if (byte === 0 && isDigit(view.getUint8(at + 1))) return -1;
    let value = 0;
    while (byte >= 0 && byte <= 9) {
      value = value * 10 + byte;
      at += 1;
      byte = view.getUint8(at) - ZERO;
    }
    let digits = at - first;
    if (digits === 0) return -1;
    if (hole === DECIMAL && byte === POINT - ZERO) {
      const point = at;
      at += 1;
      for (byte = view.getUint8(at); isDigit(byte); byte = view.getUint8(at)) {
        value = value * 10 + (byte - ZERO);
        at += 1;
      }
      const places = at - point - 1;
      digits += places;
      if (places === 0 || digits > DIGITS) return -1;
      value /= POWERS[places] as number;
    } else if (digits > DIGITS) {
      return -1;
    }
    this.values[count] = value;
    return at;
  }

  /** Passes on a line that fits. @returns false when one of its values is not what it may be */
  private pass(start: number, end: number): boolean {
    const { values, records } = this;
    const shape = this.matched as Shape;
    const { template, number, locks, args, nbls } = shape;
    const { places } = template;
    if ((values[places.seq] as number) < 1 || (places.irql >= 0 && (values[places.irql] as number) > 31)) return false;
    // First, because each may put a record of its own in front.
    const locked = locks ? this.group(locks, 1, shape) : 0;
    const argued = args ? this.group(args, 2, shape) : 0;
    const chained = nbls ? this.group(nbls, 3, shape) : 0;
    records.reserve(12);
    const { numbers } = records;
    let { length } = records;
    numbers[length++] = number + (end - start) * TEMPLATES;
    numbers[length++] = values[places.seq] as number;
    if (places.module >= 0) numbers[length++] = values[places.module] as number;
    if (places.adapter >= 0) numbers[length++] = values[places.adapter] as number;
    if (places.thread >= 0) numbers[length++] = values[places.thread] as number;
    if (places.cpu >= 0) numbers[length++] = values[places.cpu] as number;
    if (places.irql >= 0) numbers[length++] = values[places.irql] as number;
    if (places.time >= 0) numbers[length++] = values[places.time] as number;
    if (locked > 0) numbers[length++] = locked;
    if (argued > 0) numbers[length++] = argued;
    if (chained > 0) numbers[length++] = chained;
    records.length = length;
    return true;
  }

  /**
   * @param member its number
   * @returns the place of a group of the line; 0 when it has no values
   */
  private group({ kind, from, texts, closing }: ShapeGroup, member: number, shape: Shape): number {
    const count = texts.length;
    if (count === 0) return 0;
    const known = this.found[member] as number;
    return known > 0 ? known : this.newGroup(kind, from, texts, closing, member, shape);
  }

  private newGroup(
    kind: number,
    from: number,
    texts: readonly boolean[],
    closing: number,
    member: number,
    shape: Shape,
  ): number {
    const { values, records, view } = this;
    const count = texts.length;
    const node = this.nodes[member] as Node;
    node.jumps[kind] ??= (this.afters[shape.number] as readonly Node[])[from + count - 1];
    const known = this.found[member] as number;
    if (known < 0) return -known;
    const begun = this.begun[member] as number;
    const valuesEnd = (this.ends[from + count - 1] as number) - begun;
    const hash = this.hashes[member] as number;
    const { opening } = node;
    const entered = this.groups.enter(
      view,
      begun,
      hash,
      opening,
      this.lines,
      valuesEnd,
      valuesEnd + closing,
      count,
      kind,
    );
    const place = entered > 0 ? entered : member;
    records.reserve(3 + count);
    const { numbers, length } = records;
    numbers[length] = GROUP_RECORD;
    numbers[length + 1] = place;
    numbers[length + 2] = kind;
    for (let index = 0; index < count; index += 1) numbers[length + 3 + index] = values[from + index] as number;
    records.length += 3 + count;
    return place;
  }

  private text(place: number, at: number, length: number): void {
    const { records, buffer } = this;
    records.reserve(3 + numbersFor(length));
    records.numbers[records.length] = TEXT_RECORD;
    records.numbers[records.length + 1] = place;
    records.numbers[records.length + 2] = length;
    const to = (records.length + 3) * 8;
    for (let index = 0; index < length; index += 1) records.bytes[to + index] = buffer[at + index] as number;
    records.length += 3 + numbersFor(length);
  }
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= ZERO + 9;
}

function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
