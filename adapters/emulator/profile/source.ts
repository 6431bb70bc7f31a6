/** The text of a profile: its plain value, and where in the file each part of it stands. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { BadProfile, type Problem } from './bad-profile';
import { opensDeeper } from './depth';
import { placeOfOther } from './encoding';

export type Path = readonly (string | number)[];

/** More than any driver's interface needs; a text of more is no profile. */
const MAX_LENGTH = 1_000_000;
const MAX_DEPTH = 40;
/** What comes after the first faults of syntax mostly follows from them. */
const MAX_FAULTS = 3;

export class Source {
  private constructor(
    readonly file: string,
    readonly value: unknown,
    private readonly document: Document,
    private readonly lines: LineCounter,
  ) {}

  /** @param what the text is, for messages @throws BadProfile when the text is no YAML */
  static parse(text: string, file: string, what = 'a profile'): Source {
    const tooDeep = `${what} is never nested deeper than ${MAX_DEPTH} levels`;
    if (text.length > MAX_LENGTH) throw new BadProfile(file, [at(1, 1, `${what} is never larger than 1 MB`)]);
    const other = placeOfOther(text);
    if (other)
      throw new BadProfile(file, [at(other.line, other.column, `this is no text in UTF-8; save ${what} as that`)]);
    if (opensDeeper(text, MAX_DEPTH)) throw new BadProfile(file, [at(1, 1, tooDeep)]);
    const lines = new LineCounter();
    try {
      const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
      const faults = [...document.errors, ...document.warnings]
        .slice(0, MAX_FAULTS)
        .map(({ pos: [offset], message }) => {
          const { line, col } = lines.linePos(offset);
          return at(
            line,
            col,
            `this is not YAML as ${what} uses it: ${message.replace(/; please use YAML\..*/s, ': give one, without "---"')}`,
          );
        });
      if (faults.length > 0) throw new BadProfile(file, faults);
      const value: unknown = document.toJS();
      if (isDeeper(value, MAX_DEPTH)) throw new BadProfile(file, [at(1, 1, tooDeep)]);
      return new Source(file, value, document, lines);
    } catch (error) {
      if (error instanceof BadProfile) throw error;
      const reason = error instanceof Error ? error.message : String(error);
      throw new BadProfile(file, [at(1, 1, `this YAML cannot be read: ${reason}`)]);
    }
  }

  /** @param part the key itself, or what it is set to */
  problem(path: Path, part: 'key' | 'value', message: string): Problem {
    const { line, col } = this.lines.linePos(this.offsetOf(path, part));
    return at(line, col, message);
  }

  /** Of the part, or of the nearest thing around it that has a place. */
  private offsetOf(path: Path, part: 'key' | 'value'): number {
    let node: Node | null = this.document.contents;
    let offset = node?.range?.[0] ?? 0;
    for (const [depth, step] of path.entries()) {
      if (isAlias(node)) node = node.resolve(this.document) ?? null;
      let next: unknown;
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
        if (isScalar(pair?.key)) offset = pair.key.range?.[0] ?? offset;
        if (part === 'key' && depth === path.length - 1) return offset;
        next = pair?.value;
      } else if (isSeq(node)) {
        next = node.items[Number(step)];
      }
      if (!isNode(next)) return offset;
      node = next;
      offset = node.range?.[0] ?? offset;
    }
    return offset;
  }
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

function at(line: number, column: number, message: string): Problem {
  return { line: Math.max(line, 1), column: Math.max(column, 1), message };
}

/** Ends for values that contain themselves, too: an alias in YAML can make one. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeper(inner, levels - 1));
}
