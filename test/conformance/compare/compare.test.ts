import { expect } from 'chai';
import { compareRuns, hasNewFailures, verdictMatrix, type Comparison } from '../../../src/conformance/compare';
import type { ComparedRule } from '../../../src/conformance/compare/compared-run';
import type { ShownVerdict } from '../../../src/conformance/results';
import { FACTS, failing, result, rule, scenario } from './results';

function compare(before: ComparedRule, now: ComparedRule): Comparison {
  return compareRuns(result([before]), result([now]));
}

function kinds({ changes }: Comparison): string[] {
  return changes.map((change) => `${change.rule} ${change.kind}`);
}

describe('Comparing two results', () => {
  it('finds nothing in the same twice', () => {
    const same = result([failing('DET-02', 'a:1'), rule('DET-05', 'pass')]);
    const comparison = compareRuns(same, same);
    expect(comparison.changes).to.deep.equal([]);
    expect(comparison.differences).to.deep.equal(['both are of the very same driver file']);
    expect(hasNewFailures(comparison)).to.equal(false);
  });

  const cases: readonly (readonly [before: ShownVerdict, now: ShownVerdict, kind: string, fails: boolean])[] = [
    ['pass', 'fail', 'new failure', true],
    ['not observed', 'fail', 'new failure', true],
    ['waived', 'fail', 'new failure', true],
    ['fail', 'pass', 'fixed', false],
    ['waived', 'pass', 'fixed', false],
    ['fail', 'waived', 'waived', false],
    ['pass', 'waived', 'waived', false],
    ['pass', 'not applicable', 'applicability', false],
    ['not applicable', 'pass', 'applicability', false],
    ['fail', 'not applicable', 'applicability', false],
    ['pass', 'not observed', 'observation', false],
    ['not specified', 'pass', 'observation', false],
    ['pass', 'error', 'error', false],
    ['error', 'pass', 'error', false],
  ];
  for (const [before, now, kind, fails] of cases) {
    it(`calls ${before} → ${now} ${kind}${fails ? ', and says that something newly fails' : ''}`, () => {
      const side = (verdict: ShownVerdict): ComparedRule =>
        verdict === 'fail' ? failing('DET-02', 'a:1') : rule('DET-02', verdict);
      const comparison = compare(side(before), side(now));
      expect(kinds(comparison)).to.deep.equal([`DET-02 ${kind}`]);
      expect(hasNewFailures(comparison)).to.equal(fails);
    });
  }

  it('tells in which scenarios a rule fails that failed before, and takes that for a new failure', () => {
    const comparison = compare(failing('DET-02', 'a:1'), failing('DET-02', 'b:2'));
    expect(comparison.changes[0]).to.deep.include({
      kind: 'failures',
      failsIn: ['Name of b:2'],
      failsNoMoreIn: ['Name of a:1'],
    });
    expect(hasNewFailures(comparison)).to.equal(true);
    const fewer = compare(failing('DET-02', 'a:1', 'b:2'), failing('DET-02', 'a:1'));
    expect([kinds(fewer), hasNewFailures(fewer)]).to.deep.equal([['DET-02 failures'], false]);
  });

  it('tells how often rules were put to the test, where both played the same', () => {
    const [before, now] = [rule('DET-02', 'pass'), rule('DET-02', 'pass', { exercised: 5 })];
    expect(kinds(compare(before, now))).to.deep.equal(['DET-02 counts']);
    const fewer = result([now], { scenarios: [scenario('a:1')] });
    expect(kinds(compareRuns(result([before]), fewer))).to.deep.equal([]);
  });

  it('calls nothing fixed that was not played again', () => {
    const part = result([rule('DET-02', 'pass')], { scenarios: [scenario('b:2')] });
    const comparison = compareRuns(result([failing('DET-02', 'a:1')]), part);
    expect(kinds(comparison)).to.deep.equal(['DET-02 observation']);
    expect(comparison.changes[0]?.note).to.equal('scenarios in which it failed were not played again');
  });

  it('calls fixed what is kept where it was broken, although its own scenarios were not chosen', () => {
    const now = rule('DET-02', 'not observed', { scenarios: [] });
    const before = { ...failing('DET-02', 'a:1'), scenarios: [] };
    expect(kinds(compare(before, now))).to.deep.equal(['DET-02 fixed']);
  });

  it('leaves out rules that one of them did not choose, and lists them', () => {
    const older = result([rule('DET-02', 'pass'), failing('DET-05', 'b:2')]);
    const newer = result([rule('DET-02', 'pass'), rule('DET-05', 'not observed', { scenarios: [] })], {
      scenarios: [scenario('a:1')],
    });
    const comparison = compareRuns(older, newer);
    expect(comparison.changes).to.deep.equal([]);
    expect(comparison.compared).to.deep.equal({ rules: 1, scenarios: 1 });
    expect(comparison.onlyOld.rules).to.deep.equal([{ rule: 'DET-05', verdict: 'fail' }]);
    expect(comparison.onlyOld.scenarios.map(({ id }) => id)).to.deep.equal(['b:2']);
  });

  it('knows scenarios again by file, name and turn when lines of the specification moved', () => {
    const moved = { ...FACTS, specification: { version: '1.1.0', sha256: 'bb' } };
    const name = 'Name of a:1';
    const older = result([failing('DET-02', 'a:1')], { scenarios: [scenario('a:1'), scenario('a:9', { name })] });
    const newer = result([failing('DET-02', 'a:7'), rule('NEW-01', 'fail')], {
      facts: moved,
      scenarios: [scenario('a:7', { name }), scenario('a:15', { name }), scenario('c:1')],
    });
    const comparison = compareRuns(older, newer);
    expect(comparison.changes).to.deep.equal([]);
    expect(comparison.compared).to.deep.equal({ rules: 1, scenarios: 2 });
    expect(comparison.onlyNew.rules).to.deep.equal([{ rule: 'NEW-01', verdict: 'fail' }]);
    expect(comparison.onlyNew.scenarios.map(({ id }) => id)).to.deep.equal(['c:1']);
    expect(comparison.differences[0]).to.match(
      /^other specification: 1\.0\.0 before, 1\.1\.0 now; rules and scenarios/,
    );
  });

  it('tells of scenarios that stand under no rule', () => {
    const story = (verdict: 'pass' | 'fail') =>
      result([rule('DET-02', 'pass')], { scenarios: [scenario('q:1', { rule: undefined, verdict })] });
    const worse = compareRuns(story('pass'), story('fail'));
    expect(worse.stories.map(({ kind }) => kind)).to.deep.equal(['new failure']);
    expect(hasNewFailures(worse)).to.equal(true);
    const better = compareRuns(story('fail'), story('pass'));
    expect([better.stories.map(({ kind }) => kind), hasNewFailures(better)]).to.deep.equal([['fixed'], false]);
  });

  it('takes nothing for new that somebody answers for', () => {
    const story = (verdict: 'pass' | 'fail', waived?: true) =>
      result([rule('DET-02', 'pass')], {
        scenarios: [scenario('q:1', { rule: undefined, verdict, ...(waived && { waived }) })],
      });
    expect(compareRuns(story('pass'), story('fail', true)).stories).to.deep.equal([]);
    expect(compareRuns(story('fail', true), story('fail')).stories.map(({ kind }) => kind)).to.deep.equal([
      'new failure',
    ]);
    expect(compareRuns(story('fail', true), story('pass')).stories.map(({ kind }) => kind)).to.deep.equal(['fixed']);
    const waived = (...failedIn: string[]) => result([rule('DET-02', 'waived', { failedIn })]);
    const more = compareRuns(waived('a:1'), waived('a:1', 'b:2'));
    expect([more.changes[0]?.failsIn, hasNewFailures(more)]).to.deep.equal([['Name of b:2'], false]);
  });

  it('tells of scenarios of one’s own, which are held against no rule', () => {
    const own = (verdict: 'pass' | 'fail') =>
      result([rule('DET-02', 'pass')], { scenarios: [scenario('../own.feature:1', { verdict })] });
    expect(hasNewFailures(compareRuns(own('pass'), own('fail')))).to.equal(true);
  });

  it('tells what else is different, as a reader must know before taking a change for the driver’s', () => {
    const older = result([rule('DET-02', 'pass')], { missing: 3 });
    const facts = { ...FACTS, adapter: 'simulator', seed: 2, selection: 'rules DET-02', engine: undefined };
    const newer = result([rule('DET-02', 'pass')], { part: '2 of 5', facts });
    const said = compareRuns(older, newer).differences.join('\n');
    expect(said)
      .to.include('other adapter: emulator before, simulator now; what one can see')
      .and.to.include('other seed: 1 before, 2 now')
      .and.to.include('other selection: everything before, rules DET-02 now; only what both played')
      .and.to.include('older result lacks 3 planned scenarios')
      .and.to.include('newer result is only part 2 of 5');
  });

  it('tells which waivers appeared and which are gone', () => {
    const waiver = { rule: 'DET-02', reason: 'known', owner: 'us', expires: '2026-12-31', state: 'used' };
    const other = { ...waiver, scenario: 'a:1' };
    const { waivers } = compareRuns(
      result([rule('DET-02', 'pass')], { waivers: [waiver] }),
      result([rule('DET-02', 'pass')], { waivers: [{ ...waiver, expires: '2027-01-01' }, other] }),
    );
    expect(waivers).to.deep.equal({ appeared: [other], gone: [] });
  });
});

