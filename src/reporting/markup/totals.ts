import { html, type Content, type Html } from './html';
import { VERDICTS, type ShownVerdict } from '../verdicts';

export interface TotalsRow {
  readonly name: Content;
  /** A kind that is missing cannot occur among what is counted. */
  readonly counts: Readonly<Partial<Record<ShownVerdict, number>>>;
}

/** @returns a row a kind of thing counted, a column a verdict: kinds of verdict are never added up */
export function totals(verdicts: readonly ShownVerdict[], rows: readonly TotalsRow[]): Html {
  return html`<table class="totals">
    <caption class="sr">
      Totals a verdict; kinds of verdict are never added up
    </caption>
    <thead>
      <tr>
        <th scope="col"><span class="sr">counted</span></th>
        ${verdicts.map(
          (verdict) =>
            html`<th scope="col" class="${VERDICTS[verdict].key}">
              <span aria-hidden="true">${VERDICTS[verdict].glyph}</span> ${verdict}
            </th>`,
        )}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ({ name, counts }) =>
          html`<tr>
            <th scope="row">${name}</th>
            ${verdicts.map((verdict) => countCell(verdict, counts[verdict]))}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function countCell(verdict: ShownVerdict, count: number | undefined): Html {
  if (count === undefined) return html`<td class="zero">–</td>`;
  return html`<td class="${count === 0 ? 'zero' : VERDICTS[verdict].key}">${count}</td>`;
}
