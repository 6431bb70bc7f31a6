/** A sequence diagram as data: small enough to embed one for every scenario of a page, drawn by `drawSequence`. */
import { lifecycleEvent, type ModuleState } from '../lifecycle';
import type { Violation } from '../../rules/rule';
import { DISPATCH_LEVEL, OBSERVATION, type Crossing } from '../../trace';
import { callText } from './call-text';
import { relevantSeqs } from './relevant';

/** `?` an observation of something bad, `.` that nothing more happens without a new stimulus. */
export type Shape = 'call' | 'return' | '?' | '.';

/** Position of a lane, counted from the left. */
type LaneIndex = number;

export type DiagramRow =
  /** So many crossings are left out here. */
  | readonly [hidden: number]
  | readonly [
      seq: number,
      thread: string,
      shape: Shape,
      from: LaneIndex,
      to: LaneIndex,
      text: string,
      /** '' for a witness, otherwise the rules broken here; null: nothing to mark. */
      mark: string | null,
      /** What there is no room for. */
      aside: string,
    ];

/** From and to are rows; half a row is the middle of it. */
export type Band = readonly [lane: LaneIndex, state: ModuleState, from: number, to: number];

export interface Diagram {
  readonly title: string;
  /** Names of the lanes from left to right; those of modules of the driver under test begin with `filter `. */
  readonly lanes: readonly string[];
  readonly rows: readonly DiagramRow[];
  readonly bands: readonly Band[];
}

export interface DiagramOptions {
  /** Their crossings and witnesses are marked. */
  readonly violations?: readonly Violation[];
  /** Leave out stretches of a long trace that have no part in the violations. */
  readonly folded?: boolean;
  /** Accessible name. */
  readonly title?: string;
}

const TEXT_LIMIT = 96;

/**
 * @param crossings a trace (or part of one), in order
 * @returns what is to be drawn
 */
export function diagramOf(crossings: readonly Crossing[], options: DiagramOptions = {}): Diagram {
  const { violations = [], folded = false, title = 'Call trace' } = options;
  const shown = folded ? relevantSeqs(crossings, violations) : undefined;
  const marks = marksOf(violations);
  const lanes = lanesOf(crossings);
  const rows: DiagramRow[] = [];
  const bands: Band[] = [];
  const states = new Map<string, { state: ModuleState; since: number }>();
  let hidden = 0;

  for (const crossing of crossings) {
    if (shown && !shown.has(crossing.seq)) {
      hidden += 1;
    } else {
      if (hidden > 0) rows.push([hidden]);
      hidden = 0;
      rows.push(rowOf(crossing, lanes, marks.get(crossing.seq) ?? null));
    }
    const event = lifecycleEvent(crossing);
    if (event && crossing.module !== undefined && event.from !== event.to) {
      const before = states.get(crossing.module);
      const now = rows.length - 0.5;
      if (before) bands.push([lanes.indexOf(moduleLane(crossing)), before.state, before.since, now]);
      states.set(crossing.module, { state: event.to, since: now });
    }
  }
  if (hidden > 0) rows.push([hidden]);
  for (const [module, { state, since }] of states) {
    bands.push([lanes.indexOf(`module:${module}`), state, since, rows.length]);
  }
  return { title, lanes: lanes.map((lane) => laneName(lane, crossings)), rows, bands };
}

/** seq -> '' for a mere witness, else the rules broken there. */
function marksOf(violations: readonly Violation[]): ReadonlyMap<number, string> {
  const marks = new Map<number, string>(violations.flatMap(({ witnesses }) => witnesses.map((seq) => [seq, ''])));
  for (const { at, rule } of violations) {
    const known = (marks.get(at) ?? '').split(' ').filter((id) => id !== '');
    if (!known.includes(rule)) marks.set(at, [...known, rule].join(' '));
  }
  return marks;
}

const isIrp = (ddi: string): boolean => ddi.startsWith('IRP_MJ_') || /^Io(Mark|Complete|Cancel)|^IrpCancel/.test(ddi);

const moduleLane = ({ module }: Crossing): string => `module:${module}`;

/** The lane of the one who acts as the driver's or neighbour's side of the border. */
function sideOf(crossing: Crossing): string {
  const { dir, ddi, module, neighbour, args } = crossing;
  if (neighbour !== undefined) return `neighbour:${neighbour}`;
  if (module !== undefined) return moduleLane(crossing);
  if (dir !== '!!') return 'driver';
  if (ddi !== OBSERVATION.Access) return 'ndis';
  // It is the driver that touched something: shown where that something was allocated.
  const scope = args?.['scope'];
  return typeof scope === 'string' && scope !== 'driver' ? `module:${scope}` : 'driver';
}

/** Who is at the other side of the border. */
function counterpartOf({ dir, ddi, neighbour }: Crossing): string {
  return dir !== '!!' && neighbour === undefined && isIrp(ddi) ? 'application' : 'ndis';
}

const GROUPS = ['application', 'driver', 'module', 'ndis', 'neighbour'];

/** The application to the left, what is below the border to the right; within a group in order of appearance. */
function lanesOf(crossings: readonly Crossing[]): string[] {
  const lanes = new Set(['ndis', ...crossings.flatMap((crossing) => [sideOf(crossing), counterpartOf(crossing)])]);
  const group = (lane: string): number => GROUPS.indexOf(lane.split(':')[0] ?? '');
  return [...lanes].sort((a, b) => group(a) - group(b));
}

function laneName(lane: string, crossings: readonly Crossing[]): string {
  if (lane === 'ndis') return 'NDIS';
  if (lane === 'driver') return 'filter driver';
  const name = lane.slice(lane.indexOf(':') + 1);
  if (!lane.startsWith('module:')) return name;
  const adapter = crossings.find((crossing) => crossing.module === name && crossing.adapter !== undefined)?.adapter;
  return `filter ${name}${adapter === undefined ? '' : `@${adapter}`}`;
}

function rowOf(crossing: Crossing, lanes: readonly string[], mark: string | null): DiagramRow {
  const { seq, dir, ddi, thread = '', irql, locks, time } = crossing;
  const [side, other] = [lanes.indexOf(sideOf(crossing)), lanes.indexOf(counterpartOf(crossing))];
  const [from, to] = dir === '->' || dir === '<=' ? [other, side] : [side, other];
  const shape =
    dir === '!!' ? (ddi === OBSERVATION.Quiescent ? '.' : '?') : dir === '->' || dir === '=>' ? 'call' : 'return';
  const text = callText(crossing);
  const aside = [
    text.length > TEXT_LIMIT && text,
    irql === DISPATCH_LEVEL && 'at DISPATCH_LEVEL',
    locks && locks.length > 0 && `holding ${locks.join(', ')}`,
    time !== undefined && time > 0 && `${time} ms`,
  ];
  return [
    seq,
    thread.slice(0, 6),
    shape,
    from,
    to,
    text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT - 1)}…` : text,
    mark,
    aside.filter((part) => typeof part === 'string').join('; '),
  ];
}
