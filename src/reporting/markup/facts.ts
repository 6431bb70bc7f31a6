import { html, type Content, type Html } from './html';

/** @returns names and what is known of each, a line a pair; pairs of which nothing is known are left out */
export function facts(pairs: readonly (readonly [name: string, value: Content])[]): Html {
  const known = pairs.filter(([, value]) => value !== undefined && value !== '' && value !== false);
  return html`<dl class="facts">
    ${known.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
}
