import { join } from 'node:path';
import { expect } from 'chai';
import { createSimulator } from '../../adapters/simulator';
import { featuresFolder } from '../../src/conformance/kit-root';
import { Player, type PlayedScenario } from '../../src/conformance/player';
import type { SimulatedDriver } from '../../adapters/simulator';
import { askedInVain, declining, designs, letsGoInVain } from './designs';

/** Where designs differ most. */
const AREAS = [
  'attach',
  'restart',
  'cancel',
  'pause',
  'detach',
  'oid/originate.feature',
  'receive',
  'user-mode-handles',
  'questions',
  'sequences/sleep-and-resume.feature',
  'send/pass-through.feature',
  'unload',
];

describe('the specification leaves other correct designs in peace', function () {
  this.timeout(60_000);

  let player: Player;
  before(async () => {
    player = await Player.prepare({ paths: AREAS.map((area) => join(featuresFolder, area)), tags: 'not @exhibit' });
  });

  const judge = (driver: SimulatedDriver): Promise<PlayedScenario[]> =>
    player.playAll({ adapter: createSimulator(driver), seed: 1, evidence: 'violations' });
  const condemned = (scenarios: readonly PlayedScenario[]): string[] =>
    scenarios
      .filter(({ verdict }) => verdict === 'fail' || verdict === 'error')
      .map(({ id, reason }) => `${id}: ${reason}`);

  for (const driver of designs) {
    it(driver.name, async () => {
      const scenarios = await judge(driver);
      expect(condemned(scenarios)).to.deep.equal([]);
      expect(scenarios.some(({ verdict }) => verdict === 'pass')).to.be.true;
    });
  }

  it('a filter that is asked by a profile that does not fit it is held to nothing that it was asked for', async () => {
    const scenarios = await judge(askedInVain);
    expect(condemned(scenarios)).to.deep.equal([]);
    const reasons = scenarios.map(({ reason }) => reason ?? '');
    for (const what of ['send', 'receive', 'oid', 'holdSends', 'sendByTimer']) {
      expect(reasons.some((reason) => reason.startsWith(`asked for "${what}" as the profile says`))).to.equal(
        true,
        what,
      );
    }
  });

  it('a filter that is asked in vain keeps nothing either that it would have had to do something for', async () => {
    const scenarios = await judge(askedInVain);
    for (const name of [
      'All originated receives have come back before the pause',
      'An own OID request has come back before the adapter is disabled',
      'An application asks a paused filter for receives',
    ]) {
      const found = scenarios.find((scenario) => scenario.name === name);
      expect(found?.verdict, name).to.equal('not observed');
      expect(found?.reason, name).to.include('lets the request succeed and does not do it');
    }
  });

  it('a filter that holds what passes, and is asked in vain to let it go, is held to nothing that should come then', async () => {
    const scenarios = await judge(letsGoInVain);
    expect(condemned(scenarios)).to.deep.equal([]);
    for (const what of ['releaseSends', 'releaseReceives', 'synchronousOid'])
      expect(
        scenarios.some(({ reason }) => reason?.startsWith(`asked for "${what}" as the profile says`)),
        what,
      ).to.equal(true);
  });

  it('a filter that declines the adapter is asked nothing', async () => {
    const scenarios = await judge(declining);
    expect(condemned(scenarios)).to.deep.equal([]);
    expect(scenarios.some(({ reason }) => reason?.includes('declines this adapter'))).to.be.true;
  });
});
