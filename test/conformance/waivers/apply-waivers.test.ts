import { expect } from 'chai';
import type { JudgedScenario } from '../../../src/conformance/results';
import { ruleResults } from '../../../src/conformance/rule-results';
import { applyWaivers, type WaivableRun, type WaivedRun, type Waiver } from '../../../src/conformance/waivers';
import { rules, type Violation } from '../../../src/rules';

const about = rules.filter(({ id }) => ['PAU-07', 'DET-02', 'DET-05'].includes(id));

function broken(rule: string, times = 1): Violation[] {
  return Array.from({ length: times }, (_, at) => ({ rule, reading: 'default', at, witnesses: [at], message: 'so' }));
}

function scenario(id: string, result: Partial<JudgedScenario> = {}): JudgedScenario {
  const name = `Name of ${id}`;
  return { id, rule: 'DET-02', name, tags: [], verdict: 'pass', violations: [], exercised: {}, ...result };
}

function failing(id: string, rule = 'DET-02', times = 1): JudgedScenario {
  return scenario(id, { verdict: 'fail', spoiled: true, violations: broken(rule, times) });
}

function run(...scenarios: JudgedScenario[]): WaivableRun {
  return { scenarios, rules: ruleResults(about, scenarios, new Set(['DET-02', 'DET-05'])) };
}

function waiver(part: Partial<Waiver> = {}): Waiver {
  return { rule: 'DET-02', reason: 'known', owner: 'us', link: 'x', expires: '2026-12-31', line: 3, ...part };
}

interface Given {
  readonly today?: string;
  readonly driverVersion?: string;
}

function apply(
  given: WaivableRun,
  waivers: readonly Waiver[],
  { today = '2026-06-01', driverVersion }: Given = {},
): WaivedRun {
  return applyWaivers(given, { file: 'waivers.yaml', entries: waivers }, { today, driverVersion });
}

function states(applied: WaivedRun): string[] {
  return applied.entries.map(({ state, stale }) => (stale ? `${state}, stale` : state));
}

