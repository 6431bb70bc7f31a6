/** Every scenario that failed, for every driver of the page: what was expected, what proves it, the call trace, the replay. */
import type { RunResult, ScenarioResult } from '../../../conformance/results';
import { isLong } from '../../diagrams/relevant';
import { sequenceSvg } from '../../diagrams/sequence-svg';
import { html, trusted, type Html } from '../../html';
import { anchorOf, type Book } from '../book';
import { badge, command, linked, plural, ruleLink } from '../parts';
import { evidence } from './evidence';

/** Diagrams beyond this number are shown on demand, or a driver that fails everything would make a page nobody can open. */
const DRAWN_AT_ONCE = 24;

export function failuresSection(book: Book): Html {
  const failures = book.runs.flatMap((run, i) =>
    run.scenarios.filter(({ verdict }) => verdict === 'fail').map((result) => ({ run, result, i })),
  );
  return html`<section id="failures" aria-labelledby="failures-title">
    <h2 id="failures-title">Failures</h2>
    ${failures.length === 0 && html`<p>No scenario failed in this run.</p>`}
    ${failures.map(({ run, result, i }, n) => failure(book, run, result, i, n < DRAWN_AT_ONCE))}
  </section>`;
}

function failure(book: Book, run: RunResult, result: ScenarioResult, runIndex: number, drawn: boolean): Html {
  const anchor = `failure-${runIndex}-${anchorOf(result).slice('scenario-'.length)}`;
  const failed = result.steps.find(({ status }) => status === 'failed');
  const broken = [...new Set(result.violations.map(({ rule }) => rule))];
  const scenario = book.scenarioAnchor(result.id);
  return html`<details class="failure" id="${anchor}" data-search="failure" ${runIndex === 0 && trusted(' open')}>
    <summary>
      <span class="label">${result.name}</span>
      <span class="tag">${run.driver}</span>
      <span class="verdicts">${badge('fail')} ${broken.map((rule) => html`<span class="rid">${rule}</span> `)}</span>
    </summary>
    <div class="body">
      ${broken.map((id) => html`<p class="statement">${ruleLink(book, id)} ${book.rule(id)?.statement}</p>`)}
      ${
        failed &&
        html`<p><b>${failed.keyword}</b> ${failed.text}</p>
          <pre class="message">${failed.message ?? ''}</pre>`
      }
      ${result.reason !== undefined && html`<p>${linked(book, result.reason)}</p>`} ${evidence(book, run, result)}
      ${result.trace.length > 0 && diagram(book, run, result, drawn)}
      <p class="tools">Play it again: ${command(result.replay)}</p>
      <p class="quiet">
        ${scenario !== undefined ? html`<a href="#${scenario}">The scenario as written</a>, ${result.id}` : result.id}
      </p>
    </div>
  </details>`;
}

function diagram(book: Book, run: RunResult, result: ScenarioResult, drawn: boolean): Html {
  const whole = `Show all ${plural(result.trace.length, 'crossing')}`;
  if (!drawn) return html`<p class="tools">${book.diagrams.offer(run.driver, result, whole)}</p>`;
  const svg = sequenceSvg(result.trace, {
    violations: result.violations,
    folded: true,
    standalone: false,
    title: `Call trace of "${result.name}" with ${run.driver}: the part that matters`,
  });
  return html`<div class="scroll diagram" tabindex="0" role="group" aria-label="Sequence diagram">${trusted(svg)}</div>
    ${isLong(result.trace) && html`<p class="tools">${book.diagrams.offer(run.driver, result, whole)}</p>`}`;
}
