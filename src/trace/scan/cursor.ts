/** Walks over one line of JSON that is known to be valid, and notes where its values stand. */
import type { HoleKind } from './template';

/** The line is one that only `JSON.parse` should read. */
export class Unlearnable extends Error {}

export class Cursor {
  readonly literals: string[] = [];
  readonly holes: HoleKind[] = [];
  private at = 0;
  private from = 0;

  /** @param line with its line end; ASCII without a backslash */
  constructor(private readonly line: string) {}

  /** What comes next that is not white space. */
  get next(): string {
    while (' \t\r\n'.includes(this.line[this.at] ?? '!')) this.at += 1;
    return this.line[this.at] ?? '';
  }

  /** Characters read since the last hole. */
  get sinceHole(): number {
    return this.at - this.from;
  }

  take(character: string): void {
    if (this.next !== character) throw new Unlearnable();
    this.at += 1;
  }

  /** @returns whether it was there */
  takeIf(character: string): boolean {
    if (this.next !== character) return false;
    this.at += 1;
    return true;
  }

  /** @returns the text between the quotes */
  quoted(): string {
    this.take('"');
    const end = this.line.indexOf('"', this.at);
    const text = this.line.slice(this.at, end);
    this.at = end + 1;
    return text;
  }

  /** @returns a number, `true`, `false` or `null` as it is written */
  bare(): string {
    if (this.next === '') throw new Unlearnable();
    const start = this.at;
    while (/[-+.\w]/.test(this.line[this.at] ?? '')) this.at += 1;
    return this.line.slice(start, this.at);
  }

  /**
   * What was just read varies from line to line.
   * @param length of it
   * @param behind characters between its end and the cursor
   * @returns its number
   */
  hole(kind: HoleKind, length: number, behind: number): number {
    const end = this.at - behind;
    this.literals.push(this.line.slice(this.from, end - length));
    this.from = end;
    return this.holes.push(kind) - 1;
  }

  /** The rest of the line is as it is. */
  finish(): void {
    this.take('}');
    if (this.next !== '') throw new Unlearnable();
    this.literals.push(this.line.slice(this.from));
  }

  /** Members of an object; the cursor is in front of the brace, and `member` reads the value. */
  members(member: (name: string) => void): void {
    const names = new Set<string>();
    this.take('{');
    while (this.next !== '}') {
      if (names.size > 0) this.take(',');
      const name = this.quoted();
      if (names.has(name) || name === '__proto__') throw new Unlearnable();
      names.add(name);
      this.take(':');
      member(name);
    }
  }

  /** Items of a list; `item` reads one. */
  items(item: (index: number) => void): void {
    this.take('[');
    for (let index = 0; this.next !== ']'; index += 1) {
      if (index > 0) this.take(',');
      item(index);
    }
    this.take(']');
  }
}