describe('Waivers', () => {
  it('make a rule waived when they cover all its failures, and say which', () => {
    const applied = apply(run(failing('features/a', 'DET-02', 2), failing('features/b'), scenario('features/c')), [
      waiver(),
    ]);
    expect(applied.verdictOf('DET-02')).to.equal('waived');
    expect(applied.uncovered).to.deep.equal([]);
    expect(applied.waivedBy('DET-02')).to.deep.equal([0]);
    expect(applied.scenarioWaivedBy('features/a')).to.deep.equal([0]);
    expect(applied.entries[0]).to.deep.include({
      state: 'used',
      explanation: 'DET-02 is broken 3 times in 2 scenarios',
      covers: [
        { scenario: 'features/a', violations: 2 },
        { scenario: 'features/b', violations: 1 },
      ],
      stale: false,
    });
  });

  it('leave a rule failed when one of its failures is not covered', () => {
    for (const name of ['features/a', 'Name of features/a']) {
      const applied = apply(run(failing('features/a'), failing('features/b')), [waiver({ scenario: name })]);
      expect(applied.verdictOf('DET-02')).to.equal('fail');
      expect(applied.uncovered.map(({ scenario: id }) => id)).to.deep.equal(['features/b']);
      expect(states(applied)).to.deep.equal(['used']);
      expect([applied.scenarioWaivedBy('features/a'), applied.scenarioWaivedBy('features/b')]).to.deep.equal([[0], []]);
    }
  });

  it('cover a rule broken in a scenario of another, and not that other', () => {
    const unmet = scenario('features/a', { rule: 'DET-05', verdict: 'fail', violations: broken('DET-02') });
    const applied = apply(run(unmet), [waiver()]);
    expect([applied.verdictOf('DET-02'), applied.verdictOf('DET-05')]).to.deep.equal(['waived', 'fail']);
    expect(applied.uncovered).to.deep.equal([
      { rule: 'DET-05', scenario: 'features/a', name: 'Name of features/a', violations: 0 },
    ]);
    expect(applied.scenarioWaivedBy('features/a')).to.deep.equal([]);
  });

  it('cover a scenario that stands under no rule only when they name it', () => {
    const story = scenario('features/a', { rule: undefined, verdict: 'fail', violations: broken('DET-02') });
    expect(apply(run(story), [waiver()]).uncovered).to.deep.equal([
      { scenario: 'features/a', name: 'Name of features/a', violations: 0 },
    ]);
    expect(apply(run(story), [waiver({ scenario: 'features/a' })]).uncovered).to.deep.equal([]);
  });

  it('never turn anything but a failure into a waiver', () => {
    const given = run(
      scenario('features/a'),
      scenario('features/b', { rule: 'DET-05', verdict: 'error', reason: 'the kit broke' }),
    );
    const applied = apply(given, [waiver(), waiver({ rule: 'DET-05' })]);
    expect([applied.verdictOf('DET-02'), applied.verdictOf('DET-05')]).to.deep.equal(['pass', 'error']);
    expect(states(applied)).to.deep.equal(['now passes, stale', 'not judged']);
  });

  it('hold on their last day, and no day longer', () => {
    const given = run(failing('features/a'));
    expect(states(apply(given, [waiver()], { today: '2026-12-31' }))).to.deep.equal(['used']);
    const late = apply(given, [waiver()], { today: '2027-01-01' });
    expect(states(late)).to.deep.equal(['expired']);
    expect(late.verdictOf('DET-02')).to.equal('fail');
    expect(late.entries[0]?.explanation).to.equal(
      'it held until 2026-12-31, and DET-02 is broken once in "Name of features/a"',
    );
    expect(late.entries[0]?.covers).to.deep.equal([]);
  });

  it('are stale once they have expired and nothing needs them', () => {
    const late = { today: '2027-01-01' };
    expect(states(apply(run(scenario('features/a')), [waiver()], late))).to.deep.equal(['expired, stale']);
    const renewed = apply(run(failing('features/a')), [waiver(), waiver({ expires: '2027-12-31' })], late);
    expect(states(renewed)).to.deep.equal(['expired, stale', 'used']);
    expect(renewed.verdictOf('DET-02')).to.equal('waived');
  });

  it('hold for the versions they name, and for no driver without a version', () => {
    const given = run(failing('features/a'));
    const ranged = [waiver({ versions: '>=1.2 <1.4' })];
    expect(states(apply(given, ranged, { driverVersion: '1.3.0.7' }))).to.deep.equal(['used']);
    for (const driverVersion of ['1.4.0.0', 'none', undefined]) {
      const applied = apply(given, ranged, { driverVersion });
      expect(states(applied)).to.deep.equal(['other version']);
      expect(applied.verdictOf('DET-02')).to.equal('fail');
    }
    expect(apply(given, ranged, { driverVersion: '1.4.0.0' }).entries[0]?.explanation).to.equal(
      'it is for versions >=1.2 <1.4, and this driver is 1.4.0.0',
    );
  });

  it('that say most exactly what they are for come first; those left without a failure are unused', () => {
    const both = [waiver(), waiver({ scenario: 'features/a' })];
    expect(states(apply(run(failing('features/a'), failing('features/b')), both))).to.deep.equal(['used', 'used']);
    expect(states(apply(run(failing('features/a'), scenario('features/b')), both.toReversed()))).to.deep.equal([
      'used',
      'unused, stale',
    ]);
    expect(states(apply(run(failing('features/a'), scenario('features/b')), both))).to.deep.equal([
      'unused, stale',
      'used',
    ]);
  });

  it('are unused when the driver cannot break the rule', () => {
    const inapplicable = run(scenario('features/a', { verdict: 'not applicable', reason: 'it sends nothing' }));
    expect(states(apply(inapplicable, [waiver()]))).to.deep.equal(['unused, stale']);
    expect(states(apply(inapplicable, [waiver({ scenario: 'features/a' })]))).to.deep.equal(['unused, stale']);
  });

  it('are not judged by a run that did not look', () => {
    const entries = [waiver({ rule: 'DET-05' }), waiver({ rule: 'PAU-07' }), waiver({ scenario: 'z' })];
    expect(states(apply(run(scenario('features/a')), entries))).to.deep.equal([
      'not judged',
      'not judged',
      'not judged',
    ]);
    const unseen = run(scenario('features/a', { verdict: 'not observed', reason: 'no handle' }));
    expect(states(apply(unseen, [waiver({ scenario: 'features/a' })]))).to.deep.equal(['not judged']);
  });

  it('are not called passing by a run that left scenarios out, unless it played the scenario they name', () => {
    const parts: readonly Partial<WaivableRun>[] = [
      { identity: { selection: { tags: '@smoke' } } },
      { identity: { selection: { rules: ['DET-02'] } } },
      { identity: { selection: { paths: ['features/pause'] } } },
      { missing: ['features/b'] },
      { part: { index: 1, of: 2 } },
    ];
    for (const part of parts) {
      const applied = apply({ ...run(scenario('features/a')), ...part }, [
        waiver(),
        waiver({ scenario: 'features/a' }),
      ]);
      expect(states(applied)).to.deep.equal(['not judged', 'now passes, stale']);
      // What the driver cannot do in these scenarios, and what others cover here, may be needed in those that were left out.
      const inapplicable = run(scenario('features/a', { verdict: 'not applicable' }));
      expect(states(apply({ ...inapplicable, ...part }, [waiver()]))).to.deep.equal(['not judged']);
      const exact = [waiver(), waiver({ scenario: 'features/a' })];
      expect(states(apply({ ...run(failing('features/a')), ...part }, exact))).to.deep.equal(['not judged', 'used']);
    }
  });

  it('do not speak of exhibits, which show other drivers', () => {
    const exhibit = scenario('features/a', { tags: ['@exhibit'], violations: broken('DET-02') });
    expect(states(apply(run(exhibit, scenario('features/b')), [waiver()]))).to.deep.equal(['now passes, stale']);
  });
});
