/** The life of a filter module as a picture: every legal transition, and how often a run made it. */
import { escapeText } from '../markup/html';
import { LIFECYCLE_EVENTS, type ModuleState } from '../lifecycle';
import { standaloneStyle } from './style';

interface Place {
  readonly x: number;
  readonly y: number;
}

const BOX = { width: 110, height: 40 };

const STATES: Readonly<Record<ModuleState, Place>> = {
  Detached: { x: 90, y: 200 },
  Attaching: { x: 290, y: 90 },
  Paused: { x: 510, y: 200 },
  Detaching: { x: 290, y: 310 },
  Restarting: { x: 730, y: 90 },
  Running: { x: 940, y: 200 },
  Pausing: { x: 730, y: 310 },
};

interface Edge {
  readonly from: ModuleState;
  readonly to: ModuleState;
  /** What makes it happen, one line each. */
  readonly label: readonly string[];
  readonly path: string;
  /** End of the path and the direction in which it arrives, in degrees. */
  readonly tip: Place & { readonly angle: number };
  readonly text: Place & { readonly anchor: 'start' | 'middle' | 'end' };
}

/** Every legal transition, drawn by hand: an automatic layout would not put the two cycles side by side. */
const EDGES: readonly Edge[] = [
  edge('Detached', 'Attaching', ['FilterAttach'], 'M100 180Q120 90 235 90', 235, 90, 0, 118, 112, 'end'),
  edge('Attaching', 'Detached', ['failure'], 'M255 110Q230 190 145 195', 145, 195, 175, 240, 166, 'start'),
  edge('Attaching', 'Paused', ['success'], 'M345 90Q480 90 500 180', 500, 180, 80, 440, 70, 'end'),
  edge(
    'Paused',
    'Paused',
    ['FilterSetModuleOptions'],
    'M455 190C405 175 405 225 455 210',
    455,
    210,
    -18,
    412,
    196,
    'end',
  ),
  edge('Paused', 'Restarting', ['FilterRestart'], 'M520 180Q540 90 675 90', 675, 90, 0, 548, 70, 'start'),
  edge('Restarting', 'Paused', ['failure'], 'M695 110Q660 190 565 195', 565, 195, 175, 676, 166, 'start'),
  edge('Restarting', 'Restarting', ['PENDING'], 'M715 70C695 25 765 25 745 70', 745, 70, 113, 730, 12, 'middle'),
  edge(
    'Restarting',
    'Running',
    ['success,', 'NdisFRestartComplete'],
    'M785 90Q930 90 945 180',
    945,
    180,
    80,
    862,
    60,
    'start',
  ),
  edge('Running', 'Pausing', ['FilterPause'], 'M945 220Q930 310 785 310', 785, 310, 180, 912, 300, 'start'),
  edge('Pausing', 'Pausing', ['PENDING'], 'M715 330C695 375 765 375 745 330', 745, 330, -113, 730, 378, 'middle'),
  edge(
    'Pausing',
    'Paused',
    ['success,', 'NdisFPauseComplete'],
    'M675 310Q540 310 520 220',
    520,
    220,
    -98,
    660,
    334,
    'end',
  ),
  edge('Paused', 'Detaching', ['FilterDetach'], 'M500 220Q480 310 345 310', 345, 310, 180, 462, 334, 'end'),
  edge('Detaching', 'Detached', ['FilterDetach returns'], 'M235 310Q120 310 100 220', 100, 220, -98, 150, 330, 'end'),
];

function edge(
  from: ModuleState,
  to: ModuleState,
  label: readonly string[],
  path: string,
  tipX: number,
  tipY: number,
  angle: number,
  textX: number,
  textY: number,
  anchor: 'start' | 'middle' | 'end',
): Edge {
  return { from, to, label, path, tip: { x: tipX, y: tipY, angle }, text: { x: textX, y: textY, anchor } };
}

/** Keys (`Running>Pausing`) of every transition that the picture shows. */
export const LEGAL_TRANSITIONS: readonly string[] = EDGES.map(({ from, to }) => `${from}>${to}`);

/** @returns what makes a legal transition happen: `FilterPause returns success, NdisFPauseComplete` */
export function transitionCauses(key: string): string {
  return LIFECYCLE_EVENTS.filter(({ from, to }) => `${from}>${to}` === key)
    .map(({ text }) => text)
    .join(' · ');
}

export interface StateMachineOptions {
  readonly title?: string;
  readonly standalone?: boolean;
}

/**
 * @param transitions `Running>Pausing` -> how often a run made it; what is absent or 0 is drawn as not covered
 * @returns an SVG document, or element when not standalone
 */
export function stateMachineSvg(
  transitions: Readonly<Record<string, number>>,
  options: StateMachineOptions = {},
): string {
  const { standalone = true, title = 'States of a filter module and the transitions that the run covered' } = options;
  const covered = EDGES.filter(({ from, to }) => (transitions[`${from}>${to}`] ?? 0) > 0).length;
  const edges = EDGES.map((e) => edgeOf(e, transitions[`${e.from}>${e.to}`] ?? 0));
  const states = Object.entries(STATES).map(
    ([name, { x, y }]) =>
      `<rect class="sm-state sm-${name}" x="${x - BOX.width / 2}" y="${y - BOX.height / 2}" width="${BOX.width}" height="${BOX.height}" rx="8"/>` +
      `<text class="sm-name" x="${x}" y="${y + 5}" text-anchor="middle">${name}</text>`,
  );
  return (
    `<svg ${standalone ? 'xmlns="http://www.w3.org/2000/svg" ' : ''}class="sm" role="img" width="1060" height="410" viewBox="0 0 1060 410">` +
    `<title>${escapeText(title)}</title><desc>${covered} of ${EDGES.length} transitions covered.</desc>` +
    `${standalone ? standaloneStyle() : ''}${edges.join('')}${states.join('')}</svg>`
  );
}

function edgeOf({ label, path, tip, text }: Edge, count: number): string {
  const lines = [...label, count > 0 ? `×${count}` : 'not covered'].map(
    (line, i, all) =>
      `<tspan x="${text.x}" dy="${i === 0 ? 0 : 14}"${i === all.length - 1 ? ' class="sm-count"' : ''}>${line}</tspan>`,
  );
  return (
    `<g class="${count > 0 ? 'sm-covered' : 'sm-uncovered'}"><path class="sm-edge" d="${path}"/>` +
    `<path class="sm-tip" transform="translate(${tip.x} ${tip.y}) rotate(${tip.angle})" d="M0 0l-9-4.5v9z"/>` +
    `<text class="sm-label" x="${text.x}" y="${text.y}" text-anchor="${text.anchor}">${lines.join('')}</text></g>`
  );
}
