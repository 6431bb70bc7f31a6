/**
 * Sequence diagrams that a reader may ask for: drawn now, embedded compressed, unpacked by the page on demand. A scenario's
 * diagram compresses to about a tenth, so a whole specification costs the page less than one screenshot would.
 */
import { deflateRawSync } from 'node:zlib';
import type { ScenarioResult } from '../../conformance/results';
import { html, trusted, type Html } from '../html';
import { sequenceSvg } from '../diagrams/sequence-svg';

/** All diagrams together, as embedded. Keeps the page well under 5 MB whatever a run brings. */
const BUDGET = 1_800_000;
/** A picture of more rows than this helps nobody; the trace itself is in `run.json`. */
const LONGEST = 700;

export class DiagramStore {
  private readonly packed = new Map<string, string>();
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
    const key = this.pack(driver, result);
    if (key === undefined) {
      return html`<span class="quiet"
        >${count} crossings; this page has reached its size, the trace is in run.json.</span
      >`;
    }
    return html`<button type="button" class="show" data-diagram="${key}" aria-expanded="false">${label}</button>`;
  }

  private pack(driver: string, result: ScenarioResult): string | undefined {
    const svg = sequenceSvg(result.trace, {
      violations: [...result.violations, ...result.strictFindings],
      title: `Call trace of "${result.name}" with ${driver}`,
      standalone: false,
    });
    const packed = deflateRawSync(svg, { level: 9 }).toString('base64');
    if (this.spent + packed.length > BUDGET) return undefined;
    this.spent += packed.length;
    const key = `d${this.packed.size}`;
    this.packed.set(key, packed);
    return key;
  }

  /** @returns the data blocks of all diagrams offered so far */
  blocks(): Html {
    return html`${[...this.packed].map(
      ([key, packed]) =>
        html`<script type="text/plain" id="${key}">
          ${trusted(packed)}
        </script>`,
    )}`;
  }
}
