/** The kill matrix: does every rule fail when it is broken on purpose, and only then? */
import type { KillMatrix, MatrixRow } from '../../../conformance/results';
import { rulesByArea } from '../../catalogue';
import { html, type Html } from '../../markup/html';
import { CELLS, cellOf, matrixSentence, type CellKind } from '../../matrix/cells';
import { driverAnchor, type Book } from '../book';
import { linked, ruleLink, scenarioLink } from '../parts';
import { plural } from '../../plural';

const KINDS = Object.keys(CELLS) as CellKind[];

interface Group {
  readonly area: string;
  readonly title: string;
  readonly rules: readonly string[];
  /** Defective drivers that are there for a rule of the area, in the order of the rules. */
  readonly rows: readonly MatrixRow[];
}

export function matrixSection(book: Book): Html {
  const { matrix } = book;
  if (!matrix) {
    return html`<section id="matrix" aria-labelledby="matrix-title">
      <h2 id="matrix-title">Kill matrix</h2>
      <p>
        Not part of this run. <code>npx lwf matrix</code> makes it: every core rule is broken on purpose by a defective
        driver and must be caught.
      </p>
    </section>`;
  }
  const groups = groupsOf(book, matrix);
  return html`<section id="matrix" aria-labelledby="matrix-title">
    <h2 id="matrix-title">Kill matrix</h2>
    <p>
      ${matrixSentence(matrix)}. A row is a rule, a column a driver with one defect; a mark says that judges found the
      rule broken by that driver.
    </p>
    ${problems(book, matrix)}
    ${matrix.reference.length > 0 && html`<p class="problems">The reference filter trips ${matrix.reference.map((id, i) => html`${i > 0 && ', '}${ruleLink(book, id)}`)}.</p>`}
    <ul class="legend">
      ${KINDS.map((kind) => html`<li><span class="k ${kind}" aria-hidden="true">${CELLS[kind].glyph}</span> <b>${kind}</b>: ${CELLS[kind].meaning}</li>`)}
    </ul>
    <p class="tools">
      <label
        >Area
        <select id="matrix-area">
          <option value="">all areas</option>
          ${groups.map(({ area, title }) => html`<option value="${area}">${title}</option>`)}
        </select></label
      >
      <span class="quiet"
        >A mark or a driver tells its story when it is chosen. Arrow keys go from mark to mark; the title of an area
        folds its rows.</span
      >
    </p>
    <div class="scroll matrix" tabindex="0" role="group" aria-label="Kill matrix">${table(book, groups)}</div>
    <div id="matrix-story" class="story" aria-live="polite"></div>
    <h3>Defective drivers</h3>
    ${groups.map(
      (group) =>
        group.rows.length > 0 &&
        html`<h4>${group.title}</h4>
          ${group.rows.map((row) => driver(book, row))}`,
    )}
  </section>`;
}

/** What does not fit above the matrix: a matrix under construction can have a hundred problems. */
const PROBLEMS_AT_ONCE = 8;

function problems(book: Book, matrix: KillMatrix): Html | false {
  const { length } = matrix.problems;
  const list = (some: readonly string[]): Html =>
    html`<ul>
      ${some.map((problem) => html`<li>${linked(book, problem)}</li>`)}
    </ul>`;
  return (
    length > 0 &&
    html`<div class="problems">
      <p><b>${plural(length, 'problem')}</b></p>
      ${list(matrix.problems.slice(0, PROBLEMS_AT_ONCE))}
      ${
        length > PROBLEMS_AT_ONCE &&
        html`<details>
          <summary>${length - PROBLEMS_AT_ONCE} more</summary>
          ${list(matrix.problems.slice(PROBLEMS_AT_ONCE))}
        </details>`
      }
    </div>`
  );
}

function groupsOf(book: Book, matrix: KillMatrix): Group[] {
  const killed = new Set(matrix.rows.flatMap((row) => [row.breaks, ...Object.keys(row.killedBy)]));
  const inMatrix = (id: string): boolean => matrix.rules.includes(id) || killed.has(id);
  const groups = rulesByArea(book.catalogue).map(({ area, title, rules }) => {
    const ids = rules.map(({ id }) => id).filter(inMatrix);
    return { area, title, rules: ids, rows: ids.flatMap((id) => matrix.rows.filter((row) => row.breaks === id)) };
  });
  const known = new Set(groups.flatMap(({ rules }) => rules));
  const unknown = [...new Set([...matrix.rules, ...killed])].filter((id) => !known.has(id));
  const rest = {
    area: 'other',
    title: 'Rules that the catalogue does not have',
    rules: unknown,
    rows: matrix.rows.filter((row) => unknown.includes(row.breaks)),
  };
  return [...groups, rest].filter(({ rules }) => rules.length > 0);
}

