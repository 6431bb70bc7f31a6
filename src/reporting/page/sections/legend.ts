/** How to read the page. */
import { badge } from '../../markup/badge';
import { html, type Html } from '../../markup/html';
import { VERDICTS } from '../../verdicts';
import { shownVerdicts, type Book } from '../book';

export function legendSection(book: Book): Html {
  return html`<section id="legend" aria-labelledby="legend-title">
    <h2 id="legend-title">How to read this page</h2>
    <dl class="facts">
      ${shownVerdicts(book).map(
        (verdict) =>
          html`<div>
            <dt>${badge(verdict)}</dt>
            <dd>${VERDICTS[verdict].meaning}</dd>
          </div>`,
      )}
    </dl>
    <ul>
      <li>
        A crossing is one entry or exit at the border between NDIS and the filter. <code>-&gt;</code> NDIS enters a
        handler, <code>&lt;-</code> it returns, <code>=&gt;</code> the driver calls an export, <code>!!</code> something
        that is not a call was observed.
      </li>
      <li>Judges watch every scenario: one that asserts a rule still fails when another rule is broken on the way.</li>
      <li>
        In a sequence diagram a full arrow is a call and a dashed one its return; the bar on a filter's line is the
        state of the module. ✗ marks the crossing that breaks a rule, ● what proves it.
      </li>
      <li>
        Keys: <kbd>/</kbd> searches, <kbd>Esc</kbd> leaves the search. Every rule, scenario, question and driver has an
        address of its own, for example <code>#rule-PAU-11</code>.
      </li>
    </ul>
  </section>`;
}
