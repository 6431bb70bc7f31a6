/** Comparisons as a page of their own, which needs no other file and fetches nothing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHANGE_KINDS, type Comparison, type RuleChange, type VerdictMatrix } from '../../conformance/compare';
import { rules } from '../../rules';
import { html, trusted, type Content, type Html } from '../html';
import { PAGE_COLOURS } from '../page/colours';
import { badge } from '../page/parts';
import { matrixVerdict } from './verdict-matrix-text';
import { changeNotes, CHANGE_TITLES, factsText, oneSidedText, summarySentence, waiverText } from './words';

/** @returns the page as text; the same input gives the same bytes */
export function comparisonPage(comparison: Comparison): string {
  const { changes, stories, differences, onlyOld, onlyNew, waivers } = comparison;
  const oneSided = [oneSidedText('older', onlyOld), oneSidedText('newer', onlyNew)].flatMap((text) => text ?? []);
  return page(
    'Comparison of two runs',
    html`<p><b>${summarySentence(comparison)}.</b></p>
      <dl>
        <dt>old</dt>
        <dd>${factsText(comparison.old.facts)}<br /><span class="quiet">${comparison.old.source}</span></dd>
        <dt>new</dt>
        <dd>${factsText(comparison.new.facts)}<br /><span class="quiet">${comparison.new.source}</span></dd>
      </dl>
      ${list('What else is different', differences)}
      ${CHANGE_KINDS.map((kind) => {
        const found = changes.filter((change) => change.kind === kind);
        return found.length > 0 && section(`${CHANGE_TITLES[kind]} (${found.length})`, changeTable(found));
      })}
      ${list(
        'Scenarios that stand under no rule',
        stories.map(({ kind, name, id }) => `${kind}: ${name} (${id})`),
      )}
      ${list('Waivers that appeared', waivers.appeared.map(waiverText))}
      ${list('Waivers that are gone', waivers.gone.map(waiverText))} ${list('Only on one side', oneSided)}`,
  );
}

/** @returns the page as text; the same input gives the same bytes */
export function verdictMatrixPage(matrix: VerdictMatrix): string {
  const { runs, rows, differences } = matrix;
  return page(
    'Driver versions and rules',
    html`<p><b>${matrixVerdict(matrix)}.</b></p>
      <dl>
        ${runs.map(
          ({ label, facts, source }) =>
            html`<dt>${label}</dt>
              <dd>${factsText(facts)}<br /><span class="quiet">${source}</span></dd>`,
        )}
      </dl>
      ${list('What else is different', differences)}
      ${
        rows.length > 0 &&
        section(
          'Verdicts',
          table(
            ['rule', ...runs.map(({ label }) => label)],
            rows.map(({ rule, verdicts }) => [ruleCell(rule), ...verdicts.map((each) => each !== null && badge(each))]),
          ),
        )
      }`,
  );
}

function changeTable(changes: readonly RuleChange[]): Html {
  return table(
    ['rule', 'old', 'new', 'what'],
    changes.map((change) => [
      ruleCell(change.rule),
      badge(change.old.verdict),
      badge(change.new.verdict),
      changeNotes(change).map((note) => html`<p>${note}</p>`),
    ]),
  );
}

function ruleCell(id: string): Html {
  const statement = rules.find((rule) => rule.id === id)?.statement;
  return html`<b>${id}</b>${statement !== undefined && html`<br /><span class="quiet">${statement}</span>`}`;
}

function table(heads: readonly string[], rows: readonly (readonly Content[])[]): Html {
  return html`<div class="scroll" tabindex="0" role="group" aria-label="Table">
    <table>
      <thead>
        <tr>
          ${heads.map((head) => html`<th scope="col">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          ([first, ...cells]) =>
            html`<tr>
              <th scope="row">${first}</th>
              ${cells.map((cell) => html`<td>${cell}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function list(title: string, items: readonly string[]): Html | false {
  return (
    items.length > 0 &&
    section(
      title,
      html`<ul>
        ${items.map((item) => html`<li>${item}</li>`)}
      </ul>`,
    )
  );
}

function section(title: string, content: Content): Html {
  return html`<section>
    <h2>${title}</h2>
    ${content}
  </section>`;
}

function page(title: string, content: Html): string {
  const css = PAGE_COLOURS + readFileSync(join(__dirname, 'comparison.css'), 'utf8');
  const document = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="color-scheme" content="light dark" />
      <title>${title}: NDIS lightweight filter specification</title>
      ${trusted(`<style>${css}</style>`)}
    </head>
    <body>
      <main>
        <h1>${title}</h1>
        ${content}
      </main>
    </body>
  </html>`;
  return `<!doctype html>\n${document.markup}\n`;
}
