/** What the run does not say: a report that hides this would claim more than was done. */
import { html, type Content, type Html } from '../../markup/html';
import { countLifecycleEvents } from '../../lifecycle';
import { summariseMatrix } from '../../matrix/cells';
import type { ShownVerdict } from '../../verdicts';
import type { Book } from '../book';
import { linked, ruleLink, scenarioLink } from '../parts';
import { coveredTransitions, uncoveredTransitions } from './state-machine';
import { plural } from '../../plural';

export function gapsSection(book: Book): Html {
  const { run, matrix } = book;
  const verdictOf = (id: string): ShownVerdict => book.ruleVerdict(run, id);
  const having = (verdict: ShownVerdict): readonly string[] =>
    book.catalogue.rules.filter(({ id }) => verdictOf(id) === verdict).map(({ id }) => id);
  const unspecified = having('not specified');
  const core = unspecified.filter((id) => book.rule(id)?.profile === 'core');
  const untouched = run.rules
    .filter(({ verdict, exercised }) => verdict === 'pass' && exercised === 0)
    .map(({ rule }) => rule);
  const errors = run.scenarios.filter(({ verdict }) => verdict === 'error');
  const uncovered = uncoveredTransitions(
    coveredTransitions(book, countLifecycleEvents(run.scenarios.map(({ trace }) => trace))),
  );
  const unproven = matrix ? summariseMatrix(matrix).unproven : [];
  return html`<section id="gaps" aria-labelledby="gaps-title">
    <h2 id="gaps-title">What is not specified or not observed</h2>
    <p>
      A rule is judged where its verdict is pass, fail or waived. None of what follows says that the driver is right, or
      wrong.
    </p>
    ${gap(`${plural(unspecified.length, 'rule')} not specified`, 'The catalogue has them, no scenario exercises them yet.', ruleList(book, unspecified, false), unspecified.length)}
    ${core.length > 0 && html`<p class="problems">${plural(core.length, 'core rule')} among them: ${core.map((id, i) => html`${i > 0 && ', '}${ruleLink(book, id)}`)}.</p>`}
    ${gap(`${plural(having('not observed').length, 'rule')} not observed`, `The adapter ${run.adapter} could not see or not provoke them, or what their scenarios start from did not come about.`, ruleList(book, having('not observed'), true), having('not observed').length)}
    ${gap(`${plural(having('not applicable').length, 'rule')} not applicable`, `The driver ${run.driver} lacks what they are about, or its profile does not say how to ask for it.`, ruleList(book, having('not applicable'), true), having('not applicable').length)}
    ${gap(
      `${plural(errors.length, 'scenario')} with an error`,
      'The kit or its adapter broke: neither a pass nor a fail.',
      html`<ul>
        ${errors.map(({ id, reason }) => html`<li>${scenarioLink(book, id)}${reason !== undefined && html`: <span class="quiet">${reason}</span>`}</li>`)}
      </ul>`,
      errors.length,
    )}
    ${gap(
      `${plural(untouched.length, 'rule')} passed without having been put to the test`,
      'Their scenarios passed, but no judge saw a situation in which the driver could have broken them.',
      ruleList(book, untouched, false),
      untouched.length,
    )}
    ${
      matrix
        ? gap(
            `${plural(unproven.length, 'core rule')} not proven`,
            'No defective driver breaks them and is caught.',
            ruleList(book, unproven, false),
            unproven.length,
          )
        : html`<p>No kill matrix was made in this run: no rule is proven by it.</p>`
    }
    ${gap(
      `${plural(uncovered.length, 'transition')} not covered`,
      'Legal in the life of a filter module, but no scenario made them happen.',
      html`<ul>
        ${uncovered.map((key) => html`<li>${key.replace('>', ' → ')}</li>`)}
      </ul>`,
      uncovered.length,
    )}
  </section>`;
}

function gap(title: string, meaning: string, list: Content, count: number): Html {
  if (count === 0) return html`<p><b>${title}.</b></p>`;
  return html`<details class="gap">
    <summary><b>${title}.</b> ${meaning}</summary>
    ${list}
  </details>`;
}

function ruleList(book: Book, ids: readonly string[], withReason: boolean): Html {
  return html`<ul class="rulelist">
    ${ids.map((id) => {
      const reason = book.ruleResult(book.run, id)?.reason;
      return html`<li>
        ${ruleLink(book, id)}
        ${book.rule(id)?.statement}${withReason && reason !== undefined && html` <span class="quiet">Why: ${linked(book, reason)}</span>`}
      </li>`;
    })}
  </ul>`;
}
