/**
 * Random legal life histories: the correct designs are never condemned, every seeded defect is found, and what finds it is
 * told as a scenario. The seed is LWF_SEED (default 1); `lwf explore` plays a find again.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { registeredDrivers } from '../../adapters/simulator/drivers';
import { openAdapter } from '../../src/conformance/adapters';
import { explore, findAsScenario, type Find } from '../../src/conformance/generative';
import { kitRoot } from '../../src/conformance/kit-root';

const SEED = Number(process.env['LWF_SEED'] ?? 1);
const CORRECT_HISTORIES = 1000;
/** Enough for each of them at seed 1; a defect that needs more wants a better stimulus, not more luck. */
const DEFECT_HISTORIES = 3000;

const drivers = [...registeredDrivers];

describe(`random life histories (seed ${SEED})`, function () {
  this.timeout(0);

  describe('correct drivers', () => {
    for (const [name] of drivers.filter(([, { kind }]) => kind === 'reference' || kind === 'correct')) {
      it(`${name} is not condemned in ${CORRECT_HISTORIES} histories`, async () => {
        const { find, histories } = await explore({
          adapter: openAdapter({ driver: name }),
          seed: SEED,
          runs: CORRECT_HISTORIES,
        });
        expect(find && findAsScenario(find, name), told(find)).to.equal(undefined);
        expect(histories).to.equal(CORRECT_HISTORIES);
      });
    }
  });

  describe('defective drivers', () => {
    const found: string[] = [];

    for (const [name, driver] of drivers.filter(([, { kind }]) => kind === 'defect')) {
      it(`${name} is found by ${driver.breaks ?? ''}`, async () => {
        const { find } = await explore({
          adapter: openAdapter({ driver: name }),
          seed: SEED,
          runs: DEFECT_HISTORIES,
          rules: [driver.breaks ?? ''],
        });
        expect(find, `no history of ${DEFECT_HISTORIES} (seed ${SEED}) breaks ${driver.breaks ?? ''}`).not.to.equal(
          undefined,
        );
        if (find)
          found.push(`  # ${find.violations[0]?.message ?? ''}\n  # ${told(find)}\n${findAsScenario(find, name)}\n`);
      });
    }

    after(() => {
      const folder = join(kitRoot, 'reports');
      mkdirSync(folder, { recursive: true });
      const feature = `Feature: The shortest history found for each defective driver\n  Made by random histories, seed ${SEED}.\n\n${found.join('\n')}`;
      writeFileSync(join(folder, 'minimal-histories.feature'), feature);
    });
  });

  it('a find is the same history when it is played again', async () => {
    const adapter = openAdapter({ driver: 'pause-returns-success-with-sends-out' });
    const first = await explore({ adapter, seed: SEED, runs: DEFECT_HISTORIES, rules: ['PAU-11'] });
    const again = await explore({ adapter, seed: 0, runs: 1, rules: ['PAU-11'], replay: first.find?.replay });
    expect(again.find?.sentences).to.deep.equal(first.find?.sentences);
    expect(again.find?.violations).to.deep.equal(first.find?.violations);
  });
});

function told(find: Find | undefined): string {
  if (!find) return '';
  const { seed, path, commands } = find.replay;
  return `seed ${seed}, path ${path}, commands ${commands}, after ${find.after} histories`;
}
