/**
 * The shape of a line: what stands in every line of its kind, and where the values are that vary. A line goes through
 * `JSON.parse`, the check of the format and the normalisation once; of later lines of its shape only the values are read.
 */
import { crossingFault } from '../check';
import type { ArgValue, Crossing, Direction } from '../crossing';
import { normaliseStatuses } from '../normalise';
import { Cursor, Unlearnable } from './cursor';
import { LONGEST_TEXT } from './layout';

/** `WHOLE`: a whole number from 0. `DECIMAL`: the same, or with a fraction. `TEXT`: a text that is not empty, without quotes. */
export const WHOLE = 1;
export const DECIMAL = 2;
export const TEXT = 3;
export type HoleKind = typeof WHOLE | typeof DECIMAL | typeof TEXT;

/** So many digits fit into a number without loss. */
export const DIGITS = 15;
/** A longer line has a chain or a list of its own kind. */
const LONGEST_TEMPLATE = 8192;

/** A value of a list or an object: a hole of the group by its number, or made of others. */
export type Part =
  | { readonly kind: 'hole'; readonly hole: number; readonly isText: boolean }
  | { readonly kind: 'constant'; readonly value: ArgValue }
  | { readonly kind: 'list'; readonly items: readonly Part[] }
  | { readonly kind: 'object'; readonly members: readonly (readonly [string, Part])[] };

/** The value of `locks`, `args` or `nbls`, with neighbouring holes. Lines of many shapes have groups of the same kind. */
export interface Group {
  readonly member: 'locks' | 'args' | 'nbls';
  readonly part: Part;
  /** Which of its holes are texts. */
  readonly texts: readonly boolean[];
  /** What stands before each of its holes. */
  readonly written: readonly string[];
}

export interface GroupUse {
  readonly group: Group;
  /** Number of its first hole in the line. */
  readonly from: number;
  /** What stands between its beginning and its first hole. */
  readonly opening: string;
  /** Characters from the end of its last hole to its own end. */
  readonly closing: number;
}

/** Numbers of holes; -1: the lines have no such member. */
export interface Places {
  seq: number;
  module: number;
  adapter: number;
  thread: number;
  cpu: number;
  irql: number;
  time: number;
}

export interface Template {
  /** One more than holes: a hole stands between two of them. The last has the end of the line. */
  readonly literals: readonly string[];
  readonly holes: readonly HoleKind[];
  readonly places: Readonly<Places>;
  readonly dir: Direction;
  readonly ddi: string;
  readonly neighbour: string | undefined;
  readonly status: string | undefined;
  readonly certainty: 'exact' | undefined;
  readonly locks: GroupUse | undefined;
  readonly args: GroupUse | undefined;
  readonly nbls: GroupUse | undefined;
}

const PLAIN = /^[\x20-\x5b\x5d-\x7e]*\r?\n$/;

/**
 * @param line a line of a trace, with its line feed
 * @returns its shape; undefined when the line is no crossing, or is written in a way that is left to `JSON.parse`
 */
export function templateOf(line: string): Template | undefined {
  if (line.length > LONGEST_TEMPLATE || !PLAIN.test(line)) return undefined;
  try {
    const parsed: unknown = JSON.parse(line);
    return crossingFault(parsed) === undefined
      ? new Learner(line, normaliseStatuses(parsed as Crossing)).learn()
      : undefined;
  } catch (failure) {
    if (failure instanceof Unlearnable || failure instanceof SyntaxError) return undefined;
    throw failure;
  }
}

class Learner {
  private readonly cursor: Cursor;
  private readonly places: Places = { seq: -1, module: -1, adapter: -1, thread: -1, cpu: -1, irql: -1, time: -1 };
  private readonly groups: { locks?: GroupUse; args?: GroupUse; nbls?: GroupUse } = {};
  /** Of the group that is being read. */
  private from = 0;

  /** @param crossing the line as everybody else reads it */
  constructor(
    line: string,
    private readonly crossing: Crossing,
  ) {
    this.cursor = new Cursor(line);
  }

  learn(): Template {
    const { cursor, places, groups, crossing } = this;
    cursor.members((name) => this.member(name));
    cursor.finish();
    const { dir, ddi, neighbour, status, certainty } = crossing;
    if (certainty !== undefined && certainty !== 'exact') throw new Unlearnable();
    return {
      literals: cursor.literals,
      holes: cursor.holes,
      places,
      dir: shared(dir) as Direction,
      ddi: shared(ddi),
      neighbour,
      status: status === undefined ? undefined : shared(status),
      certainty,
      ...{ locks: groups.locks, args: groups.args, nbls: groups.nbls },
    };
  }

