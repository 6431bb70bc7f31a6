import { join } from 'node:path';
import { expect } from 'chai';
import { useAdapter } from '../../adapters/contract';
import { createSimulator } from '../../adapters/simulator';
import { Collector } from '../../src/conformance/collector';
import { runFeatures } from '../../src/conformance/cucumber';
import { featuresFolder } from '../../src/conformance/kit-root';
import type { SimulatedDriver } from '../../adapters/simulator';
import { askedInVain, declining, designs } from './designs';

/** Where designs differ most. */
const AREAS = [
  'attach',
  'restart',
  'pause',
  'detach',
  'oid/originate.feature',
  'receive',
  'user-mode-handles',
  'questions',
  'sequences/sleep-and-resume.feature',
];

describe('the specification leaves other correct designs in peace', function () {
  this.timeout(60_000);

  const judge = async (driver: SimulatedDriver): Promise<Collector> => {
    const collector = new Collector({ replay: () => '' });
    useAdapter(createSimulator(driver));
    await runFeatures({
      paths: AREAS.map((area) => join(featuresFolder, area)),
      tags: 'not @exhibit',
      worldParameters: { seed: 1, evidence: 'violations' },
      onMessage: (envelope) => collector.take(envelope),
    });
    return collector;
  };
  const condemned = ({ scenarios }: Collector): string[] =>
    scenarios
      .filter(({ verdict }) => verdict === 'fail' || verdict === 'error')
      .map(({ id, reason }) => `${id}: ${reason}`);

  for (const driver of designs) {
    it(driver.name, async () => {
      const collector = await judge(driver);
      expect(condemned(collector)).to.deep.equal([]);
      expect(collector.scenarios.some(({ verdict }) => verdict === 'pass')).to.be.true;
    });
  }

  it('a filter that is asked by a profile that does not fit it is held to nothing that it was asked for', async () => {
    const collector = await judge(askedInVain);
    expect(condemned(collector)).to.deep.equal([]);
    const reasons = collector.scenarios.map(({ reason }) => reason ?? '');
    for (const what of ['send', 'receive', 'oid', 'holdSends', 'sendByTimer']) {
      expect(reasons.some((reason) => reason.startsWith(`asked for "${what}" as the profile says`))).to.equal(
        true,
        what,
      );
    }
  });

  it('a filter that declines the adapter is asked nothing', async () => {
    const collector = await judge(declining);
    expect(condemned(collector)).to.deep.equal([]);
    expect(collector.scenarios.some(({ reason }) => reason?.includes('declines this adapter'))).to.be.true;
  });
});
