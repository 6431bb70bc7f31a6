/** Where the system stopped: the name that a driver author has in his dump. */
import { OBSERVATION } from '../src/trace';
import { expectThat } from './support/expectation';
import { Then } from './support/steps';

Then('the system stops with {bugcheck} in {ddi}', async function (name: string, ddi: string) {
  const trace = await this.trace();
  const stop = trace.find((crossing) => crossing.ddi === OBSERVATION.Bugcheck);
  const call = trace.findLast(
    ({ dir, seq, thread }) => dir === '=>' && thread === stop?.thread && seq < (stop?.seq ?? 0),
  );
  expectThat(
    stop?.args?.['name'] === name && call?.ddi === ddi,
    `the system to stop with ${name} in ${ddi}`,
    stop ? `it stopped with ${String(stop.args?.['name'])} in ${call?.ddi ?? 'no call'}` : 'it runs',
    [call, stop].filter((crossing) => crossing !== undefined),
  );
  this.verdicts.expectBugcheck();
});
