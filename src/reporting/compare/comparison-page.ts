/** Comparisons as a page of their own, which needs no other file and fetches nothing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHANGE_KINDS, type Comparison, type RuleChange, type VerdictMatrix } from '../../conformance/compare';
import { rules } from '../../rules';
import { badge } from '../markup/badge';
import { page } from '../markup/document';
import { facts } from '../markup/facts';
import { html, type Content, type Html } from '../markup/html';
import { table } from '../markup/table';
import { matrixVerdict } from './verdict-matrix-text';
import { changeNotes, CHANGE_TITLES, factsText, oneSidedTexts, summarySentence, waiverLists } from './words';

/** @returns the page as text; the same input gives the same bytes */
export function comparisonPage(comparison: Comparison): string {
  const { changes, stories, differences } = comparison;
  return comparisonDocument(
    'Comparison of two runs',
    html`<p><b>${summarySentence(comparison)}.</b></p>
      ${facts([
        ['old', ofRun(comparison.old)],
        ['new', ofRun(comparison.new)],
      ])}
      ${list('What else is different', differences)}
      ${CHANGE_KINDS.map((kind) => {
        const found = changes.filter((change) => change.kind === kind);
        return (
          found.length > 0 &&
          section(`${CHANGE_TITLES[kind]} (${found.length})`, changeTable(CHANGE_TITLES[kind], found))
        );
      })}
      ${list(
        'Scenarios that stand under no rule',
        stories.map(({ kind, name, id }) => `${kind}: ${name} (${id})`),
      )}
      ${waiverLists(comparison).map(({ title, texts }) => list(title, texts))}
      ${list('Only on one side', oneSidedTexts(comparison))}`,
  );
}

/** @returns the page as text; the same input gives the same bytes */
export function verdictMatrixPage(matrix: VerdictMatrix): string {
  const { runs, rows, differences } = matrix;
  return comparisonDocument(
    'Driver versions and rules',
    html`<p><b>${matrixVerdict(matrix)}.</b></p>
      ${facts(runs.map((run) => [run.label, ofRun(run)] as const))} ${list('What else is different', differences)}
      ${
        rows.length > 0 &&
        section(
          'Verdicts',
          table(
            { label: 'Verdicts', heads: ['rule', ...runs.map(({ label }) => label)] },
            rows.map(({ rule, verdicts }) =>
              row([ruleCell(rule), ...verdicts.map((each) => each !== null && badge(each))]),
            ),
          ),
        )
      }`,
  );
}

function ofRun({ facts: known, source }: Comparison['old']): Html {
  return html`${factsText(known)}<br /><span class="quiet">${source}</span>`;
}

function changeTable(label: string, changes: readonly RuleChange[]): Html {
  return table(
    { label, heads: ['rule', 'old', 'new', 'what'] },
    changes.map((change) =>
      row([
        ruleCell(change.rule),
        badge(change.old.verdict),
        badge(change.new.verdict),
        changeNotes(change).map((note) => html`<p>${note}</p>`),
      ]),
    ),
  );
}

function ruleCell(id: string): Html {
  const statement = rules.find((rule) => rule.id === id)?.statement;
  return html`<b>${id}</b>${statement !== undefined && html`<br /><span class="quiet">${statement}</span>`}`;
}

function row([first, ...cells]: readonly Content[]): Html {
  return html`<tr>
    <th scope="row">${first}</th>
    ${cells.map((cell) => html`<td>${cell}</td>`)}
  </tr>`;
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

function comparisonDocument(title: string, content: Html): string {
  return page(
    {
      title: `${title}: NDIS lightweight filter specification`,
      css: readFileSync(join(__dirname, 'comparison.css'), 'utf8'),
    },
    html`<main>
      <h1>${title}</h1>
      ${content}
    </main>`,
  );
}
