import Ajv from 'ajv';
import { expect } from 'chai';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import eventSchema from '../../src/cli/run-events-1.schema.json';
import type { Statement } from '../../src/conformance/statement';
import { lwf, withFolder, type Ended } from './lwf';

const BROKEN = 'registers-without-a-pause-handler';
const RULE = 'REG-05';
const isEvent = new Ajv().compile(eventSchema);

function list(rule: string, expires = '2026-12-31', scenario = ''): string {
  return `schema: waivers/1
waivers:
  - rule: ${rule}
    reason: The handler comes with version 2
    owner: drivers@example.com
    link: https://example.com/issues/812
    expires: ${expires}
${scenario === '' ? '' : `    scenario: ${scenario}\n`}`;
}

/** Runs one rule on a driver and holds it against a list. */
async function held(folder: string, driver: string, text: string, ...more: string[]): Promise<Ended> {
  const file = join(folder, 'waivers.yaml');
  writeFileSync(file, text);
  const args = ['--rule', RULE, '--no-allure', '--out', join(folder, 'out'), '--waivers', file];
  return lwf(['run', '--driver', driver, ...args, '--today', '2026-06-01', ...more]);
}

function report(folder: string, name: string): string {
  return readFileSync(join(folder, 'out', name), 'utf8');
}

