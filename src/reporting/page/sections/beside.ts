/** Runs side by side: where they differ. */
import type { ScenarioResult } from '../../../conformance/results';
import { badge } from '../../markup/badge';
import { html, type Html } from '../../markup/html';
import { table } from '../../markup/table';
import { plural } from '../../plural';
import { failureAnchor, type Book } from '../book';
import { scenarioLink } from '../parts';

interface Difference {
  readonly id: string;
  /** One for each run of the page, in its order. */
  readonly results: readonly ScenarioResult[];
}

interface Comparison {
  /** Scenarios that were played in every run. */
  readonly compared: number;
  readonly differing: readonly Difference[];
}

export function compareRuns({ run, runs }: Book): Comparison {
  const byId = runs.map(({ scenarios }) => new Map(scenarios.map((scenario) => [scenario.id, scenario])));
  const played = run.scenarios
    .map(({ id }) => ({ id, results: byId.flatMap((results) => results.get(id) ?? []) }))
    .filter(({ results }) => results.length === runs.length);
  return {
    compared: played.length,
    differing: played.filter(({ results }) => new Set(results.map(({ verdict }) => verdict)).size > 1),
  };
}

/** Scenarios that ended differently, a line each, a column for each run. */
export function besideSection(book: Book): Html | false {
  if (book.runs.length === 1) return false;
  const { compared, differing } = compareRuns(book);
  return html`<section id="beside" aria-labelledby="beside-title">
    <h2 id="beside-title">Side by side</h2>
    <p>
      ${book.runs.map(({ driver, adapter }) => `${driver} on the ${adapter}`).join(', ')}:
      ${plural(compared, 'scenario')} played in each,
      ${differing.length === 0 ? 'all with the same verdict' : `${differing.length} with different verdicts`}.
    </p>
    ${
      differing.length > 0 &&
      table(
        {
          label: 'Scenarios that ended differently',
          look: 'plain',
          heads: ['scenario', ...book.runs.map((run) => book.nameOf(run))],
        },
        differing.map(
          ({ id, results }) =>
            html`<tr>
              <th scope="row">${scenarioLink(book, id)}</th>
              ${results.map((result, i) => html`<td>${cell(book, i, result)}</td>`)}
            </tr>`,
        ),
      )
    }
  </section>`;
}

function cell(book: Book, index: number, result: ScenarioResult): Html {
  const run = book.runs[index];
  const shown = badge(run ? book.verdictOf(run, result) : result.verdict);
  return run && result.verdict === 'fail' ? html`<a href="#${failureAnchor(book, run, result)}">${shown}</a>` : shown;
}
