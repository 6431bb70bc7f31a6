/** The list of known violations that the run was held against, and what became of each. */
import type { AppliedWaiver } from '../../../conformance/waivers';
import { badge } from '../../markup/badge';
import { html, type Html } from '../../markup/html';
import { table } from '../../markup/table';
import { webLink } from '../../markup/web-link';
import { plural } from '../../plural';
import { isTrouble } from '../../waived';
import type { Book } from '../book';
import { ruleLink, scenarioLink } from '../parts';

const STATES: Readonly<Record<AppliedWaiver['state'], string>> = {
  used: 'it covers failures',
  unused: 'nothing needs it',
  expired: 'its day is past: it covers nothing',
  'now passes': 'what it is for passes',
  'other version': 'it is for other versions of the driver',
  'not judged': 'this run does not say whether it is needed',
};

export function waiversSection(book: Book): Html | false {
  const { waivers } = book;
  if (!waivers) return false;
  const { entries, file, on } = waivers;
  const troubles = entries.filter(isTrouble).length;
  return html`<section id="waivers" aria-labelledby="waivers-title">
    <h2 id="waivers-title">Waivers</h2>
    <p>
      ${plural(entries.length, 'known violation')} in <code>${file}</code>, looked at on ${on}. A waived failure is a
      failure that somebody answers for until a day; it is never a pass.
      ${troubles > 0 && html`<b>${plural(troubles, 'waiver')} must be mended or struck out.</b>`}
    </p>
    ${table(
      {
        label: 'Waivers',
        look: 'plain',
        heads: ['rule', 'state', 'why', 'reason', 'owner', 'until', { number: 'line' }],
      },
      entries.map((entry) => waiverRow(book, entry)),
    )}
  </section>`;
}

function waiverRow(book: Book, entry: AppliedWaiver): Html {
  const { rule, state, explanation, scenario, versions, reason, link, owner, expires, covers, line } = entry;
  return html`<tr>
    <th scope="row">
      ${ruleLink(book, rule)}${scenario !== undefined && html`<br />${scenario}`}${versions !== undefined && html`<br />${versions}`}
    </th>
    <td>${state === 'used' ? badge('waived') : html`<span class="tag" title="${STATES[state]}">${state}</span>`}</td>
    <td>
      ${explanation}${
        covers.length > 0 &&
        html`<ul class="plain">
          ${covers.map((covered) => html`<li>${scenarioLink(book, covered.scenario)}</li>`)}
        </ul>`
      }
    </td>
    <td>${reason}<br />${webLink(link)}</td>
    <td>${owner}</td>
    <td>${expires}</td>
    <td class="number">${line}</td>
  </tr>`;
}
