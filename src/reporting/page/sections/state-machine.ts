/** The states of a filter module and what this run made of them. */
import { LEGAL_TRANSITIONS, stateMachineSvg, transitionCauses } from '../../diagrams/state-machine-svg';
import { html, trusted, type Html } from '../../markup/html';
import { countLifecycleEvents, LIFECYCLE_EVENTS } from '../../lifecycle';
import { table } from '../../markup/table';
import type { Book } from '../book';
import { plural } from '../../plural';

/** @returns `Running>Pausing` -> count: the run's own count, and for what leaves the state as it is, that of its traces */
export function coveredTransitions(book: Book, events: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  const counts: Record<string, number> = { ...book.run.transitions };
  for (const { id, from, to } of LIFECYCLE_EVENTS) {
    if (from === to) counts[`${from}>${to}`] ??= events.get(id) ?? 0;
  }
  return counts;
}

export function uncoveredTransitions(counts: Readonly<Record<string, number>>): string[] {
  return LEGAL_TRANSITIONS.filter((key) => (counts[key] ?? 0) === 0);
}

export function stateMachineSection(book: Book): Html {
  const events = countLifecycleEvents(book.run.scenarios.map(({ trace }) => trace));
  const counts = coveredTransitions(book, events);
  const uncovered = uncoveredTransitions(counts);
  const recorded = book.run.scenarios.some(({ trace }) => trace.length > 0);
  return html`<section id="states" aria-labelledby="states-title">
    <h2 id="states-title">The life of a filter module</h2>
    <p>
      Every legal transition. The number says how often this run made it; what no scenario reached is dashed and says
      so. Detaching is the time inside FilterDetach: the documentation counts it to Detached on one page and to Paused
      on another.
    </p>
    <div class="scroll" tabindex="0" role="group" aria-label="State machine">
      ${trusted(stateMachineSvg(counts, { standalone: false }))}
    </div>
    ${
      uncovered.length === 0
        ? html`<p>All ${LEGAL_TRANSITIONS.length} transitions were covered.</p>`
        : html`<p>${plural(uncovered.length, 'transition')} not covered by this run:</p>
            <ul>
              ${uncovered.map((key) => html`<li>${key.replace('>', ' → ')}: ${transitionCauses(key)}</li>`)}
            </ul>`
    }
    ${
      recorded &&
      html`<details>
        <summary>Events one by one</summary>
        ${table(
          {
            label: 'How often each lifecycle event took place in the traces of this run',
            look: 'plain',
            heads: ['event', 'from', 'to', { number: 'times' }],
          },
          LIFECYCLE_EVENTS.map(({ id, text, from, to }) => {
            const count = events.get(id) ?? 0;
            return html`<tr class="${count === 0 && 'uncovered'}">
              <td>${text}</td>
              <td>${from}</td>
              <td>${to}</td>
              <td class="number">${count === 0 ? 'never' : count}</td>
            </tr>`;
          }),
        )}
      </details>`
    }
  </section>`;
}
