/** What every scenario leaves behind for the run. The After hook leaves it, the conformance room takes it, in the same process. */
import type { Violation } from '../../src/rules';
import type { Crossing } from '../../src/trace';

export interface Evidence {
  readonly verdict: 'pass' | 'fail' | 'not applicable' | 'not observed' | 'error';
  /** Why it is not a pass, in one sentence. */
  readonly reason?: string;
  /** It failed because rules are broken, and that says nothing against the rule it is about, unless it is one of them. */
  readonly spoiled?: true;
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

const left = new Map<string, Evidence>();

/**
 * Leaves the evidence of a scenario. Not as an attachment: traces would make every standard report many megabytes large.
 * @param testCaseStartedId names the one playing of the scenario
 */
export function leaveEvidence(testCaseStartedId: string, evidence: Evidence): void {
  left.set(testCaseStartedId, evidence);
}

/** Takes what a scenario left; undefined when it ended without. */
export function takeEvidence(testCaseStartedId: string): Evidence | undefined {
  const evidence = left.get(testCaseStartedId);
  left.delete(testCaseStartedId);
  return evidence;
}
