/**
 * Sequence diagrams that a reader may ask for: embedded as data, compressed, unpacked and drawn by the page on demand. A
 * scenario's diagram costs some hundred bytes so, where its picture would cost fifty thousand.
 */
import { deflateRawSync } from 'node:zlib';
import type { ScenarioResult } from '../../conformance/results';
import { diagramOf, type Diagram } from '../diagrams/diagram';
import { drawSequence } from '../diagrams/draw-sequence';
import { escapeText, html, trusted, type Html } from '../markup/html';

/** Characters of all diagrams before compression (to about a twelfth): the page stays well under 5 MB whatever a run brings. */
const BUDGET = 12_000_000;
/** A picture of more rows than this helps nobody; the trace itself is in `run.json`. */
const LONGEST = 1_000;
/** Diagrams packed together: traces begin alike, so neighbours compress each other; one click unpacks so many. */
const TOGETHER = 24;

export class DiagramStore {
  private readonly diagrams: Diagram[] = [];
  private spent = 0;

  /**
   * @param driver whose trace it is
   * @param result a scenario with a trace
   * @param label text of the button
   * @returns a button that shows the diagram in its place, or a sentence that says why there is none
   */
  offer(driver: string, result: ScenarioResult, label: string): Html {
    const count = result.trace.length;
    if (count === 0) return html`<span class="quiet">No crossings were recorded.</span>`;
    if (count > LONGEST) {
      return html`<span class="quiet">${count} crossings: too many for one picture; they are in run.json.</span>`;
    }
    const diagram = diagramOf(result.trace, {
      violations: [...result.violations, ...result.strictFindings],
      title: `Call trace of "${result.name}" with ${driver}`,
    });
    this.spent += JSON.stringify(diagram).length;
    if (this.spent > BUDGET) {
      return html`<span class="quiet">${count} crossings; this page has reached its size, they are in run.json.</span>`;
    }
    this.diagrams.push(diagram);
    return html`<button type="button" class="show" data-diagram="${this.diagrams.length - 1}" aria-expanded="false">
      ${label}
    </button>`;
  }

  /** @returns the data blocks of all diagrams offered so far */
  blocks(): Html {
    const packs: Html[] = [];
    for (let first = 0; first < this.diagrams.length; first += TOGETHER) {
      const pack = JSON.stringify(this.diagrams.slice(first, first + TOGETHER));
      const packed = deflateRawSync(pack, { level: 9 }).toString('base64');
      packs.push(trusted(`<script type="text/plain" id="diagrams-${first / TOGETHER}">${packed}</script>`));
    }
    return html`${packs}`;
  }

  /** @returns what the page's script needs to draw them: the very functions that draw everywhere else */
  static script(): string {
    return `const diagramsTogether = ${TOGETHER};\nconst escapeText = ${escapeText.toString()};\nconst drawSequence = ${drawSequence.toString()};\n`;
  }
}
