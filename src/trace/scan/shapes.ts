/** The templates that a trace has used so far, with their numbers. Both ends of the records number them alike. */
import type { Group, GroupUse, Template } from './template';

export interface ShapeGroup {
  readonly group: Group;
  /** Number of this kind of group. */
  readonly kind: number;
  /** Number of its first hole in the line. */
  readonly from: number;
  readonly texts: readonly boolean[];
  /** Characters from the end of its last hole to its own end. */
  readonly closing: number;
}

export interface Shape {
  readonly template: Template;
  readonly number: number;
  readonly locks: ShapeGroup | undefined;
  readonly args: ShapeGroup | undefined;
  readonly nbls: ShapeGroup | undefined;
}

export class Shapes {
  readonly all: Shape[] = [];
  /** By number. */
  readonly kinds: Group[] = [];
  private readonly known = new Map<string, number>();

  add(template: Template): Shape {
    const shape: Shape = {
      template,
      number: this.all.length,
      locks: this.grouped(template.locks),
      args: this.grouped(template.args),
      nbls: this.grouped(template.nbls),
    };
    this.all.push(shape);
    return shape;
  }

  private grouped(use: GroupUse | undefined): ShapeGroup | undefined {
    if (!use) return undefined;
    const { group, from, closing } = use;
    const key = JSON.stringify(group);
    let kind = this.known.get(key);
    if (kind === undefined) {
      kind = this.kinds.push(group) - 1;
      this.known.set(key, kind);
    }
    return { group: this.kinds[kind] ?? group, kind, from, closing, texts: group.texts };
  }
}
