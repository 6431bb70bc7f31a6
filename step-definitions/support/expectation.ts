import { AssertionError } from 'chai';
import type { Crossing } from '../../src/trace';
import { crossingText } from '../../src/trace';

/** A reader takes in three crossings; more hide the one that matters. */
const SHOWN = 3;

/** This adapter could not see or provoke what the scenario needs: the scenario is *not observed*. */
export class NotObserved extends Error {}

/** The driver lacks what the scenario is about: the scenario is *not applicable*. */
export class NotApplicable extends Error {}

/**
 * States an expectation in words for a driver author.
 * @param holds whether it is met
 * @param expected what should be the case
 * @param found what is the case
 * @param crossings those that show it; the last three are told
 * @throws AssertionError when it is not met
 */
export function expectThat(
  holds: boolean,
  expected: string,
  found: string,
  crossings: readonly Crossing[] = [],
): asserts holds {
  if (holds) return;
  const lines = [`Expected: ${expected}`, `Found:    ${found}`, ...crossings.slice(-SHOWN).map(crossingText)];
  throw new AssertionError(lines.join('\n'), undefined, expectThat);
}
