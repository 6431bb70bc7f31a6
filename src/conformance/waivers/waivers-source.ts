/** The text of a list of waivers: its plain value, and where in the file each part of it stands. */
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, type Document } from 'yaml';
import { opensDeeper } from '../../../adapters/emulator/profile/depth';
import { placeOfOther } from '../../../adapters/emulator/profile/encoding';
import { CannotJudge } from '../cannot-judge';

export type Path = readonly (string | number)[];

/** More than anybody reviews; a text of more is something else. */
const MAX_LENGTH = 1_000_000;
const MAX_DEPTH = 40;
/** What comes after the first faults of syntax mostly follows from them. */
const MAX_FAULTS = 3;

/** Something that is not as it must be. Line and column count from 1. */
interface Fault {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

export class WaiversSource {
  readonly value: unknown;
  private readonly document: Document;
  private readonly lines = new LineCounter();
  private readonly faults: Fault[] = [];

  /** @throws CannotJudge when the text is no YAML */
  constructor(
    readonly file: string,
    text: string,
  ) {
    if (text.length > MAX_LENGTH) throw this.refusal('a list of waivers is never larger than 1 MB');
    const other = placeOfOther(text);
    if (other) throw this.refusal('this is no text in UTF-8; save the list of waivers as that', other);
    if (opensDeeper(text, MAX_DEPTH)) {
      throw this.refusal(`a list of waivers is never nested deeper than ${MAX_DEPTH} levels`);
    }
    try {
      this.document = parseDocument(text, { lineCounter: this.lines, prettyErrors: false, logLevel: 'error' });
      for (const { pos, message } of [...this.document.errors, ...this.document.warnings].slice(0, MAX_FAULTS)) {
        this.addAt(pos[0], `this is not YAML as a list of waivers uses it: ${message}`);
      }
      this.throwAny();
      this.value = this.document.toJS();
    } catch (failure) {
      if (failure instanceof CannotJudge) throw failure;
      // Aliases that grow without end.
      throw this.refusal(`this YAML cannot be read: ${failure instanceof Error ? failure.message : String(failure)}`);
    }
  }

  /** @param part the key at the end of the path, or what it is set to */
  add(path: Path, message: string, part: 'key' | 'value' = 'value'): void {
    this.addAt(this.offsetOf(path, part), message);
  }

  lineOf(path: Path): number {
    return this.lines.linePos(this.offsetOf(path, 'value')).line;
  }

  /** @throws CannotJudge when something was added, with all of it in the order of the file */
  throwAny(): void {
    if (this.faults.length === 0) return;
    const inOrder = [...this.faults].sort((a, b) => a.line - b.line || a.column - b.column);
    throw new CannotJudge(
      inOrder.map(({ line, column, message }) => `${this.file}:${line}:${column}: ${message}`).join('; '),
    );
  }

  private addAt(offset: number, message: string): void {
    const { line, col } = this.lines.linePos(offset);
    this.faults.push({ line: Math.max(line, 1), column: Math.max(col, 1), message });
  }

  private refusal(message: string, { line, column } = { line: 1, column: 1 }): CannotJudge {
    return new CannotJudge(`${this.file}:${line}:${column}: ${message}`);
  }

  /** Of the part, or of the nearest thing around it that has a place. */
  private offsetOf(path: Path, part: 'key' | 'value'): number {
    let node: unknown = this.document.contents;
    let offset = startOf(node) ?? 0;
    for (const [depth, step] of path.entries()) {
      let next: unknown;
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
        offset = startOf(pair?.key) ?? offset;
        if (part === 'key' && depth === path.length - 1) return offset;
        next = pair?.value;
      } else if (isSeq(node)) {
        next = node.items[Number(step)];
      }
      offset = startOf(next) ?? offset;
      node = next;
    }
    return offset;
  }
}

function startOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}
