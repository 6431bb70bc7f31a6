import { expect } from 'chai';
import { registeredDrivers } from '../../adapters/simulator/drivers';
import { brokenRules, play } from './play';
import { randomLife } from './random-life';

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8];
const LENGTH = 80;

describe('correct drivers', () => {
  for (const [name, { kind, driver }] of registeredDrivers) {
    if (kind !== 'reference' && kind !== 'correct') continue;
    for (const schedule of ['run-to-block', 'random'] as const) {
      it(`${name} breaks no rule in random lives, ${schedule}`, async () => {
        for (const seed of SEEDS) {
          const { violations, bugcheck, trace } = await play(driver, randomLife(seed, LENGTH), { seed, schedule });
          expect(
            violations.map(({ message }) => message),
            `seed ${seed}`,
          ).to.deep.equal([]);
          expect(bugcheck, `seed ${seed}`).to.equal(undefined);
          expect(
            trace.some(({ dir, ddi }) => dir === '<-' && ddi === 'FilterDriverUnload'),
            `seed ${seed} ends`,
          ).to.equal(true);
        }
      });
    }

    it(`${name} leads the same life twice from the same seed`, async () => {
      const options = { seed: 3, schedule: 'random' } as const;
      const first = await play(driver, randomLife(3, LENGTH), options);
      const second = await play(driver, randomLife(3, LENGTH), options);
      expect(second.trace).to.deep.equal(first.trace);
    });
  }

  it('a defective driver does not survive the same lives', async () => {
    const hasty = registeredDrivers.get('gate-stays-open-after-a-pause-that-succeeds');
    if (!hasty) throw new Error('the kit has no such driver');
    const found = new Set<string>();
    for (const seed of SEEDS) {
      const { violations } = await play(hasty.driver, randomLife(seed, LENGTH), { seed, schedule: 'random' });
      for (const rule of brokenRules(violations)) found.add(rule);
    }
    expect([...found]).to.not.deep.equal([]);
  });
});
