/** Every scenario that failed, for every driver of the page: what was expected, what proves it, the call trace, the replay. */
import { tokenOf } from '../../../conformance/replay/token';
import type { RunResult, ScenarioResult } from '../../../conformance/results';
import { badge } from '../../markup/badge';
import { html, trusted, type Html } from '../../markup/html';
import { failureAnchor, type Book } from '../book';
import { command, linked, ruleLink } from '../parts';
import { foldedDiagram, wholeDiagram } from './diagram';
import { evidence } from './evidence';
import { plural } from '../../plural';
import { furtherReason } from '../../reason';

/** Diagrams beyond this number are shown on demand, or a driver that fails everything would make a page nobody can open. */
const DRAWN_AT_ONCE = 24;
/** Failures of the run's own driver that stand open when one comes here. */
const OPEN_AT_ONCE = 3;

export function failuresSection(book: Book): Html {
  let drawn = 0;
  return html`<section id="failures" aria-labelledby="failures-title">
    <h2 id="failures-title">Failures</h2>
    ${book.runs.map((run, i) => {
      const failed = run.scenarios.filter(({ verdict }) => verdict === 'fail');
      const title = `${run.driver} on ${run.adapter}`;
      if (failed.length === 0) return html`<p>No scenario failed with ${title}.</p>`;
      const waived = failed.filter((result) => book.verdictOf(run, result) === 'waived').length;
      return html`<h3>
          ${title}
          <span class="quiet"
            >${plural(failed.length, 'scenario')} failed${waived > 0 && `, ${waived} of them waived`}</span
          >
        </h3>
        ${failed.map((result, n) => failure(book, run, result, i === 0 && n < OPEN_AT_ONCE, drawn++ < DRAWN_AT_ONCE))}`;
    })}
  </section>`;
}

function failure(book: Book, run: RunResult, result: ScenarioResult, open: boolean, drawn: boolean): Html {
  const failed = result.steps.find(({ status }) => status === 'failed');
  const broken = [...new Set(result.violations.map(({ rule }) => rule))];
  const scenario = book.scenarioAnchor(result.id);
  const reason = furtherReason(result);
  return html`<details
    class="failure"
    id="${failureAnchor(book, run, result)}"
    data-search="failure"
    ${open && trusted('open')}
  >
    <summary>
      <span class="label">${result.name}</span>
      <span class="tag">${run.driver}</span>
      <span class="verdicts"
        >${badge(book.verdictOf(run, result))} ${broken.map((rule) => html`<span class="rid">${rule}</span> `)}</span
      >
    </summary>
    <div class="body">
      ${broken.map((id) => html`<p class="statement">${ruleLink(book, id)} ${book.rule(id)?.statement}</p>`)}
      ${
        failed &&
        html`<p>What did not hold: <b>${failed.keyword}</b> ${failed.text}</p>
          <pre class="message">${failed.message ?? ''}</pre>`
      }
      ${reason !== undefined && html`<p>${linked(book, reason)}</p>`} ${evidence(book, run, result)}
      ${result.trace.length > 0 && (drawn ? foldedDiagram(book, run, result) : html`<p class="tools">${wholeDiagram(book, run, result)}</p>`)}
      <p class="tools">Play it again: ${command(result.replay)}</p>
      <p class="tools">Elsewhere: ${command(`npx lwf replay ${tokenOf(run.identity, result)}`)}</p>
      <p class="quiet">
        ${scenario !== undefined ? html`<a href="#${scenario}">The scenario as written</a>, ${result.id}` : result.id}
      </p>
    </div>
  </details>`;
}
