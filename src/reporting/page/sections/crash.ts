/** A bugcheck, in the order in which a crash dump is read. */
import type { ScenarioResult } from '../../../conformance/results';
import { crashOf } from '../../crash';
import { html, trusted, type Html } from '../../markup/html';

/** @returns nothing while the system runs */
export function crashBlock(result: ScenarioResult): Html | false {
  const crash = crashOf(result);
  if (!crash) return false;
  const { title, reason, details } = crash;
  return html`<div class="bugcheck">
    <p><span aria-hidden="true">■</span> The system stopped: <b>${title}</b></p>
    ${reason !== '' && html`<p>${reason}</p>`}
    ${
      details.length > 0 &&
      html`<dl>
        ${details.map(
          ({ name, lines }) =>
            html`<div>
              <dt>${name}</dt>
              <dd ${lines.length > 1 && trusted('class="stack"')}>
                ${lines.map((line) => html`<code>${line}</code> `)}
              </dd>
            </div>`,
        )}
      </dl>`
    }
  </div>`;
}
