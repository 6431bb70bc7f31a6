/** A machine that stops at each line of a run, one after the other: `npm run test:link`. */
import { dieAtSteps } from './deaths';

describe('a run on a lab machine that stops', () => {
  it('acquits nobody of the scenario that it dies in, at each step', () => dieAtSteps(1));
});