describe('A matrix of versions and rules', () => {
  const version = (driverVersion: string, ...rules: ComparedRule[]) =>
    result(rules, { source: driverVersion, facts: { ...FACTS, driverVersion, driverSha256: driverVersion } });

  it('shows the rules that fail or change, and what the last newly fails', () => {
    const matrix = verdictMatrix([
      version('1.0', rule('DET-02', 'pass'), failing('DET-05', 'a:1'), rule('PAU-07', 'pass')),
      version('1.1', failing('DET-02', 'a:1'), rule('DET-05', 'pass'), rule('PAU-07', 'pass')),
      version('1.2', failing('DET-02', 'a:1'), failing('DET-05', 'a:1'), rule('PAU-07', 'pass')),
    ]);
    expect(matrix.runs.map(({ label }) => label)).to.deep.equal(['1.0', '1.1', '1.2']);
    expect(matrix.rows).to.deep.equal([
      { rule: 'DET-02', verdicts: ['pass', 'fail', 'fail'] },
      { rule: 'DET-05', verdicts: ['fail', 'pass', 'fail'] },
    ]);
    expect(matrix.agreed).to.equal(1);
    expect(matrix.newFailures).to.deep.equal(['DET-02', 'DET-05']);
  });

  it('takes nothing for new that always failed, or is mended', () => {
    const matrix = verdictMatrix([
      version('1.0', rule('DET-02', 'pass'), failing('DET-05', 'a:1')),
      version('1.1', failing('DET-02', 'a:1'), failing('DET-05', 'a:1')),
      version('1.2', rule('DET-02', 'pass'), failing('DET-05', 'a:1')),
    ]);
    expect(matrix.newFailures).to.deep.equal([]);
  });
});
