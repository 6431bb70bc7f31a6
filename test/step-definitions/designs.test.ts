import { join } from 'node:path';
import { expect } from 'chai';
import { useAdapter } from '../../adapters/contract';
import { createSimulator } from '../../adapters/simulator';
import { Collector } from '../../src/conformance/collector';
import { runFeatures } from '../../src/conformance/cucumber';
import { featuresFolder } from '../../src/conformance/kit-root';
import { designs } from './designs';

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

  for (const driver of designs) {
    it(driver.name, async () => {
      const collector = new Collector({ replay: () => '' });
      useAdapter(createSimulator(driver));
      await runFeatures({
        paths: AREAS.map((area) => join(featuresFolder, area)),
        tags: 'not @exhibit',
        worldParameters: { seed: 1, evidence: 'violations' },
        onMessage: (envelope) => collector.take(envelope),
      });
      const condemned = collector.scenarios.filter(({ verdict }) => verdict === 'fail' || verdict === 'error');
      expect(condemned.map(({ id, reason }) => `${id}: ${reason}`)).to.deep.equal([]);
      expect(collector.scenarios.some(({ verdict }) => verdict === 'pass')).to.be.true;
    });
  }
});
