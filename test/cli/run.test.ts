import { expect } from 'chai';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { KillMatrix, RunResult } from '../../src/conformance';
import { kitRoot } from '../../src/conformance/kit-root';
import { lwf, withFolder } from './lwf';

/** A driver as somebody would write it who has never seen the inside of the kit. */
const OWN_DRIVER = `
import type { Call } from 'ndis-lwf-spec/simulator';
import { ReferenceFilter, simulate } from 'ndis-lwf-spec/simulator';

class NeverPends extends ReferenceFilter {
  override *waitForUsers(): Call<void> {}
}
export const driver = simulate('my-own', NeverPends);
`;

function readJson<T>(...path: string[]): T {
  return JSON.parse(readFileSync(join(...path), 'utf8')) as T;
}

describe('lwf run', () => {
  it('judges the reference filter and ends with the address of the report', () =>
    withFolder(async (folder) => {
      const { code, out, err } = await lwf(['run', '--rule', 'PAU-11', '--no-allure', '--out', folder]);
      const page = join(folder, 'index.html');
      expect(out.trimEnd().split('\n').slice(-2)).to.deep.equal([
        pathToFileURL(page).href,
        `statement: ${join(folder, 'statement.json')}`,
      ]);
      expect(out).to.match(/reference on simulator, seed 1\n +\d+ scenarios +✓ \d+ pass\n/);
      expect(err, 'progress').to.match(/^\d+\/\d+ scenarios {2}✓ \d+ pass\n/);
      expect(code).to.equal(0);
      for (const name of ['index.html', 'run.json', 'cucumber.html', 'junit.xml', 'messages.ndjson']) {
        expect(existsSync(join(folder, name)), name).to.equal(true);
      }
      const run = readJson<RunResult>(folder, 'run.json');
      expect(new Set(run.scenarios.map(({ rule }) => rule))).to.deep.equal(new Set(['PAU-11']));
      const verdicts = new Map(run.rules.map(({ rule, verdict }) => [rule, verdict]));
      expect(verdicts.get('PAU-11')).to.equal('pass');
      expect(verdicts.get('PAU-01'), 'specified, but not selected').to.equal('not observed');
    }));

  it('tells of a broken rule the rule, the crossings and the command that plays it again', () =>
    withFolder(async (folder) => {
      const args = ['run', '--driver', 'answers-sketch', '--rule', 'PAU-07', '--no-allure', '--out', folder];
      const { code, out } = await lwf(args);
      expect(out)
        .to.match(/^✗ fail {2}\S/m)
        .and.to.match(/^ {2}PAU-07 \S/m);
      expect(out).to.match(/^ {4}✗ #\d+ /m);
      expect(out).to.match(/Play it again: npx lwf run --driver answers-sketch --seed 1 features\/\S+\.feature:\d+\n/);
      expect(out).not.to.match(/^ +at .*\.ts:\d+/m);
      expect(code).to.equal(1);
    }));

  it('runs a driver in TypeScript from anywhere, which imports the kit by its name', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'my-driver.ts');
      writeFileSync(file, OWN_DRIVER);
      const { out } = await lwf(['run', '--driver', file, '--rule', 'DET-09', '--no-allure', '--out', folder]);
      expect(out).to.match(/my-own on simulator/);
    }));

  it('prints commands that a shell takes as they were given, for a driver whose path has a space', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'my driver.ts');
      writeFileSync(file, OWN_DRIVER);
      await lwf(['run', '--driver', file, '--rule', 'DET-09', '--no-allure', '--out', folder]);
      const [first] = readJson<RunResult>(folder, 'run.json').scenarios;
      expect(first?.replay).to.include(`lwf run --driver "${file}" --seed 1 features/`);
    }));

  it('leaves files of others alone, where its own would replace them, and says so before it plays', () =>
    withFolder(async (folder) => {
      const run = ['run', '--rule', 'PAU-11', '--no-allure', '--out', folder];
      for (const [of, name] of [
        ['traces', 'mine.ndjson'],
        ['waived', 'note.txt'],
        ['allure-results', 'result.json'],
      ] as const) {
        const file = join(folder, of, name);
        mkdirSync(join(folder, of));
        writeFileSync(file, 'mine');
        const { code, out, err } = await lwf(run);
        expect(err).to.match(
          /^lwf: [^\n]+ holds files that no run left there, [^\n]+ with --out, or move them away\.\n$/,
        );
        expect([code, out]).to.deep.equal([2, '']);
        expect(readFileSync(file, 'utf8')).to.equal('mine');
        expect(readdirSync(folder)).to.deep.equal([of]);
        rmSync(join(folder, of), { recursive: true });
      }
      expect((await lwf(run)).code).to.equal(0);
      const { code } = await lwf(['run', '--rule', 'PAU-01', '--no-allure', '--out', folder]);
      expect(code, 'its own are replaced').to.equal(0);
    }));

  it('runs one scenario by its line', () =>
    withFolder(async (folder) => {
      await lwf(['run', '--rule', 'PAU-11', '--no-allure', '--out', folder]);
      const [first] = readJson<RunResult>(folder, 'run.json').scenarios;
      const { out } = await lwf(['run', first?.id ?? '', '--no-allure', '--out', folder]);
      expect(out).to.match(/ 1 scenarios +✓ 1 pass\n/);
    }));

  it('writes the same results again, byte for byte', () =>
    withFolder(async (folder) => {
      const args = ['run', '--area', 'detach', '--no-allure', '--out'];
      await lwf([...args, join(folder, '1')]);
      await lwf([...args, join(folder, '2')]);
      const [first, second] = ['1', '2'].map((name) => readFileSync(join(folder, name, 'run.json'), 'utf8'));
      expect(first === second).to.equal(true);
    }));
});

