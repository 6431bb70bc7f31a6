/** The templates of a trace as one tree, in the memory of the matcher. What a node is, `matcher/memory.h` says. */
import type { Matcher } from './matcher';
import { padded } from './records';
import type { Shape, ShapeGroup } from './shapes';
import type { HoleKind, Places, Template } from './template';

/** Where the members of a node are, in bytes. */
const RUN = 0;
const RUN_LENGTH = 4;
const BRANCHES = 8;
const HOLE = 12;
const SLOT = 16;
const AFTER = 20;
const BEGINS = 24;
const OPENING = 28;
const JUMPS = 32;
const SHAPE = 36;
const NODE_BYTES = 40;

/** A node for each character of ASCII. */
const TABLE_BYTES = 128 * 4;
const JUMP_BYTES = 12;
const SHAPE_BYTES = 4 + 3 * 16;

/** Slots of values that are no part of a group. */
const PLACES = ['seq', 'module', 'adapter', 'thread', 'cpu', 'irql', 'time'] as const;
const FIRST_OF_GROUPS = 8;

export class Tree {
  private readonly view: DataView;
  private readonly root: number;
  private free: number;
  private readonly openings = new Map<string, number>();

  constructor(private readonly matcher: Matcher) {
    this.view = matcher.view;
    this.free = matcher.arena;
    this.root = this.take(NODE_BYTES);
  }

  /**
   * Makes the way of a template.
   * @returns where each value is, and where the line ends; undefined when the tree has the template already, or another that would be
   * taken for it, or there is no room for it
   */
  pathOf({ holes, literals, places }: Template): readonly number[] | undefined {
    if (this.free + roomFor(holes, literals) > this.matcher.arenaEnd) return undefined;
    const path: number[] = [];
    let node = this.root;
    for (const [index, literal] of literals.entries()) {
      node = this.reach(node, Buffer.from(literal, 'latin1'));
      path.push(node);
      const hole = holes[index];
      const present = this.get(node, HOLE);
      if (this.get(node, SHAPE) !== 0 || (present !== 0 && present !== hole)) return undefined;
      if (hole === undefined) return path;
      if (present === 0) this.addHole(node, hole, slotOf(places, index));
      node = this.get(node, AFTER);
    }
    return undefined;
  }

  /** @param path the way of its template: what goes along it is of this shape */
  plant(path: readonly number[], shape: Shape): void {
    for (const [index, group] of groupsOf(shape).entries()) {
      if (group && group.texts.length > 0) this.addGroup(path, group, index + 1);
    }
    this.set(path.at(-1) ?? this.root, SHAPE, this.shape(shape));
  }

  private addHole(node: number, hole: HoleKind, slot: number): void {
    this.set(node, HOLE, hole);
    this.set(node, SLOT, slot);
    this.set(node, AFTER, this.take(NODE_BYTES));
  }

  /** From the first value of a group on, a line may go on behind its last one. */
  private addGroup(path: readonly number[], { from, texts, kind, group }: ShapeGroup, member: number): void {
    const first = path[from] as number;
    const last = path[from + texts.length - 1] as number;
    this.set(first, BEGINS, member);
    this.set(first, OPENING, this.numberOf(`${member} ${this.get(first, HOLE)} ${group.written[0] ?? ''}`));
    for (let jump = this.get(first, JUMPS); jump !== 0; jump = this.get(jump, 8)) {
      if (this.get(jump, 0) === kind) return;
    }
    const jump = this.take(JUMP_BYTES);
    this.set(jump, 0, kind);
    this.set(jump, 4, this.get(last, AFTER));
    this.set(jump, 8, this.get(first, JUMPS));
    this.set(first, JUMPS, jump);
  }

