/** Verdicts on pages: sign and word say it, colour only helps. */
import { occurring, tally, VERDICTS, type ShownVerdict } from '../verdicts';
import { html, type Html } from './html';

export function badge(verdict: ShownVerdict, count?: number): Html {
  const { glyph, key } = VERDICTS[verdict];
  return html`<span class="badge ${key}"
    ><span aria-hidden="true">${glyph}</span> ${count !== undefined && `${count} `}${verdict}</span
  >`;
}

/** One badge a kind, never merged: `✓ 3 pass` `○ 1 not observed`. A single result needs no number. */
export function badges(verdicts: readonly ShownVerdict[]): Html {
  return html`${occurring(tally(verdicts)).map(
    ({ verdict, count }, i) => html`${i > 0 && ' '}${badge(verdict, verdicts.length > 1 ? count : undefined)}`,
  )}`;
}
