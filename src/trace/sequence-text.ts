/** A trace as a sequence diagram for a terminal: a lane for everyone who takes part, a row a crossing. */
import type { Crossing } from './crossing';
import { printable } from './printable';
import { callText } from './text';

export interface SequenceTextOptions {
  /** What to say about a crossing (by seq), e.g. the rule it breaks; such rows stand out. */
  readonly marks?: ReadonlyMap<number, string>;
  /** Columns of the terminal; the text of a call is cut to fit. Default: nothing is cut. */
  readonly width?: number;
}

/** Columns from one lane to the next. */
const GAP = 12;
const APPLICATION = 'application';
const NDIS = 'NDIS';

interface Lane {
  readonly label: string;
  /** From left to right: application, driver, its modules, NDIS, neighbours. */
  readonly rank: number;
}

/** The I/O manager brings IRPs and takes them back; everything else is a matter between NDIS and the filter. */
function isOfApplication({ ddi, neighbour }: Crossing): boolean {
  return neighbour === undefined && /^(?:IRP_MJ_|IoMark|IoComplete|IrpCancel)/.test(ddi);
}

/** Whose handlers are entered and who calls exports; undefined for what the system as a whole does. */
function sideOf({ dir, module, neighbour, adapter }: Crossing): [string, Lane] | undefined {
  if (neighbour !== undefined) {
    const label = neighbour.replace(/^filter:/, '');
    return [`${neighbour} ${adapter ?? ''}`, { label: adapter === undefined ? label : `${label} ${adapter}`, rank: 4 }];
  }
  if (module !== undefined) return [`module ${module}`, { label: module, rank: 2 }];
  return dir === '!!' ? undefined : ['driver', { label: 'driver', rank: 1 }];
}

function lanesOf(crossings: readonly Crossing[]): readonly [string, Lane][] {
  const lanes = new Map<string, Lane>([[NDIS, { label: NDIS, rank: 3 }]]);
  for (const crossing of crossings) {
    const side = sideOf(crossing);
    if (side && !lanes.has(side[0])) lanes.set(...side);
    if (isOfApplication(crossing)) lanes.set(APPLICATION, { label: APPLICATION, rank: 0 });
  }
  // Sorting is stable: within a rank lanes stand in the order of their first appearance.
  return [...lanes].sort(([, a], [, b]) => a.rank - b.rank);
}

function fit(text: string, columns: number): string {
  const characters = [...text];
  return characters.length <= columns ? text : `${characters.slice(0, Math.max(0, columns - 1)).join('')}…`;
}

function heading(lanes: readonly [string, Lane][]): string {
  return lanes
    .map(([, { label }]) => {
      const shown = fit(printable(label), GAP - 1);
      const left = Math.floor((GAP - [...shown].length) / 2);
      return (' '.repeat(left) + shown).padEnd(GAP);
    })
    .join('');
}

/** Lifelines, and from `from` to `to` an arrow: solid for a call, dotted for a way back. */
function row(count: number, from: number, to: number, back: boolean): string {
  const cells: string[] = Array.from({ length: count * GAP }, (_, column) => (column % GAP === GAP / 2 ? '│' : ' '));
  const at = (lane: number): number => lane * GAP + GAP / 2;
  const [left, right] = [Math.min(at(from), at(to)), Math.max(at(from), at(to))];
  for (let column = left + 1; column < right; column += 1) {
    cells[column] = cells[column] === '│' ? '┼' : back ? '┄' : '─';
  }
  if (from < to) cells[right - 1] = '>';
  else if (from > to) cells[left + 1] = '<';
  return cells.join('');
}

function observation(count: number, lane: number | undefined): string {
  const cells = [...row(count, 0, 0, false)];
  for (let i = 0; i < count; i += 1) {
    if (lane === undefined || lane === i) cells[i * GAP + GAP / 2] = '█';
  }
  return cells.join('');
}

function longest(texts: readonly string[]): number {
  return texts.reduce((most, { length }) => Math.max(most, length), 0);
}

/**
 * Draws a trace, or the part of one that is handed over (a row says where crossings were left out).
 * @param crossings in order
 * @param options marks and width, see SequenceTextOptions
 * @returns lines separated by line feeds: number, thread (where there are several), lanes, call, mark. Marked rows begin
 * with `>`. Without crossings the empty text
 */
export function sequenceText(crossings: Iterable<Crossing>, options: SequenceTextOptions = {}): string {
  const { marks = new Map<number, string>(), width = Infinity } = options;
  const shown = [...crossings];
  const last = shown.at(-1);
  if (last === undefined) return '';
  const lanes = lanesOf(shown);
  const index = new Map(lanes.map(([key], i) => [key, i]));
  const numbers = longest(shown.map(({ seq }) => `#${seq}`));
  const threads = [...new Set(shown.map(({ thread }) => printable(thread ?? '')))];
  const threadColumn = threads.length > 1 ? longest(threads) + 1 : 0;
  const margin = 2 + numbers + 1 + threadColumn;

  const lines = [`${' '.repeat(margin)}${heading(lanes)}`.trimEnd()];
  let previous: number | undefined;
  for (const crossing of shown) {
    const { seq, dir, thread } = crossing;
    if (previous !== undefined && seq > previous + 1) {
      const missing = seq === previous + 2 ? `#${previous + 1} is` : `#${previous + 1}–#${seq - 1} are`;
      lines.push(`${' '.repeat(margin)}${row(lanes.length, 0, 0, false).replaceAll('│', '⋮')}${missing} not here`);
    }
    previous = seq;
    const side = index.get(sideOf(crossing)?.[0] ?? '');
    const other = index.get(isOfApplication(crossing) ? APPLICATION : NDIS) ?? 0;
    const outward = dir === '<-' || dir === '=>';
    const picture =
      dir === '!!' || side === undefined
        ? observation(lanes.length, side)
        : row(lanes.length, outward ? side : other, outward ? other : side, dir.startsWith('<'));
    const mark = marks.get(seq);
    const start =
      `${mark === undefined ? ' ' : '>'} ${`#${seq}`.padStart(numbers)} ` +
      (threadColumn > 0 ? printable(thread ?? '').padEnd(threadColumn) : '') +
      picture;
    const end = mark === undefined ? '' : `  ◄ ${printable(mark)}`;
    lines.push(`${start}${fit(callText(crossing), width - start.length - end.length)}${end}`);
  }
  return lines.join('\n');
}
