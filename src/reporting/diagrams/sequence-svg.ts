/**
 * A call trace as a sequence diagram: one row a crossing, a lane for everyone who takes part, the text of the call beside
 * it. Violating crossings and their witnesses are marked by a word and a sign, not by colour alone.
 */
import { escapeText } from '../html';
import { lifecycleEvent, type ModuleState } from '../lifecycle';
import type { Violation } from '../../rules/rule';
import { DISPATCH_LEVEL, type Crossing } from '../../trace';
import { callText } from './call-text';
import { relevantSeqs } from './relevant';
import { standaloneStyle } from './style';

export interface SequenceOptions {
  /** Their crossings and witnesses are marked. */
  readonly violations?: readonly Violation[];
  /** Leave out stretches of a long trace that have no part in the violations. */
  readonly folded?: boolean;
  /** Accessible name. */
  readonly title?: string;
  /** With a style sheet of its own (default), for files and attachments; without, for a page that has it. */
  readonly standalone?: boolean;
}

interface Lane {
  readonly key: string;
  readonly label: string;
  readonly x: number;
}

const ROW = 20;
const HEAD = 46;
const GUTTER = 76;
const LANE_GAP = 94;
/** Width of a character of the monospaced 12 px font. */
const CHAR = 7.25;
const TEXT_LIMIT = 96;
const MARK_WIDTH = 120;

/**
 * @param crossings a trace (or part of one), in order
 * @param options see SequenceOptions
 * @returns an SVG document, or element when not standalone
 */
export function sequenceSvg(crossings: readonly Crossing[], options: SequenceOptions = {}): string {
  const { violations = [], folded = false, title = 'Call trace', standalone = true } = options;
  const shown = folded ? relevantSeqs(crossings, violations) : undefined;
  const marks = marksOf(violations);
  const lanes = lanesOf(crossings);
  const textX = GUTTER + lanes.length * LANE_GAP;
  const rows: string[] = [];
  const states = new Map<string, { state: ModuleState; since: number }>();
  const bands: string[] = [];
  const backgrounds: string[] = [];
  let y = HEAD;
  let hidden = 0;
  let widest = 0;

  const closeGap = (): void => {
    if (hidden === 0) return;
    rows.push(
      `<text class="sq-gap" x="${textX}" y="${y + 14}">⋯ ${hidden} ${hidden === 1 ? 'crossing' : 'crossings'} not shown</text>`,
    );
    rows.push(`<path class="sq-cut" d="M${GUTTER} ${y + 10}H${textX - 12}"/>`);
    y += ROW;
    hidden = 0;
  };

  for (const crossing of crossings) {
    const event = lifecycleEvent(crossing);
    if (shown && !shown.has(crossing.seq)) {
      hidden += 1;
    } else {
      closeGap();
      const text = callText(crossing);
      widest = Math.max(widest, Math.min(text.length, TEXT_LIMIT));
      const mark = marks.get(crossing.seq);
      if (mark) backgrounds.push(backgroundOf(mark, y));
      rows.push(rowOf(crossing, text, y, lanes, textX, mark));
      y += ROW;
    }
    if (event && crossing.module !== undefined && event.from !== event.to) {
      const lane = lanes.find(({ key }) => key === `module:${crossing.module}`);
      const before = states.get(crossing.module);
      const now = y - ROW / 2;
      if (lane && before) bands.push(bandOf(lane, before.state, before.since, now));
      states.set(crossing.module, { state: event.to, since: now });
    }
  }
  closeGap();
  const bottom = y + 6;
  for (const [module, { state, since }] of states) {
    const lane = lanes.find(({ key }) => key === `module:${module}`);
    if (lane) bands.push(bandOf(lane, state, since, bottom));
  }

  const width = Math.ceil(textX + widest * CHAR + (marks.size > 0 ? MARK_WIDTH : 0) + 16);
  const height = bottom + 4;
  const lifelines = lanes.map(({ x, label, key }) => {
    const heading = label
      .split(' ')
      .map((line, i) => `<tspan x="${x}" dy="${i === 0 ? 0 : 13}">${escapeText(line)}</tspan>`);
    return (
      `<text class="sq-lane" x="${x}" y="16" text-anchor="middle">${heading.join('')}</text>` +
      `<path class="sq-life${key.startsWith('module:') ? ' sq-own' : ''}" d="M${x} ${HEAD - 8}V${bottom}"/>`
    );
  });
  const style = standalone ? standaloneStyle() : '';
  return (
    `<svg ${standalone ? 'xmlns="http://www.w3.org/2000/svg" ' : ''}class="sq" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<title>${escapeText(title)}</title>${style}${backgrounds.join('')}${lifelines.join('')}${bands.join('')}${rows.join('')}</svg>`
  );
}

interface Mark {
  readonly broken: readonly string[];
}

/** seq -> rules broken there (`at`), or none for a mere witness. */
function marksOf(violations: readonly Violation[]): ReadonlyMap<number, Mark> {
  const marks = new Map<number, { broken: string[] }>();
  const at = (seq: number): { broken: string[] } => {
    const mark = marks.get(seq) ?? { broken: [] };
    marks.set(seq, mark);
    return mark;
  };
  for (const violation of violations) {
    violation.witnesses.forEach(at);
    const { broken } = at(violation.at);
    if (!broken.includes(violation.rule)) broken.push(violation.rule);
  }
  return marks;
}

const isIrp = (ddi: string): boolean => ddi.startsWith('IRP_MJ_') || /^Io(Mark|Complete|Cancel)|^IrpCancel/.test(ddi);