describe('lwf matrix and lwf report', () => {
  it('show which rule catches a defect, on the terminal and in the living documentation', () =>
    withFolder(async (folder) => {
      const name = 'registers-without-a-pause-handler';
      const json = join(folder, 'kill-matrix.json');
      const { out } = await lwf(['matrix', '--driver', name, '--json', json]);
      expect(out).to.match(new RegExp(`^REG-05 +killed +${name}`, 'm'));
      expect(out).to.match(/1 of 84 core rules proven by 1 defective driver;/);
      expect(readJson<KillMatrix>(json).rows.map(({ driver }) => driver)).to.deep.equal([name]);

      await lwf(['run', '--rule', 'REG-05', '--no-allure', '--out', folder]);
      const reports = join(folder, 'again');
      const again = await lwf(['report', join(folder, 'run.json'), '--matrix', json, '--out', reports]);
      expect(again).to.deep.equal({ code: 0, out: `${pathToFileURL(join(reports, 'index.html')).href}\n`, err: '' });
      expect(readFileSync(join(reports, 'index.html'), 'utf8')).to.include(name);
    }));

  for (const [what, content, complaint] of [
    ['that is not there', undefined, /run\.json cannot be read \(there is no such file\); `lwf run` writes one\./],
    ['that is not JSON', 'hello', /run\.json cannot be read \(.*\); `lwf run` writes one\./],
    [
      'that is something else',
      '{"schema":"kill-matrix/1"}',
      /run\.json is not of the schema run\/1; `lwf run` writes one\./,
    ],
  ] as const) {
    it(`has one line and exit code 2 for a run ${what}`, () =>
      withFolder(async (folder) => {
        const file = join(folder, 'run.json');
        if (content !== undefined) writeFileSync(file, content);
        const { code, out, err } = await lwf(['report', file, '--out', folder]);
        expect(err)
          .to.match(/^lwf: [^\n]+\n$/)
          .and.to.match(complaint);
        expect(out).to.equal('');
        expect(code).to.equal(2);
      }));
  }
});

describe('The end of lwf run', () => {
  it('is no verdict where nothing applies to the driver, and says so', () =>
    withFolder(async (folder) => {
      const module = join(folder, 'shy.js');
      writeFileSync(
        module,
        `const { ReferenceFilter, simulate } = require('ndis-lwf-spec/simulator');
const { profile, ...shy } = simulate('shy', ReferenceFilter);
exports.driver = { ...shy, profile: { ...profile, capabilities: [], requests: {} } };
`,
      );
      const args = ['--driver', module, '--rule', 'OO-02', '--no-allure', '--out', join(folder, 'out')];
      const { code, out, err } = await lwf(['run', ...args]);
      expect(err).to.match(/^lwf: no verdict: of what was chosen, no rule applies to this driver[^\n]*\n$/m);
      expect(out).to.match(/\d+ scenarios +– \d+ not applicable$/m);
      expect(code).to.equal(2);
    }));
});

describe('lwf explore', () => {
  it('finds nothing in the reference filter', async () => {
    const { code, out } = await lwf(['explore', '--runs', '20']);
    expect(out).to.match(/^\d+ histories with seed 1: reference breaks no rule in any of them\.\n$/);
    expect(code).to.equal(0);
  });

  it('plays on a program, and names the driver that it brings', async () => {
    const command = `"${process.execPath}" "${join(kitRoot, 'bin', 'lwf.js')}" serve`;
    const { code, out } = await lwf(['explore', '--runs', '1', '--command', command]);
    expect(out).to.equal('1 histories with seed 1: reference breaks no rule in any of them.\n');
    expect(code).to.equal(0);
  });

  it('tells the shortest life that breaks a rule as a scenario, and plays it again', async () => {
    const found = await lwf(['explore', '--driver', 'npcap-2016-first-fix', '--runs', '50']);
    expect(found.out).to.match(/^ {2}Scenario: A life of npcap-2016-first-fix\n {4}Given /m);
    expect(found.out).to.match(/^ {4}(Then|And) rule [A-Z]+-\d+ is broken$/m);
    expect(found.code).to.equal(1);
    const replay = /--replay '(\S+)'/.exec(found.out)?.[1] ?? '';
    const again = await lwf(['explore', '--driver', 'npcap-2016-first-fix', '--replay', replay]);
    const scenario = (text: string): string => text.slice(text.indexOf('Scenario:'), text.indexOf('Play it again'));
    expect(scenario(again.out)).to.equal(scenario(found.out));
  });

  it('does not say of a driver that never attached that it breaks no rule', async () => {
    const args = ['explore', '--driver', 'registers-without-a-pause-handler', '--rule', 'CAN-01', '--runs', '5'];
    const { code, out, err } = await lwf(args);
    expect(err).to.match(/^lwf: registers-without-a-pause-handler attached to no adapter in any history[^\n]*\n$/);
    expect({ code, out }).to.deep.equal({ code: 2, out: '' });
  });

  it('has one line and exit code 2 for a replay that it did not print', async () => {
    const { code, err } = await lwf(['explore', '--replay', 'nonsense']);
    expect(err).to.match(/^lwf: [^\n]*SEED\/PATH\/COMMANDS[^\n]*\n$/);
    expect(code).to.equal(2);
  });
});
