import { expect } from 'chai';
import type { ConformanceProfile } from '../../../src/conformance';
import type { JudgedScenario } from '../../../src/conformance/results';
import { ruleResults } from '../../../src/conformance/rule-results';
import { applyWaivers, waivedOutcome } from '../../../src/conformance/waivers';
import { coreRules, rules, type Violation } from '../../../src/rules';

const core = coreRules[0]?.id ?? '';
const other = rules.find(({ profile }) => profile === 'full')?.id ?? '';

function broken(...ids: string[]): Violation[] {
  return ids.map((rule) => ({ rule, reading: 'default', at: 1, witnesses: [1], message: 'so' }));
}

function scenario(id: string, result: Partial<JudgedScenario> = {}): JudgedScenario {
  return { id, rule: core, name: id, tags: [], verdict: 'pass', violations: [], exercised: {}, ...result };
}

const failing = (...ids: string[]): JudgedScenario =>
  scenario('features/a', { verdict: 'fail', spoiled: true, violations: broken(...ids) });

interface Given {
  readonly conformance?: ConformanceProfile;
  readonly waived: readonly string[];
  /** Of each waiver. */
  readonly expires?: string;
}

function outcome(
  { conformance = 'full', waived, expires = '2026-12-31' }: Given,
  ...scenarios: JudgedScenario[]
): string {
  const entries = waived.map((rule, line) => ({ rule, reason: 'known', owner: 'us', link: 'x', expires, line }));
  const run = { scenarios, rules: ruleResults(rules, scenarios, new Set([core])), identity: { conformance } };
  const applied = applyWaivers(
    { scenarios, rules: run.rules },
    { file: 'waivers.yaml', entries },
    { today: '2026-06-01' },
  );
  return waivedOutcome(run, applied);
}

describe('The outcome of a run with waivers', () => {
  it('is that of the failures that are not waived', () => {
    expect(outcome({ waived: [] }, scenario('features/b'))).to.equal('conforms');
    expect(outcome({ waived: [core] }, failing(core))).to.equal('conforms with waivers');
    expect(outcome({ waived: [core] }, failing(core, other), scenario('features/b'))).to.equal('violations');
    expect(outcome({ waived: [core], expires: '2026-05-31' }, failing(core), scenario('features/b'))).to.equal(
      'violations',
    );
  });

  it('could not be judged where the kit broke, whatever is waived', () => {
    const error = scenario('features/b', { verdict: 'error' });
    expect(outcome({ waived: [core] }, failing(core), error)).to.equal('could not judge');
    expect(outcome({ waived: [core] }, failing(other), error)).to.equal('violations');
    const cut = scenario('features/a', { verdict: 'error', violations: broken(core) });
    expect(outcome({ waived: [] }, cut, scenario('features/b'))).to.equal('violations');
    expect(outcome({ waived: [core] }, cut, scenario('features/b'))).to.equal('could not judge');
  });

  it('needs no waiver for what does not decide in the core profile', () => {
    const conformance = 'core';
    expect(outcome({ conformance, waived: [core] }, failing(core, other), scenario('features/b'))).to.equal(
      'conforms with waivers',
    );
    expect(outcome({ conformance, waived: [other] }, failing(core, other), scenario('features/b'))).to.equal(
      'violations',
    );
    // A step of the scenario of a core rule did not hold, and that is waived.
    const unmet = scenario('features/a', { verdict: 'fail', violations: broken(other) });
    expect(outcome({ conformance, waived: [core] }, unmet, scenario('features/b'))).to.equal('conforms with waivers');
    expect(outcome({ conformance, waived: [other] }, unmet, scenario('features/b'))).to.equal('violations');
  });
});
