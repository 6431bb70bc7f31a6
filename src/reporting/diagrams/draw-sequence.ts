import type { Diagram } from './diagram';

/**
 * Draws a sequence diagram: one row a crossing, a lane for everyone who takes part, the text of the call beside it. Violating
 * crossings and their witnesses are marked by a word and a sign, not by colour alone.
 *
 * The page carries this very function as text and draws with it what a reader asks for. It must therefore stand alone: it
 * uses its arguments and the language, nothing of this or any other module.
 * @param escape makes text harmless in XML
 * @param root what goes into the start tag (a namespace), and what follows it (a style sheet)
 * @returns an SVG element
 */
export function drawSequence(
  diagram: Diagram,
  escape: (text: string) => string,
  root: { readonly attributes: string; readonly prologue: string },
): string {
  const ROW = 20;
  const HEAD = 46;
  const GUTTER = 76;
  const LANE = 94;
  /** Width of a character of the monospaced 12 px font. */
  const CHAR = 7.25;
  const { lanes, rows, bands, title } = diagram;
  const laneX = (lane: number): number => GUTTER + LANE / 2 + lane * LANE;
  const rowY = (row: number): number => HEAD + row * ROW;
  const textX = GUTTER + lanes.length * LANE;
  const bottom = rowY(rows.length) + 6;

  const behind: string[] = [];
  const drawn: string[] = [];
  let widest = 0;
  rows.forEach((row, i) => {
    const top = rowY(i);
    const mid = top + ROW / 2;
    if (row.length === 1) {
      const [hidden] = row;
      drawn.push(
        `<path class="sq-cut" d="M${GUTTER} ${mid}H${textX - 12}"/>` +
          `<text class="sq-gap" x="${textX}" y="${mid + 4}">⋯ ${hidden} crossing${hidden === 1 ? '' : 's'} not shown</text>`,
      );
      return;
    }
    const [seq, thread, shape, from, to, text, mark, aside] = row;
    const [x1, x2] = [laneX(from), laneX(to)];
    const d = to > from ? 1 : -1;
    const kind = mark === null ? '' : mark === '' ? ' sq-witness' : ' sq-broken';
    const tag = mark === null ? '' : mark === '' ? '● witness' : `✗ ${mark}`;
    widest = Math.max(widest, text.length + (tag === '' ? 0 : tag.length + 1));
    if (kind !== '') {
      behind.push(
        `<g class="${kind.trim()}"><rect class="sq-mark" x="2" y="${top}" width="100%" height="${ROW}"/></g>`,
      );
    }
    const arrow = {
      call: `<path class="sq-call" d="M${x1} ${mid}H${x2}"/><path class="sq-tip" d="M${x2} ${mid}l${-8 * d}-4v8z"/>`,
      return:
        `<path class="sq-back" d="M${x1} ${mid}H${x2}"/>` +
        `<path class="sq-open" d="M${x2 - 7 * d} ${mid - 3.5}l${7 * d} 3.5l${-7 * d} 3.5"/>`,
      '?':
        `<path class="sq-note" d="M${x1} ${mid - 7}l8 7l-8 7l-8-7z"/>` +
        `<text class="sq-bang" x="${x1}" y="${mid + 4}" text-anchor="middle">!</text>`,
      '.': `<path class="sq-rest" d="M${GUTTER} ${mid}H${textX - 12}"/>`,
    }[shape];
    drawn.push(
      `<g class="sq-row${kind}${shape === '.' ? ' sq-quiet' : ''}">${aside === '' ? '' : `<title>${escape(aside)}</title>`}` +
        `<text class="sq-seq" x="${GUTTER - 34}" y="${mid + 4}" text-anchor="end">${seq}</text>` +
        (thread === '' ? '' : `<text class="sq-thread" x="${GUTTER - 28}" y="${mid + 4}">${escape(thread)}</text>`) +
        arrow +
        `<text class="sq-text" x="${textX}" y="${mid + 4}">${escape(text)}` +
        (tag === '' ? '' : ` <tspan class="sq-tag">${escape(tag)}</tspan>`) +
        '</text></g>',
    );
  });

  const lifelines = lanes.map((label, lane) => {
    const x = laneX(lane);
    const lines = label.split(' ').map((word, i) => `<tspan x="${x}" dy="${i === 0 ? 0 : 13}">${escape(word)}</tspan>`);
    return (
      `<text class="sq-lane" x="${x}" y="16" text-anchor="middle">${lines.join('')}</text>` +
      `<path class="sq-life" d="M${x} ${HEAD - 8}V${bottom}"/>`
    );
  });
  const states = bands.map(([lane, state, from, to]) => {
    const [x, y, end] = [laneX(lane), rowY(from), Math.min(rowY(to) + (to === rows.length ? 6 : 0), bottom)];
    const name =
      end - y < 12 ? '' : `<text class="sq-state" x="${x - 7}" y="${y + 14}" text-anchor="end">${state}</text>`;
    return `<path class="sq-band sq-${state}" d="M${x} ${y}V${end}"/>${name}`;
  });

  const width = Math.ceil(textX + widest * CHAR + 16);
  const height = bottom + 4;
  return (
    `<svg ${root.attributes}class="sq" role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<title>${escape(title)}</title>${root.prologue}` +
    `${behind.join('')}${lifelines.join('')}${states.join('')}${drawn.join('')}</svg>`
  );
}
