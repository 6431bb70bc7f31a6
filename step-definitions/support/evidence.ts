/** What every scenario leaves behind for the run: attached as JSON by the After hook, read by the conformance room. */
import type { Violation } from '../../src/rules/rule';
import type { Crossing } from '../../src/trace';

export const EVIDENCE_MEDIA_TYPE = 'application/vnd.lwf.evidence+json';

export interface Evidence {
  readonly verdict: 'pass' | 'fail' | 'not applicable' | 'not observed' | 'error';
  /** Why it is not a pass, in one sentence. */
  readonly reason?: string;
  /** Violations of the default reading; in an exhibit also those the scenario expects. */
  readonly violations: readonly Violation[];
  /** Violations of the stricter readings. */
  readonly strictFindings: readonly Violation[];
  /** `NAME (0xCODE): reason` when the system stopped. */
  readonly bugcheck?: string;
  /** Rules that were put to the test, and how often. */
  readonly exercised: Readonly<Record<string, number>>;
  /** Only when the run keeps full evidence. */
  readonly trace?: readonly Crossing[];
}