  private member(name: string): void {
    switch (name) {
      case 'module':
      case 'adapter':
      case 'thread':
        this.places[name] = this.text();
        break;
      case 'seq':
      case 'cpu':
      case 'irql':
        this.places[name] = this.number(WHOLE);
        break;
      case 'time':
        this.places[name] = this.number(DECIMAL);
        break;
      case 'locks':
        this.group(name, () => this.list(() => this.textPart()));
        break;
      case 'args':
        this.group(name, () => this.args());
        break;
      case 'nbls':
        this.group(name, () => this.list((index) => this.nbl(index)));
        break;
      default:
        // What decides the meaning of a crossing has few values; it stays part of the shape.
        this.constant();
    }
  }

  private group(member: Group['member'], read: () => Part): void {
    const { cursor } = this;
    const from = cursor.holes.length;
    this.from = from;
    const before = cursor.sinceHole;
    const part = read();
    const texts = cursor.holes.slice(from).map((kind) => kind === TEXT);
    const [first = '', ...others] = cursor.literals.slice(from);
    const opening = first.slice(before);
    const written = [opening, ...others];
    this.groups[member] = { group: { member, part, texts, written }, from, opening, closing: cursor.sinceHole };
  }

  private list(item: (index: number) => Part): Part {
    const items: Part[] = [];
    this.cursor.items((index) => items.push(item(index)));
    return { kind: 'list', items };
  }

  private object(member: (name: string) => Part): Part {
    const members: [string, Part][] = [];
    this.cursor.members((name) => members.push([name, member(name)]));
    this.cursor.take('}');
    return { kind: 'object', members };
  }

  private args(): Part {
    return this.object((name) => {
      if (name === 'status') return this.fixed(this.crossing.args?.['status'] ?? null);
      if (this.cursor.next === '[') return this.list(() => this.textPart());
      return this.cursor.next === '"' ? this.textPart() : this.numberPart(DECIMAL);
    });
  }

  private nbl(index: number): Part {
    return this.object((name) => {
      if (name === 'status') return this.fixed(this.crossing.nbls?.[index]?.status ?? null);
      if (name === 'nbs') return this.list(() => this.netBuffer());
      return this.cursor.next === '"' ? this.textPart() : this.numberPart(WHOLE);
    });
  }

  private netBuffer(): Part {
    return this.object(() => (this.cursor.next === '"' ? this.textPart() : this.numberPart(WHOLE)));
  }

  /** A status, which has few values, by its WDK name. */
  private fixed(value: ArgValue): Part {
    this.constant();
    return { kind: 'constant', value };
  }

  private constant(): void {
    if (this.cursor.next === '"') this.cursor.quoted();
    else this.cursor.bare();
  }

  private textPart(): Part {
    const text = this.cursor.quoted();
    if (text === '') return { kind: 'constant', value: '' };
    return { kind: 'hole', hole: this.textHole(text) - this.from, isText: true };
  }

  private text(): number {
    return this.textHole(this.cursor.quoted());
  }

  private textHole(text: string): number {
    if (text === '' || text.length > LONGEST_TEXT) throw new Unlearnable();
    return this.cursor.hole(TEXT, text.length, 1);
  }

  private numberPart(kind: HoleKind): Part {
    const bare = this.cursor.bare();
    if (isWritten(bare, kind)) {
      return { kind: 'hole', hole: this.cursor.hole(kind, bare.length, 0) - this.from, isText: false };
    }
    // Where a number is read, nothing else may begin with a digit.
    if (/^\d/.test(bare)) throw new Unlearnable();
    return { kind: 'constant', value: JSON.parse(bare) as ArgValue };
  }

  private number(kind: HoleKind): number {
    const bare = this.cursor.bare();
    if (!isWritten(bare, kind)) throw new Unlearnable();
    return this.cursor.hole(kind, bare.length, 0);
  }
}

/**
 * @returns the same text as the one that the program has, if it has it: names of members are there but once, and what is there but
 * once is compared at once
 */
function shared(text: string): string {
  const holder = Object.create(null) as Record<string, true>;
  holder[text] = true;
  return Object.keys(holder)[0] ?? text;
}

const DIGITS_OF_A_NUMBER = /^(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** As nearly everybody writes a number of that kind: what is read without `JSON.parse`, and exactly. */
function isWritten(bare: string, kind: HoleKind): boolean {
  if (!DIGITS_OF_A_NUMBER.test(bare)) return false;
  return (kind === DECIMAL || !bare.includes('.')) && bare.replace('.', '').length <= DIGITS;
}
