/** How step definitions are registered: Cucumber's own functions, with the world of this kit as `this`. */
import { Given as CucumberGiven, Then as CucumberThen, When as CucumberWhen } from '@cucumber/cucumber';
import type { LwfWorld } from './world';

type Define = <A extends unknown[]>(sentence: string, body: (this: LwfWorld, ...values: A) => Promise<void>) => void;

// The same functions, not wrappers: Cucumber takes the place of a definition from who calls them.

/** Arranges what the scenario starts from. */
export const Given = CucumberGiven as Define;
/** A stimulus. */
export const When = CucumberWhen as Define;
/** Looks, and changes nothing. */
export const Then = CucumberThen as Define;
