import type { Crossing } from '../trace';
import type { Reading, Violation } from './rule';

/**
 * All judges together. Give it the crossings of one trace in order; ask at any time.
 */
export interface Judges {
  /**
   * @param crossing the next crossing of the trace
   * @param kind if there is one, a number for its direction and name: another crossing of this trace with the same number has the same
   * two. It saves looking them up.
   * @returns true when nobody will look at this object again: whoever made it may use it for another crossing
   */
  see(crossing: Crossing, kind?: number): boolean;
  /** The trace ends here. Judges close what they can; what is still open is not condemned. */
  finish(): void;
  /** Violations so far, in the order found, both readings; of each rule and reading no more than the first 1000. */
  readonly violations: readonly Violation[];
  /**
   * A crossing that proves a violation.
   * @param seq one of the `witnesses` of a violation
   */
  witness(seq: number): Crossing | undefined;
  /** How many violations of the rule are not in `violations` because there are so many. */
  unlisted(rule: string, reading: Reading): number;
  /**
   * How often the rule was put to the test: how many times a situation arose in which a driver could have broken it.
   * 0 means *not observed*.
   * @param rule id of a rule
   */
  exercised(rule: string): number;
  /** The same for every rule that was put to the test, by rule id, in the order of the ids. */
  allExercised(): Record<string, number>;
}
