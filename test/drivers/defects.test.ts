import { expect } from 'chai';
import { registeredDrivers } from '../../adapters/simulator/drivers';
import { coreRules, rule } from '../../src/rules';
import { brokenRules, play } from './play';
import { stimuli } from './stimuli';

const defects = [...registeredDrivers].filter(([, { kind }]) => kind === 'defect');

describe('defective drivers', () => {
  it('there is one for every core rule', () => {
    const broken = new Set(defects.map(([, { breaks }]) => breaks));
    expect(coreRules.map(({ id }) => id).filter((id) => !broken.has(id))).to.deep.equal([]);
  });

  for (const [name, { driver, breaks, explained = {} }] of defects) {
    it(`${name} is caught by ${breaks}`, async () => {
      const script = stimuli[name];
      if (!script) throw new Error(`test/drivers/stimuli.ts has no script for ${name}`);
      const { violations } = await play(driver, script);
      const found = brokenRules(violations);
      expect(found, 'the broken rules').to.include(breaks);
      const unexplained = found.filter((id) => id !== breaks && !(id in explained) && !isUmbrella(id, found));
      expect(unexplained, 'rules that nothing explains').to.deep.equal([]);
    });
  }
});

/** A rule that is broken whenever one of the others is needs no explanation of its own. */
function isUmbrella(id: string, found: readonly string[]): boolean {
  return rule(id).umbrellaOf?.some((other) => found.includes(other)) ?? false;
}
