/** The sequence diagram of a violation, in the page at once: the part that matters, the whole on demand. */
import type { RunResult, ScenarioResult } from '../../../conformance/results';
import { isLong } from '../../diagrams/relevant';
import { sequenceSvg } from '../../diagrams/sequence-svg';
import { html, trusted, type Html } from '../../markup/html';
import type { Book } from '../book';
import { plural } from '../../plural';

export function foldedDiagram(book: Book, run: RunResult, result: ScenarioResult): Html {
  const svg = sequenceSvg(result.trace, {
    violations: result.violations,
    folded: true,
    standalone: false,
    title: `Call trace of "${result.name}" with ${run.driver}: the part that matters`,
  });
  return html`<div class="scroll diagram" tabindex="0" role="group" aria-label="Sequence diagram">${trusted(svg)}</div>
    ${isLong(result.trace) && html`<p class="tools">${wholeDiagram(book, run, result)}</p>`}`;
}

/** @returns a button that shows the whole trace as a diagram */
export function wholeDiagram(book: Book, run: RunResult, result: ScenarioResult): Html {
  return book.diagrams.offer(run.driver, result, `Show all ${plural(result.trace.length, 'crossing')}`);
}
