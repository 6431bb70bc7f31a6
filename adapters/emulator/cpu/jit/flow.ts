/**
 * Where registers and flags are: in the state, or in locals. Every block has a set of locals that hold what they should
 * when it begins; the rest is loaded where the block begins if it needs it. A way from one block to another loads what the
 * other expects and stores what it does not; a way out stores what has changed. So a call in a loop costs the few registers
 * that are used around it, and a loop without calls keeps all of its registers in locals.
 */
import { LOCAL } from './locals';

/** A bit a local. */
export type Locals = number;

/** What a block has done with locals up to some place. */
export interface Touched {
  /** Needed as they were when it began. */
  readonly exposed: Locals;
  readonly changed: Locals;
}

/** Loads and stores, to be put at a place of the code. */
export interface Fix {
  readonly at: number;
  readonly loads: Locals;
  readonly stores: Locals;
}

interface Edge extends Touched {
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

interface WayOut {
  readonly at: number;
  readonly block: number;
  readonly changed: Locals;
}

interface Node {
  /** Where the code is for who comes from outside, and where the block begins. */
  entrance: number;
  start: number;
  exposed: Locals;
  valid: Locals;
  dirty: Locals;
}

const GENERAL = 0xffff << LOCAL.general;
const FLAGS = [LOCAL.flagA, LOCAL.flagB, LOCAL.flagResult, LOCAL.flagKind].reduce((all, one) => all | (1 << one), 0);
/** What the state has a place for, apart from rip and the budget. */
const KEPT: Locals = GENERAL | FLAGS;

export class Flow {
  private readonly edges: Edge[] = [];
  private readonly ways: WayOut[] = [];
  private readonly nodes: Node[];
  /** By the block that a loop begins with: what all of its blocks touch. */
  private readonly loops = new Map<number, Locals>();

  constructor(blocks: number) {
    this.nodes = Array.from({ length: blocks }, () => ({ entrance: 0, start: 0, exposed: 0, valid: 0, dirty: 0 }));
  }

  begin(block: number, entrance: number, start: number): void {
    Object.assign(this.node(block), { entrance, start });
  }

  /** @param touched by all of the block */
  end(block: number, touched: Touched): void {
    this.node(block).exposed = touched.exposed & KEPT;
  }

  /** A way from a place in one block to another. */
  edge(from: number, to: number, at: number, { exposed, changed }: Touched): void {
    this.edges.push({ from, to, at, exposed: exposed & KEPT, changed: changed & KEPT });
  }

  /** A way out of the region. */
  out(block: number, at: number, { changed }: Touched): void {
    this.ways.push({ block, at, changed: changed & KEPT });
  }

  /** @param touched by the blocks of a loop that nothing in it calls out of */
  loop(first: number, touched: Locals): void {
    this.loops.set(first, (this.loops.get(first) ?? 0) | (touched & KEPT));
  }

  /** @returns what has to be put into the code, by rising place */
  solve(): Fix[] {
    this.findValid();
    this.findDirty();
    const fixes: Fix[] = [];
    const fix = (at: number, loads: Locals, stores: Locals): void => {
      if ((loads | stores) !== 0) fixes.push({ at, loads, stores });
    };
    for (const { entrance, start, exposed, valid } of this.nodes) {
      fix(entrance, valid, 0);
      fix(start, exposed & ~valid, 0);
    }
    for (const edge of this.edges) {
      const { valid } = this.node(edge.to);
      fix(edge.at, valid & ~this.validAt(edge), this.dirtyAt(edge) & ~valid);
    }
    for (const { at, block, changed } of this.ways) fix(at, 0, changed | this.node(block).dirty);
    return fixes.sort((one, other) => one.at - other.at);
  }

  /** What all ways to a block have in common, and what a loop wants to keep. */
  private findValid(): void {
    for (const { to } of this.edges) this.node(to).valid = KEPT;
    for (let shrinks = true; shrinks;) {
      const common = this.nodes.map(({ valid }) => valid);
      for (const edge of this.edges) common[edge.to] = (common[edge.to] ?? 0) & this.validAt(edge);
      shrinks = false;
      this.nodes.forEach((node, number) => {
        const valid = (common[number] ?? 0) | (this.loops.get(number) ?? 0);
        if (valid === node.valid) return;
        node.valid = valid;
        shrinks = true;
      });
    }
  }

  private findDirty(): void {
    for (let grows = true; grows;) {
      grows = false;
      for (const edge of this.edges) {
        const to = this.node(edge.to);
        const dirty = to.dirty | (this.dirtyAt(edge) & to.valid);
        if (dirty === to.dirty) continue;
        to.dirty = dirty;
        grows = true;
      }
    }
  }

  private validAt({ from, exposed, changed }: Edge): Locals {
    const node = this.node(from);
    return node.valid | node.exposed | exposed | changed;
  }

  private dirtyAt({ from, changed }: Edge): Locals {
    return this.node(from).dirty | changed;
  }

  private node(block: number): Node {
    const node = this.nodes[block];
    if (node === undefined) throw new RangeError(`There is no block ${block}`);
    return node;
  }
}
