import { expect } from 'chai';
import type { JudgedScenario } from '../../src/conformance/results';
import { ruleResults } from '../../src/conformance/rule-results';
import { failuresOf } from '../../src/conformance/waivers';
import type { Violation } from '../../src/rules';
import { rules } from '../../src/rules';

const about = rules.filter(({ id }) => id === 'DET-02' || id === 'DET-05');

function scenario(name: string, result: Partial<JudgedScenario>): JudgedScenario {
  return {
    id: `features/${name}`,
    rule: 'DET-02',
    name,
    tags: [],
    verdict: 'pass',
    violations: [],
    exercised: {},
    ...result,
  };
}

function breaking(rule: string): Violation[] {
  return [{ rule, reading: 'default', at: 1, witnesses: [1], message: 'so it was' }];
}

function verdicts(...scenarios: JudgedScenario[]): string[] {
  return ruleResults(about, scenarios, new Set(['DET-02'])).map(({ rule, verdict }) => `${rule} ${verdict}`);
}

describe('The verdict on a rule', () => {
  const spoiled = scenario('spoiled', {
    verdict: 'fail',
    spoiled: true,
    violations: breaking('DET-05'),
    reason: 'DET-05 is broken',
  });

  it('holds a broken rule against that one, and not against the one whose scenario it was seen in', () => {
    expect(verdicts(scenario('good', {}), spoiled)).to.deep.equal(['DET-02 pass', 'DET-05 fail']);
  });

  it('says not observed when all scenarios of a rule were spoiled by others', () => {
    expect(verdicts(spoiled)).to.deep.equal(['DET-02 not observed', 'DET-05 fail']);
  });

  it('is pass when the judges saw the rule kept in a scenario that others spoiled', () => {
    expect(verdicts({ ...spoiled, exercised: { 'DET-02': 1 } })).to.deep.equal(['DET-02 pass', 'DET-05 fail']);
  });

  it('is not decided by scenarios that somebody wrote himself, but by what judges find in them', () => {
    const own = scenario('own', { id: '../own.feature:3', exercised: { 'DET-02': 1 } });
    expect(verdicts(own)).to.deep.equal(['DET-02 not observed', 'DET-05 not specified']);
    const failing = { ...own, verdict: 'fail', violations: breaking('DET-05') } as const;
    expect(verdicts(failing)).to.deep.equal(['DET-02 not observed', 'DET-05 fail']);
    expect(failuresOf([failing]).map(({ rule }) => rule)).to.deep.equal(['DET-05', undefined]);
    expect(verdicts(scenario('good', {}), failing)).to.deep.equal(['DET-02 pass', 'DET-05 fail']);
  });

  it('is fail when the scenario expected something else than it got', () => {
    const unmet = scenario('unmet', { verdict: 'fail', violations: breaking('DET-05') });
    expect(verdicts(scenario('good', {}), unmet)).to.deep.equal(['DET-02 fail', 'DET-05 fail']);
  });
});