function table(book: Book, groups: readonly Group[]): Html {
  const columns = groups.flatMap(({ area, rows }) => rows.map((row, i) => ({ area, row, first: i === 0 })));
  return html`<table>
    <caption class="sr">
      Rules against defective drivers
    </caption>
    <thead>
      <tr>
        <th scope="col" class="corner">rule</th>
        ${columns.map(
          ({ area, row, first }) =>
            html`<th scope="col" data-column="${area}" ${first && html` class="first"`}>
              <a href="#${driverAnchor(row.driver)}" data-driver="${driverAnchor(row.driver)}">${row.driver}</a>
            </th>`,
        )}
      </tr>
    </thead>
    ${groups.map(
      ({ area, title, rules }) =>
        html`<tbody data-area="${area}">
          <tr class="group">
            <th scope="rowgroup"><button type="button" class="fold" aria-expanded="true">${title}</button></th>
            <td colspan="${columns.length}"></td>
          </tr>
          ${rules.map(
            (rule) =>
              html`<tr>
                <th scope="row">${ruleLink(book, rule)}</th>
                ${columns.map(({ row, first, area: column }) => {
                  const kind = cellOf(row, rule);
                  const mark =
                    first || column === area ? html` class="${first && 'first'}${column === area && ' same'}"` : false;
                  return html`<td${mark}>${kind && cell(row, rule, kind)}</td>`;
                })}
              </tr>`,
          )}
        </tbody>`,
    )}
  </table>`;
}

function cell(row: MatrixRow, rule: string, kind: CellKind): Html {
  const anchor = driverAnchor(row.driver);
  return html`<a
    class="k ${kind}"
    href="#${anchor}"
    data-driver="${anchor}"
    data-rule="${rule}"
    aria-label="${rule}, ${row.driver}: ${kind}"
    >${CELLS[kind].glyph}</a
  >`;
}

function driver(book: Book, row: MatrixRow): Html {
  const own = cellOf(row, row.breaks) === 'own';
  const others = Object.entries(row.killedBy).filter(
    ([rule, scenarios]) => rule !== row.breaks && scenarios.length > 0,
  );
  const scenarios = row.killedBy[row.breaks] ?? [];
  return html`<details class="driver" id="${driverAnchor(row.driver)}" data-search="driver">
    <summary>
      <span class="label">${row.driver}</span>
      <span class="verdicts"
        ><span class="k ${own ? 'own' : 'missed'}" aria-hidden="true"
          >${own ? CELLS.own.glyph : CELLS.missed.glyph}</span
        >
        breaks ${row.breaks}${!own && ', not caught'}</span
      >
    </summary>
    <div class="body">
      <p data-told>${linked(book, row.story)}</p>
      <div data-told="${row.breaks}">
        <p>Breaks ${ruleLink(book, row.breaks)} ${book.rule(row.breaks)?.statement}</p>
        ${
          own
            ? html`<p>Caught in ${plural(scenarios.length, 'scenario')}: ${scenarioList(book, scenarios)}</p>`
            : html`<p class="problems">No scenario catches it.</p>`
        }
      </div>
      ${
        others.length > 0 &&
        html`<p>Also trips</p>
          ${others.map(
            ([rule, ids]) =>
              html`<p data-told="${rule}">
                ${ruleLink(book, rule)} ${explanation(book, row, rule)}
                <span class="quiet">Seen in ${scenarioList(book, ids)}</span>
              </p>`,
          )}`
      }
      <p class="quiet">
        Under it ${plural(row.failedScenarios, 'scenario')} did not
        pass${row.errors > 0 && `, ${row.errors} of them with an error`}.
      </p>
    </div>
  </details>`;
}

function explanation(book: Book, row: MatrixRow, rule: string): Html {
  const why = row.explained[rule];
  if (why !== undefined) return html`${linked(book, why)}.`;
  return html`<span class="k unexplained" aria-hidden="true">${CELLS.unexplained.glyph}</span> <b>unexplained</b>.`;
}

/** A defect may be caught a hundred times; the first few are what a reader opens. */
const LISTED = 3;

/** Rows of one outline are one scenario to a reader. */
function scenarioList(book: Book, ids: readonly string[]): Html {
  const byAnchor = new Map(ids.map((id) => [book.scenarioAnchor(id) ?? id, id]));
  const shown = [...byAnchor.values()].slice(0, LISTED);
  const rest = byAnchor.size - shown.length;
  return html`${shown.map((id, i) => html`${i > 0 && '; '}${scenarioLink(book, id, book.writtenName(id))}`)}${rest > 0 && ` and ${rest} more`}`;
}
