/** How step definitions are registered: as Cucumber's, with what they throw sorted into verdicts. */
import { Given as CucumberGiven, Then as CucumberThen, When as CucumberWhen } from '@cucumber/cucumber';
import type { LwfWorld, Phase, StepResult } from './world';

type Body<A extends unknown[]> = (this: LwfWorld, ...values: A) => Promise<void>;

/** Arranges what the scenario starts from. */
export function Given<A extends unknown[]>(sentence: string, body: Body<A>): void {
  CucumberGiven(sentence, sorted('arrangement', body));
}

/** A stimulus. What a `Then` counts, it counts from the first stimulus after the last `Given` or `Then`. */
export function When<A extends unknown[]>(sentence: string, body: Body<A>): void {
  CucumberWhen(sentence, sorted('stimulus', body));
}

/** Looks, and changes nothing. */
export function Then<A extends unknown[]>(sentence: string, body: Body<A>): void {
  CucumberThen(sentence, sorted('observation', body));
}

function sorted<A extends unknown[]>(
  phase: Phase,
  body: Body<A>,
): (this: LwfWorld, ...values: A) => Promise<StepResult> {
  const step = function (this: LwfWorld, ...values: A): Promise<StepResult> {
    return this.play(phase, () => body.apply(this, values));
  };
  // Cucumber compares the number of parameters with the number of values in the sentence.
  return Object.defineProperty(step, 'length', { value: body.length });
}
