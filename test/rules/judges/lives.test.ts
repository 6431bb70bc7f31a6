import { expect } from 'chai';
import fc from 'fast-check';
import { registeredDrivers } from '../../../adapters/simulator/drivers';
import { randomFrom } from '../../../src/kernel';
import { createJudges, type Violation } from '../../../src/rules';
import type { Crossing } from '../../../src/trace';
import { play } from '../../drivers/play';
import { randomLife } from '../../drivers/random-life';
import { thinnedAnyhow, thinnings, type Thinning } from './thinning';

const SEEDS = [11, 12, 13, 14];
const LENGTH = 60;

interface Life {
  readonly name: string;
  readonly crossings: readonly Crossing[];
}

/** Lives of the drivers that break no rule: everything legal happens, in an order that the seed decides. */
async function correctLives(): Promise<Life[]> {
  const lives: Life[] = [];
  for (const [driverName, { kind, driver }] of registeredDrivers) {
    if (kind !== 'reference' && kind !== 'correct') continue;
    for (const seed of SEEDS) {
      const schedule = seed % 2 === 0 ? 'random' : 'run-to-block';
      const { trace } = await play(driver, randomLife(seed, LENGTH), { seed, schedule });
      lives.push({ name: `${driverName}, seed ${seed}, ${schedule}`, crossings: trace });
    }
  }
  return lives;
}

function condemned(crossings: readonly Crossing[]): readonly Violation[] {
  const judges = createJudges();
  for (const crossing of crossings) judges.see(crossing);
  judges.finish();
  return judges.violations.filter(({ reading }) => reading === 'default');
}

describe('A correct life is acquitted', () => {
  let lives: Life[] = [];
  before(async () => {
    lives = await correctLives();
  });

  const acquitted = (thinning: Thinning, numRuns: number): void => {
    const choice = fc.nat(lives.length - 1);
    fc.assert(
      fc.property(choice, fc.nat(), (index, seed) => {
        const { name, crossings } = lives[index] as Life;
        const violations = condemned(thinning(crossings, randomFrom(seed)));
        expect(
          violations.map(({ rule, message }) => `${rule}: ${message}`),
          name,
        ).to.deep.equal([]);
      }),
      { seed: 1, numRuns },
    );
  };

  it('as it was recorded', () => acquitted((life) => [...life], 2 * lives.length));

  for (const [what, thinning] of Object.entries(thinnings)) it(`with ${what}`, () => acquitted(thinning, 60));

  it('with several of these at once', () => acquitted(thinnedAnyhow, 250));
});