/** The lane of the one who acts as the driver's or neighbour's side of the border. */
function sideOf({ dir, module, neighbour }: Crossing): string | undefined {
  if (neighbour !== undefined) return `neighbour:${neighbour}`;
  if (module !== undefined) return `module:${module}`;
  return dir === '!!' ? undefined : 'driver';
}

/** Who is at the other side of the border. */
function counterpartOf({ ddi, neighbour }: Crossing): string {
  return neighbour === undefined && isIrp(ddi) ? 'application' : 'ndis';
}

function lanesOf(crossings: readonly Crossing[]): Lane[] {
  const adapters = new Map<string, string>();
  const keys = new Set<string>();
  for (const crossing of crossings) {
    const side = sideOf(crossing);
    if (side !== undefined) keys.add(side);
    keys.add(crossing.dir === '!!' ? 'ndis' : counterpartOf(crossing));
    if (crossing.module !== undefined && crossing.adapter !== undefined)
      adapters.set(crossing.module, crossing.adapter);
  }
  keys.add('ndis');
  const label = (key: string): string => {
    if (key === 'ndis') return 'NDIS';
    if (key === 'driver') return 'filter driver';
    const name = key.slice(key.indexOf(':') + 1);
    if (!key.startsWith('module:')) return name;
    const adapter = adapters.get(name);
    return `filter ${name}${adapter === undefined ? '' : `@${adapter}`}`;
  };
  const group = (key: string): number =>
    ['application', 'driver', 'module', 'ndis', 'neighbour'].indexOf(key.split(':')[0] ?? '');
  return [...keys]
    .map((key, i) => ({ key, i }))
    .sort((a, b) => group(a.key) - group(b.key) || a.i - b.i)
    .map(({ key }, i) => ({ key, label: label(key), x: GUTTER + LANE_GAP / 2 + i * LANE_GAP }));
}

function bandOf(lane: Lane, state: ModuleState, from: number, to: number): string {
  const label =
    to - from >= 12
      ? `<text class="sq-state" x="${lane.x - 7}" y="${from + 14}" text-anchor="end">${state}</text>`
      : '';
  return `<path class="sq-band sq-${state}" d="M${lane.x} ${from}V${to}"/>${label}`;
}

/** Behind everything else: it must not cover the lifelines and the names of states. */
function backgroundOf(mark: Mark, y: number): string {
  const kind = mark.broken.length > 0 ? 'sq-broken' : 'sq-witness';
  return `<g class="${kind}"><rect class="sq-mark" x="2" y="${y}" width="100%" height="${ROW}"/></g>`;
}

function rowOf(
  crossing: Crossing,
  text: string,
  y: number,
  lanes: readonly Lane[],
  textX: number,
  mark: Mark | undefined,
): string {
  const mid = y + ROW / 2;
  const short = text.length > TEXT_LIMIT ? `${text.slice(0, TEXT_LIMIT - 1)}…` : text;
  const parts: string[] = [];
  const broken = mark !== undefined && mark.broken.length > 0;
  parts.push(`<text class="sq-seq" x="${GUTTER - 34}" y="${mid + 4}" text-anchor="end">${crossing.seq}</text>`);
  if (crossing.thread !== undefined) {
    parts.push(
      `<text class="sq-thread" x="${GUTTER - 28}" y="${mid + 4}">${escapeText(crossing.thread.slice(0, 6))}</text>`,
    );
  }
  parts.push(arrowOf(crossing, mid, lanes));
  const tail = mark
    ? ` <tspan class="sq-tag">${broken ? `✗ ${escapeText(mark.broken.join(' '))}` : '● witness'}</tspan>`
    : '';
  parts.push(`<text class="sq-text" x="${textX}" y="${mid + 4}">${escapeText(short)}${tail}</text>`);
  const details = [
    text.length > TEXT_LIMIT && text,
    crossing.irql === DISPATCH_LEVEL && 'at DISPATCH_LEVEL',
    crossing.locks && crossing.locks.length > 0 && `holding ${crossing.locks.join(', ')}`,
    crossing.time !== undefined && crossing.time > 0 && `${crossing.time} ms`,
  ].filter((part) => typeof part === 'string');
  const title = details.length > 0 ? `<title>${escapeText(details.join('; '))}</title>` : '';
  const kind = mark === undefined ? '' : broken ? ' sq-broken' : ' sq-witness';
  return `<g class="sq-row${kind}">${title}${parts.join('')}</g>`;
}

function arrowOf(crossing: Crossing, y: number, lanes: readonly Lane[]): string {
  const at = (key: string | undefined): number | undefined => lanes.find((lane) => lane.key === key)?.x;
  const side = at(sideOf(crossing));
  const other = at(counterpartOf(crossing));
  if (crossing.dir === '!!') {
    const x = side ?? at('ndis') ?? GUTTER;
    return `<path class="sq-note" d="M${x} ${y - 7}l8 7l-8 7l-8-7z"/><text class="sq-bang" x="${x}" y="${y + 4}" text-anchor="middle">!</text>`;
  }
  if (side === undefined || other === undefined) return '';
  const toSide = crossing.dir === '->' || crossing.dir === '<=';
  const [from, to] = toSide ? [other, side] : [side, other];
  const d = to > from ? 1 : -1;
  const isReturn = crossing.dir === '<-' || crossing.dir === '<=';
  return isReturn
    ? `<path class="sq-back" d="M${from} ${y}H${to}"/><path class="sq-open" d="M${to - 7 * d} ${y - 3.5}l${7 * d} 3.5l${-7 * d} 3.5"/>`
    : `<path class="sq-call" d="M${from} ${y}H${to}"/><path class="sq-tip" d="M${to} ${y}l${-8 * d}-4v8z"/>`;
}
