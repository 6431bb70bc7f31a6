import { expect } from 'chai';
import { outcomeOf, runSpecification, type ConformanceProfile, type RunResult } from '../../src/conformance';
import { inProfile } from '../../src/conformance/sum-up';
import { coreRules, rules, type Violation } from '../../src/rules';

const core = coreRules[0]?.id ?? '';
const other = rules.find(({ profile }) => profile === 'full')?.id ?? '';

type Scenario = RunResult['scenarios'][number];

function scenario(given: Partial<Scenario>): Scenario {
  return {
    id: 'features/a.feature:3',
    uri: 'features/a.feature',
    line: 3,
    feature: 'A',
    name: 'one',
    tags: [],
    steps: [],
    verdict: 'pass',
    violations: [],
    strictFindings: [],
    trace: [],
    exercised: {},
    replay: '',
    ...given,
  };
}

function broken(rule: string, reading: Violation['reading'] = 'default', at = 7): Violation {
  return { rule, reading, at, witnesses: [at], message: `${rule} at #${at}` };
}

function outcome(conformance: ConformanceProfile, ...given: Partial<Scenario>[]): string {
  return outcomeOf({ scenarios: given.map(scenario), identity: { conformance } });
}

describe('The outcome of a run', () => {
  it('is what the worst of its scenarios says', () => {
    expect(outcome('full', {})).to.equal('conforms');
    expect(outcome('full', {}, { verdict: 'not observed' })).to.equal('conforms');
    expect(outcome('full', { verdict: 'not applicable' }, { verdict: 'not observed' })).to.equal('could not judge');
    expect(outcome('full', {}, { verdict: 'error' })).to.equal('could not judge');
    expect(outcome('full', { verdict: 'fail' }, { verdict: 'error' })).to.equal('violations');
    const missing = ['features/b.feature:1'];
    expect(outcomeOf({ scenarios: [scenario({})], missing, identity: { conformance: 'full' } })).to.equal('incomplete');
  });

  it('is never that a driver conforms of which nothing was seen to be kept', () => {
    expect(outcome('full')).to.equal('could not judge');
    expect(outcome('full', { verdict: 'not applicable' })).to.equal('could not judge');
    expect(outcome('full', { tags: ['@exhibit'] }), 'it shows another driver').to.equal('could not judge');
    expect(outcome('full', { tags: ['@exhibit'] }, {})).to.equal('conforms');
    expect(outcome('core', { rule: other }), 'no core rule among them').to.equal('could not judge');
    expect(outcome('core', { verdict: 'fail', rule: core, spoiled: true, violations: [broken(other)] })).to.equal(
      'could not judge',
    );
  });

  it('is no better for scenarios without a rule when rules were played and none was observed', () => {
    const unseen = { rule: core, verdict: 'not observed' } as const;
    expect(outcome('full', {}, unseen)).to.equal('could not judge');
    expect(outcome('full', {}, unseen, { rule: other })).to.equal('conforms');
    expect(outcome('core', {}, unseen, { rule: other }), 'no core rule was observed').to.equal('could not judge');
  });

  it('leaves what a shard does not show to the others', () => {
    const part = { index: 5, of: 5, total: 3, plan: '' };
    const identity = { conformance: 'full' } as const;
    expect(outcomeOf({ scenarios: [], part, identity })).to.equal('conforms');
    expect(outcomeOf({ scenarios: [scenario({ verdict: 'error' })], part, identity })).to.equal('could not judge');
  });

  it('counts what judges found before the kit broke', () => {
    const cut = { verdict: 'error', rule: core, violations: [broken(core)] } as const;
    expect(outcome('full', {}, cut)).to.equal('violations');
    expect(outcome('core', {}, cut)).to.equal('violations');
    expect(outcome('core', {}, { ...cut, violations: [broken(other)] })).to.equal('could not judge');
    expect(outcome('full', {}, { ...cut, tags: ['@exhibit'] }), 'it shows another driver').to.equal('could not judge');
  });

  it('is decided by core rules alone in the core profile', () => {
    const full = { verdict: 'fail', rule: other, violations: [broken(other)] } as const;
    expect(outcome('full', {}, full)).to.equal('violations');
    expect(outcome('core', {}, full)).to.equal('conforms');
    expect(outcome('core', {}, { ...full, rule: core, spoiled: true })).to.equal('conforms');
    expect(outcome('core', {}, { ...full, violations: [broken(core)] })).to.equal('violations');
    expect(outcome('core', {}, { verdict: 'fail', rule: core })).to.equal('violations');
    expect(outcome('core', {}, { verdict: 'fail' }), 'a story of no rule').to.equal('violations');
    expect(outcome('core', {}, { verdict: 'error', rule: other })).to.equal('conforms');
  });
});

describe('The strict profile', () => {
  const found = scenario({ rule: core, strictFindings: [broken(other, 'strict', 9), broken(core, 'strict', 3)] });

  it('counts the findings of the stricter readings as violations', () => {
    const counted = inProfile(found, 'strict');
    expect(counted.verdict).to.equal('fail');
    expect(counted.violations.map(({ at }) => at)).to.deep.equal([3, 9]);
    expect(counted.strictFindings).to.deep.equal([]);
    expect(counted.reason).to.equal(`${core} is broken in its strict reading: ${core} at #3`);
    expect(inProfile(found, 'full')).to.equal(found);
  });

  it('leaves a scenario its verdict that failed or broke already, and exhibits alone', () => {
    const failed = inProfile({ ...found, verdict: 'fail', reason: 'it hung' }, 'strict');
    expect([failed.reason, failed.spoiled, failed.violations.length]).to.deep.equal(['it hung', undefined, 2]);
    const exhibit = { ...found, tags: ['@exhibit'] };
    expect(inProfile(exhibit, 'strict')).to.equal(exhibit);
  });

  it('condemns a driver that the others let pass', async () => {
    const options = {
      driver: 'own-oid-without-a-request-handle',
      seed: 1,
      evidence: 'violations',
      rules: ['OO-02'],
    } as const;
    const full = await runSpecification(options);
    const strict = await runSpecification({ ...options, conformance: 'strict' });
    const verdictOn = (run: RunResult): unknown => run.rules.find(({ rule }) => rule === 'OO-02')?.verdict;
    expect([full.identity.conformance, strict.identity.conformance]).to.deep.equal(['full', 'strict']);
    expect(strict.scenarios.some(({ violations }) => violations.some(({ reading }) => reading === 'strict'))).to.equal(
      true,
    );
    expect(verdictOn(strict)).to.equal('fail');
    expect(outcomeOf(strict)).to.equal('violations');
    expect(
      full.scenarios.flatMap(({ violations }) => violations).every(({ reading }) => reading === 'default'),
    ).to.equal(true);
  });
});