  private shape(shape: Shape): number {
    const address = this.take(SHAPE_BYTES);
    this.set(address, 0, shape.number);
    for (const [index, group] of groupsOf(shape).entries()) {
      const at = address + 4 + index * 16;
      this.set(at, 0, group?.texts.length ?? 0);
      this.set(at, 4, group?.kind ?? 0);
      this.set(at, 8, FIRST_OF_GROUPS + (group?.from ?? 0));
      this.set(at, 12, group?.closing ?? 0);
    }
    return address;
  }

  private numberOf(opening: string): number {
    const number = this.openings.get(opening) ?? this.openings.size + 1;
    this.openings.set(opening, number);
    return number;
  }

  /** @returns the node behind the literal; made when it is not there */
  private reach(start: number, literal: Buffer): number {
    let node = start;
    for (let at = 0; ; at += 1) {
      if (this.isNew(node)) {
        this.set(node, RUN, this.copy(literal.subarray(at)));
        this.set(node, RUN_LENGTH, literal.length - at);
        return node;
      }
      at += this.follow(node, literal.subarray(at));
      if (at === literal.length) return node;
      node = this.branch(node, literal[at] as number);
    }
  }

  private isNew(node: number): boolean {
    return [RUN, BRANCHES, HOLE, SHAPE].every((member) => this.get(node, member) === 0);
  }

  /** Goes along the run, and cuts it where the literal goes another way. @returns how far */
  private follow(node: number, literal: Buffer): number {
    const run = this.get(node, RUN);
    const length = this.get(node, RUN_LENGTH);
    let at = 0;
    while (at < length && literal[at] === this.view.getUint8(run + at)) at += 1;
    if (at < length) this.split(node, at);
    return at;
  }

  private split(node: number, length: number): void {
    const rest = this.take(NODE_BYTES);
    for (let member = 0; member < NODE_BYTES; member += 4) this.set(rest, member, this.get(node, member));
    const run = this.get(node, RUN);
    this.set(rest, RUN, run + length + 1);
    this.set(rest, RUN_LENGTH, this.get(node, RUN_LENGTH) - length - 1);
    for (const member of [BRANCHES, HOLE, SLOT, AFTER, BEGINS, OPENING, JUMPS, SHAPE]) this.set(node, member, 0);
    this.set(node, RUN_LENGTH, length);
    this.set(node, BRANCHES, this.take(TABLE_BYTES));
    this.set(this.get(node, BRANCHES), this.view.getUint8(run + length) * 4, rest);
  }

  private branch(node: number, byte: number): number {
    if (this.get(node, BRANCHES) === 0) this.set(node, BRANCHES, this.take(TABLE_BYTES));
    const branches = this.get(node, BRANCHES);
    if (this.get(branches, byte * 4) === 0) this.set(branches, byte * 4, this.take(NODE_BYTES));
    return this.get(branches, byte * 4);
  }

  private copy(bytes: Buffer): number {
    const at = this.take(bytes.length);
    for (const [index, byte] of bytes.entries()) this.view.setUint8(at + index, byte);
    return at;
  }

  private take(bytes: number): number {
    const at = this.free;
    this.free += padded(bytes);
    for (let word = at; word < this.free; word += 8) this.view.setFloat64(word, 0);
    return at;
  }

  private get(at: number, member: number): number {
    return this.view.getUint32(at + member, true);
  }

  private set(at: number, member: number, value: number): void {
    this.view.setUint32(at + member, value, true);
  }
}

function groupsOf({ locks, args, nbls }: Shape): readonly (ShapeGroup | undefined)[] {
  return [locks, args, nbls];
}

function slotOf(places: Places, hole: number): number {
  const place = PLACES.findIndex((name) => places[name] === hole);
  return place < 0 ? FIRST_OF_GROUPS + hole : place;
}

/** Bytes that a template takes at most: there is one place where it leaves the tree. */
function roomFor(holes: readonly unknown[], literals: readonly string[]): number {
  const text = literals.reduce((sum, { length }) => sum + length + 8, 0);
  return text + (holes.length + 3) * NODE_BYTES + 2 * TABLE_BYTES + SHAPE_BYTES + 4 * JUMP_BYTES + 64;
}
