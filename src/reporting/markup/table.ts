import { html, type Content, type Html } from './html';

export interface TableOptions {
  /** Its name for whoever cannot see it. */
  readonly label: string;
  /** Heads of the columns; those of numbers stand to the right. */
  readonly heads: readonly (Content | { readonly number: string })[];
  /** CSS classes. */
  readonly look?: string;
  /** Above it; nothing, when it is empty. */
  readonly caption?: string;
}

/**
 * @param rows `<tr>` elements
 * @returns a table that scrolls by itself where the window is too narrow for it
 */
export function table({ label, heads, look, caption = '' }: TableOptions, rows: Content): Html {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="${label}">
    <table${look !== undefined && html` class="${look}"`}>
      ${
        caption !== '' &&
        html`<caption>
          ${caption}
        </caption>`
      }
      <thead>
        <tr>
          ${heads.map(headCell)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;
}

function headCell(head: TableOptions['heads'][number]): Html {
  if (typeof head === 'object' && 'number' in head) return html`<th scope="col" class="number">${head.number}</th>`;
  return html`<th scope="col">${head}</th>`;
}
