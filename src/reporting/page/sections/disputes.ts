/** Where the documentation contradicts itself or is silent, and what a filter may rely on. */
import { html, type Html } from '../../markup/html';
import { table } from '../../markup/table';
import type { Book } from '../book';
import { linked, ruleLink, sourceLinks } from '../parts';
import { plural } from '../../plural';

export function disputesSection(book: Book): Html | false {
  const { disputes } = book.catalogue;
  if (disputes.length === 0) return false;
  const contradictions = disputes.filter(({ id }) => id.startsWith('C')).length;
  return html`<section id="disputes" aria-labelledby="disputes-title">
    <h2 id="disputes-title">Contradictions and uncertain points</h2>
    <p>
      ${plural(contradictions, 'place')} (C) where pages contradict each other or are wrong, and
      ${plural(disputes.length - contradictions, 'place')} (U) where they are silent. The specification takes one
      reading, and says which.
    </p>
    ${table(
      {
        label: 'Contradictions and uncertain points',
        look: 'plain wide',
        heads: ['id', 'subject', 'what is said', 'reading taken', 'rules', 'sources'],
      },
      disputes.map(
        ({ id, subject, statements, reading, rules, sources }) =>
          html`<tr id="dispute-${id}" data-search="dispute">
            <th scope="row">${id}</th>
            <td class="label">${subject}</td>
            <td>${linked(book, statements)}</td>
            <td>${linked(book, reading)}</td>
            <td class="ids">${rules.map((rule, i) => html`${i > 0 && html`<br />`}${ruleLink(book, rule)}`)}</td>
            <td>${sourceLinks(sources)}</td>
          </tr>`,
      ),
    )}
  </section>`;
}

export function guaranteesSection(book: Book): Html | false {
  const { guarantees } = book.catalogue;
  return (
    guarantees.length > 0 &&
    html`<section id="guarantees" aria-labelledby="guarantees-title">
      <h2 id="guarantees-title">What NDIS and the neighbours guarantee</h2>
      <p>
        A filter may rely on these. The kit's model of NDIS keeps them, and does anything else that the documentation
        allows.
      </p>
      <details>
        <summary>${plural(guarantees.length, 'guarantee')}</summary>
        ${table(
          { label: 'Guarantees', look: 'plain wide', heads: ['id', 'about', 'guarantee', 'founded', 'sources'] },
          guarantees.map(
            ({ id, area, statement, strength, strengthNote, sources }) =>
              html`<tr id="guarantee-${id}">
                <th scope="row">${id}</th>
                <td>${area}</td>
                <td>${linked(book, statement)}</td>
                <td>${strength}${strengthNote !== undefined && html` (${strengthNote})`}</td>
                <td>${sourceLinks(sources)}</td>
              </tr>`,
          ),
        )}
      </details>
    </section>`
  );
}
