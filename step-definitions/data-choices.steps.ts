/** What the documentation leaves to the driver: a driver that makes no use of its freedom is not observed, never failed. */
import { expectThat, NotObserved } from './support/expectation';
import { Then } from './support/steps';
import type { Origination } from './support/traffic';
import { trafficOf } from './support/traffic';

function freeTo(sentence: string, kind: Origination['kind']): void {
  Then(sentence, async function (count: number, adapter: string) {
    const lives = (await (await this.rig()).modules()).filter((module) => module.adapter === adapter);
    const modules = new Set<string | undefined>(lives.map(({ module }) => module));
    const { originated } = trafficOf(
      await this.trace(),
      (crossing) => modules.has(crossing.module) && this.isRecent(crossing),
    );
    const found = originated.filter((origination) => origination.kind === kind).length;
    if (found < count)
      throw new NotObserved(`the driver originated ${found} ${kind}s; it may originate ${count}, and need not`);
  });
}

freeTo('the filter was free to originate {count} OID request(s){onAdapter}', 'OID request');
freeTo('the filter was free to originate {count} status indication(s){onAdapter}', 'status indication');

Then('the OID request comes back', async function () {
  const { state } = await this.oidEnd();
  expectThat(state === 'done', 'the OID request to come back, whatever its status', `it is ${state}`);
});
