/** What judges found in one scenario: the sentences, and the crossings that prove them. */
import type { RunResult, ScenarioResult } from '../../../conformance/results';
import type { Violation } from '../../../rules/rule';
import { crossingText } from '../../../trace';
import { html, type Html } from '../../markup/html';
import type { Book } from '../book';
import { linked, ruleLink } from '../parts';
import { crashBlock } from './crash';

export function evidence(book: Book, run: RunResult, result: ScenarioResult): Html {
  const { violations, strictFindings } = result;
  return html` ${crashBlock(result)}
  ${
    violations.length > 0 &&
    html`<ul class="violations">
      ${violations.map((violation) => violationItem(book, result, violation))}
    </ul>`
  }
  ${
    strictFindings.length > 0 &&
    html`<details class="row">
      <summary>Stricter reading, not part of the verdict (${strictFindings.length})</summary>
      <ul class="violations">
        ${strictFindings.map((violation) => violationItem(book, result, violation))}
      </ul>
    </details>`
  }`;
}

function violationItem(book: Book, result: ScenarioResult, violation: Violation): Html {
  const witnesses = result.trace.filter(({ seq }) => violation.witnesses.includes(seq));
  return html`<li>
    <p><b>${ruleLink(book, violation.rule)}</b> ${linked(book, violation.message)}</p>
    ${
      witnesses.length > 0 &&
      html`<ol class="witnesses">
        ${witnesses.map(
          (crossing) =>
            html`<li class="${crossing.seq === violation.at ? 'broken' : 'witness'}">
              <code>${crossingText(crossing)}</code>
              <span class="quiet">${crossing.seq === violation.at ? '✗ breaks it' : '● witness'}</span>
            </li>`,
        )}
      </ol>`
    }
  </li>`;
}
