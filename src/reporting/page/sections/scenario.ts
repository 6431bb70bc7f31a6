/** A scenario as written, with what each driver made of each step. */
import type { RunResult, ScenarioResult, StepResult } from '../../../conformance/results';
import { isExhibit } from '../../../conformance/rule-results';
import { badge } from '../../markup/badge';
import { html, type Html } from '../../markup/html';
import { table } from '../../markup/table';
import type { WrittenScenario, WrittenStep } from '../../features/read-features';
import { anchorOf, failureAnchor, type Book } from '../book';
import { badgesOfRuns, command, linked, prose } from '../parts';
import { foldedDiagram } from './diagram';
import { crashBlock } from './crash';
import { evidence } from './evidence';
import { stopText } from '../../machine-words';
import { plural } from '../../plural';

/** @returns the scenario, closed; its verdict for the run's driver is in its summary */
export function scenarioPart(book: Book, scenario: WrittenScenario): Html {
  const results = book.results(book.run, scenario);
  const exhibit = isExhibit(scenario) || results.some(isExhibit);
  return html`<details class="scenario" id="${anchorOf(scenario)}" data-search="scenario">
    <summary>
      <span class="label">${scenario.name}</span>
      ${exhibit && html`<span class="tag">exhibit${shown(results)}</span>`}
      <span class="verdicts"
        >${
          results.length > 0 || book.runs.length > 1
            ? badgesOfRuns(book, (run) => book.results(run, scenario).map((result) => book.verdictOf(run, result)))
            : html`<span class="quiet">not run</span>`
        }</span
      >
    </summary>
    <div class="body">
      ${prose(book, scenario.description)}
      ${exhibit && html`<p class="quiet">An exhibit: it shows a driver named in its steps, and passes when that driver does what it is shown for.</p>`}
      ${scenario.examples.length > 0 ? outline(book, scenario, results) : steps(scenario, results[0])}
      ${results.length === 1 && results[0] && outcome(book, book.run, results[0], false)} ${others(book, scenario)}
      ${results.length !== 1 && html`<p class="quiet">${scenario.uri}:${scenario.line}</p>`}
    </div>
  </details>`;
}

/** An exhibit passes by showing a rule broken: the reader must not take the pass for the driver's. */
function shown(results: readonly ScenarioResult[]): string {
  const broken = [...new Set(results.flatMap(({ violations }) => violations.map(({ rule }) => rule)))];
  return broken.length > 0 ? ` of ${broken.join(', ')} broken` : '';
}

function steps(scenario: WrittenScenario, result: ScenarioResult | undefined): Html {
  const { background } = scenario;
  const line = (step: WrittenStep, i: number): Html => stepLine(step, result?.steps[i], i < background.length);
  return html`<ol class="steps">
    ${[...background, ...scenario.steps].map(line)}
  </ol>`;
}

/** The sign of the status comes from the style sheet: a page has thousands of steps. */
function stepLine(step: WrittenStep, result: StepResult | undefined, inBackground: boolean): Html {
  return html`<li class="${result?.status ?? 'unknown'}">
    <b>${step.keyword}</b>
    ${step.text}${inBackground && html` <span class="quiet">(background)</span>`}${step.table && dataTable(step.table)}${step.docString !== undefined && html`<pre>${step.docString}</pre>`}${result?.message !== undefined && html`<pre class="message">${result.message}</pre>`}
  </li>`;
}

function dataTable(rows: readonly (readonly string[])[]): Html {
  return html`<table class="plain">
    <tbody>
      ${rows.map(
        (cells) =>
          html`<tr>
            ${cells.map((cell) => html`<td>${cell}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** An outline shows its sentences once, and each row of its examples with a verdict of its own. */
function outline(book: Book, scenario: WrittenScenario, results: readonly ScenarioResult[]): Html {
  const resultAt = (line: number): ScenarioResult | undefined => results.find((result) => result.line === line);
  return html`${steps(scenario, undefined)}
  ${scenario.examples.map(({ name, header, rows }) =>
    table(
      { label: `Examples of ${scenario.name}`, look: 'plain', caption: name, heads: [...header, 'verdict'] },
      rows.map(({ cells, line }) => {
        const result = resultAt(line);
        return html`<tr>
          ${cells.map((cell) => html`<td>${cell}</td>`)}
          <td>${result ? badge(book.verdictOf(book.run, result)) : 'not run'}</td>
        </tr>`;
      }),
    ),
  )}
  ${rowOutcomes(book, scenario, results)}`;
}

function rowOutcomes(book: Book, scenario: WrittenScenario, results: readonly ScenarioResult[]): Html {
  const cells = new Map(
    scenario.examples.flatMap(({ rows }) => rows.map((row) => [row.line, row.cells.join(', ')] as const)),
  );
  return html`${results.map(
    (result) =>
      html`<details class="row">
        <summary>
          <span class="label">${cells.get(result.line) ?? `line ${result.line}`}</span>
          <span class="verdicts">${badge(book.verdictOf(book.run, result))}</span>
        </summary>
        <div class="body">${outcome(book, book.run, result, true)}</div>
      </details>`,
  )}`;
}

function outcome(book: Book, run: RunResult, result: ScenarioResult, withSteps: boolean): Html {
  const failed = result.steps.find((step) => step.status === 'failed');
  return html` ${
    withSteps &&
    failed &&
    html`<p><b>${failed.keyword}</b> ${failed.text}</p>
      <pre class="message">${failed.message ?? ''}</pre>`
  }
  ${result.reason !== undefined && html`<p class="reason">${badge(book.verdictOf(run, result))} ${linked(book, result.reason)}</p>`}
  ${stopped(result)} ${result.verdict === 'fail' ? failureLink(book, run, result) : proof(book, run, result)}`;
}

function stopped(result: ScenarioResult): Html | false {
  const text = stopText(result);
  return text !== undefined && html`<p class="quiet">${text}</p>`;
}

function failureLink(book: Book, run: RunResult, result: ScenarioResult): Html {
  return html`<p>
    <a href="#${failureAnchor(book, run, result)}">What was found, with the call trace</a>
  </p>`;
}

/** What an exhibit shows is its point: it is drawn at once. */
function proof(book: Book, run: RunResult, result: ScenarioResult): Html {
  const { length } = result.trace;
  const shows = isExhibit(result) && result.violations.length > 0 && length > 0;
  return html`${evidence(book, run, result)} ${shows && foldedDiagram(book, run, result)}
    <p class="tools">
      ${!shows && book.diagrams.offer(run.driver, result, `Sequence diagram (${plural(length, 'crossing')})`)}
      ${command(result.replay)}
    </p>`;
}

/** What the other runs made of it, where there is more to say than the verdict: why, and what stopped the system. */
function others(book: Book, scenario: WrittenScenario): Html | false {
  const rows = book.runs.slice(1).flatMap((run) =>
    book.results(run, scenario).flatMap((result) => {
      const { verdict, reason, bugcheck } = result;
      if (reason === undefined && bugcheck === undefined) return [];
      const row = scenario.examples.length > 0 ? `, line ${result.line}` : '';
      return html`<li>
        ${run.driver} on ${run.adapter}${row}: ${badge(verdict)} ${reason !== undefined && linked(book, reason)}
        ${verdict === 'fail' ? failureLink(book, run, result) : crashBlock(result)}
      </li>`;
    }),
  );
  return (
    rows.length > 0 &&
    html`<p class="caption">Beside it</p>
      <ul class="drivers">
        ${rows}
      </ul>`
  );
}