describe('lwf run --waivers', () => {
  it('has one line and exit code 2 for a list that is not there', async () => {
    const { code, err } = await lwf(['run', '--rule', RULE, '--waivers', 'none.yaml']);
    expect(err).to.match(/^lwf: Cannot read the list of waivers none\.yaml [^\n]+\n$/);
    expect(code).to.equal(2);
  });

  it('has one line and exit code 2 for a day without a list', async () => {
    const { code, err } = await lwf(['run', '--rule', RULE, '--today', '2026-06-01']);
    expect(err).to.equal('lwf: --today is about waivers, and none are given: add --waivers FILE.\n');
    expect(code).to.equal(2);
  });

  it('calls a known violation waived in every report, and passes in none', () =>
    withFolder(async (folder) => {
      const { code, out, err } = await held(folder, BROKEN, list(RULE));
      expect(code).to.equal(0);
      expect(err, 'progress')
        .to.match(/~ \d+ waived/)
        .and.not.to.match(/fail|pass/);
      expect(out)
        .to.match(/^ +\d+ core rules +~ 1 waived/m)
        .and.to.match(/^ {2}1 waiver in waivers\.yaml, on 2026-06-01\n {2}~ REG-05: used, REG-05 /m)
        .and.to.match(/until 2026-12-31 by drivers@example\.com: The handler comes with version 2/)
        .and.not.to.match(/✗|1 pass/);
      const statement = JSON.parse(report(folder, 'statement.json')) as Statement;
      expect(statement.outcome).to.equal('conforms with waivers');
      expect(statement.reproduce).to.include('--waivers ./waived/waivers.yaml --today 2026-06-01');
      expect(statement.rules.find(({ rule }) => rule === RULE)).to.include({ verdict: 'waived' });
      expect(statement.totals.rules).to.include({ waived: 1, fail: 0, pass: 0 });
      expect(existsSync(join(folder, 'out', 'waived', 'waivers.yaml'))).to.equal(true);
      const page = report(folder, 'index.html');
      expect(page).to.include('id="waivers"');
      const summary = /id="rule-REG-05".*?<\/summary>/s.exec(page)?.[0];
      expect(summary)
        .to.match(/<span class="badge waived"/)
        .and.not.to.match(/badge (fail|pass)/);
      expect(report(folder, 'junit.xml'))
        .to.match(/<skipped message="failed, waived until 2026-12-31 by drivers@example\.com: /)
        .and.to.match(/^<testsuites [^>]*failures="0"/m);
      expect(report(folder, 'messages.ndjson')).to.match(/"body":"waived until 2026-12-31 by drivers@example\.com: /);
      expect(report(folder, 'sarif.json')).to.match(/"kind": "external",\s+"status": "accepted"/);
    }));

  it('fails when the waiver has expired, is for something else, or nothing needs it any more', () =>
    withFolder(async (folder) => {
      const late = await held(folder, BROKEN, list(RULE, '2026-05-31'));
      expect(late.code).to.equal(1);
      expect(late.out)
        .to.match(/^ {2}✗ REG-05: expired, it held until 2026-05-31, and REG-05 /m)
        .and.to.match(/✗ 1 fail/);

      const other = await held(folder, BROKEN, list('PAU-07'));
      expect([other.code, /○ PAU-07: not judged/.test(other.out)]).to.deep.equal([1, true]);

      const mended = await held(folder, 'reference', list(RULE, '2026-12-31', 'A filter driver registers'));
      expect(mended.code).to.equal(1);
      expect(mended.out).to.match(
        /^ {2}✗ REG-05 in A filter driver registers: now passes, its scenario now passes; strike out line 3$/m,
      );
      const given = list(RULE, '2026-12-31', 'A filter driver registers');
      const allowed = await held(folder, 'reference', given, '--allow-stale-waivers');
      expect([allowed.code, /now passes/.test(allowed.out)]).to.deep.equal([0, true]);
    }));

  it('is told by lwf report as well', () =>
    withFolder(async (folder) => {
      await held(folder, BROKEN, list(RULE));
      const waivers = ['--waivers', join(folder, 'waivers.yaml'), '--today', '2026-06-01'];
      const again = join(folder, 'again');
      const { code } = await lwf(['report', join(folder, 'out', 'run.json'), ...waivers, '--out', again]);
      expect(code).to.equal(0);
      expect(readFileSync(join(again, 'index.html'), 'utf8')).to.equal(report(folder, 'index.html'));
    }));

  it('tells machines the outcome', () =>
    withFolder(async (folder) => {
      const { code, out } = await held(folder, BROKEN, list(RULE), '--json');
      const lines = out.trimEnd().split('\n');
      const scenarios = lines.slice(1, -1).map((line) => JSON.parse(line) as { verdict: string });
      expect(scenarios.map(({ verdict }) => verdict))
        .to.include('waived')
        .and.not.to.include('fail');
      for (const scenario of scenarios) expect(isEvent(scenario)).to.equal(true);
      const end = JSON.parse(lines.at(-1) ?? '') as { rules: object; waivers: object[] };
      expect(end).to.include({ event: 'end', outcome: 'conforms with waivers', exitCode: 0 });
      expect(end.rules).to.include({ waived: 1, fail: 0, pass: 0 });
      expect(end.waivers[0]).to.include({ rule: RULE, line: 3, state: 'used', stale: false });
      expect(isEvent(end)).to.equal(true);
      expect(code).to.equal(0);
    }));

  it('holds merged shards against the list as well', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'waivers.yaml');
      writeFileSync(file, list(RULE));
      const shards = ['1/2', '2/2'].map((shard) => ({ shard, out: join(folder, shard.replace('/', '-')) }));
      for (const { shard, out } of shards)
        await lwf(['run', '--driver', BROKEN, '--rule', RULE, '--shard', shard, '--no-allure', '--out', out]);
      const args = ['--waivers', file, '--today', '2026-06-01', '--no-allure', '--out', join(folder, 'out')];
      const { code, out } = await lwf(['merge', ...shards.map((each) => each.out), ...args]);
      expect(out).to.match(/~ REG-05: used/);
      expect(code).to.equal(0);
    }));

  const cases: readonly (readonly [what: string, text: string, more: readonly string[], complaint: RegExp])[] = [
    [
      'a list with faults',
      list('REG-99'),
      [],
      /waivers\.yaml:3:11: there is no rule REG-99; did you mean "REG-\d\d"\?/,
    ],
    ['an empty list', '', [], /waivers\.yaml:1:1: a list of waivers is empty/],
    ['a day that is none', list(RULE), ['--today', '2026-02-30'], /A day is written YYYY-MM-DD/],
  ];
  for (const [what, text, more, complaint] of cases) {
    it(`has one line and exit code 2 for ${what}, before anything is run`, () =>
      withFolder(async (folder) => {
        const { code, out, err } = await held(folder, BROKEN, text, ...more);
        expect(err)
          .to.match(complaint)
          .and.to.match(/^lwf: [^\n]+\n$/);
        expect([code, out, existsSync(join(folder, 'out'))]).to.deep.equal([2, '', false]);
      }));
  }
});
