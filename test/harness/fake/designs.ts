/** `npm run test:target`: correct filters of other designs than the kit's, which a lab machine must leave in peace as well. */
import { expect } from 'chai';
import { Player } from '../../../src/conformance/player';
import { askedInVain, declining, designs, letsGoInVain } from '../../step-definitions/designs';
import { fakeTarget } from './target';

/** Where designs differ most, and applications do most; from outside nothing can be said but of these. */
const AREAS = ['pause'];
const WITH_PROBE = ['attach', 'detach', 'user-mode-handles'];

describe('Other correct designs on the fake Windows machine', () => {
  for (const probe of [true, false]) {
    const areas = probe ? [...AREAS, ...WITH_PROBE] : AREAS;
    let player: Player;

    before(async () => {
      player = await Player.prepare({ paths: areas.map((area) => `features/${area}`), tags: 'not @exhibit' });
    });

    for (const driver of [...designs, askedInVain, declining, letsGoInVain]) {
      it(`find nothing against ${driver.name}, ${probe ? 'in a white box' : 'seen from outside'}`, async () => {
        const condemned: string[] = [];
        for (const id of player.ids) {
          const { adapter, end } = fakeTarget({ driver, probe, unbound: true });
          const { verdict, reason } = await player.play(id, { adapter, seed: 1, evidence: 'violations' });
          if (verdict === 'fail' || verdict === 'error') condemned.push(`${id}: ${verdict}: ${reason}`);
          const left = await end();
          if (left.length > 0) condemned.push(`${id} leaves: ${left.join('; ')}`);
        }
        expect(condemned).to.deep.equal([]);
      });
    }
  }
});
