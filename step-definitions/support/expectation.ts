import { AssertionError } from 'chai';
import type { Crossing } from '../../src/trace';
import { crossingText } from '../../src/trace';

/** A reader takes in three crossings; more hide the one that matters. */
const SHOWN = 3;

/** This adapter could not see or provoke what the scenario needs: the scenario is *not observed*. */
export class NotObserved extends Error {}

/** The driver lacks what the scenario is about: the scenario is *not applicable*. */
export class NotApplicable extends Error {}

/** What should be the case and is not, in words for a driver author. */
export class Unmet extends AssertionError<undefined> {
  /** @param crossings those that show it, in order */
  constructor(
    expected: string,
    found: string,
    readonly crossings: readonly Crossing[],
  ) {
    super(`Expected: ${expected}\nFound:    ${found}`);
  }
}

/** No rule should be broken, and one is: the judges tell which, and it need not be the one that the scenario is about. */
export class RuleBroken extends Unmet {}

/**
 * States an expectation in words for a driver author.
 * @param holds whether it is met
 * @param expected what should be the case
 * @param found what is the case
 * @param crossings those that show it
 * @throws Unmet when it is not met
 */
export function expectThat(
  holds: boolean,
  expected: string,
  found: string,
  crossings: readonly Crossing[] = [],
): asserts holds {
  if (!holds) throw new Unmet(expected, found, crossings);
}

/**
 * States what a scenario starts from. Where it does not come about nothing is known of what the scenario is about: whether the driver is to
 * blame, its profile or the adapter is for the judges to say, who have seen all of it.
 * @param holds whether it came about
 * @param expected what should be the case
 * @param found what is the case
 * @throws NotObserved when it did not
 */
export function startsFrom(holds: boolean, expected: string, found: string): asserts holds {
  if (!holds) throw new NotObserved(`the scenario starts from ${expected}, which did not come about: ${found}`);
}

/** @returns the last of the crossings, a line each */
export function told(crossings: readonly Crossing[]): string[] {
  return crossings.slice(-SHOWN).map(crossingText);
}
