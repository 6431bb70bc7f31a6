import { expect } from 'chai';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runSpecification } from '../../src/conformance';
import { lwf, withFolder, type Ended } from './lwf';

/** Writes what runs of drivers of the kit found, without the reports, each into a folder of its name. */
async function runs(folder: string, ...drivers: readonly string[]): Promise<string[]> {
  for (const driver of drivers) await write(join(folder, driver), driver, ['PAU-07', 'PAU-11']);
  return drivers.map((driver) => join(folder, driver));
}

async function write(folder: string, driver: string, chosen: readonly string[]): Promise<void> {
  const run = await runSpecification({ driver, seed: 1, rules: chosen, evidence: 'violations' });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'run.json'), JSON.stringify(run));
}

function expectComplaint({ code, out, err }: Ended, pattern: RegExp): void {
  expect(err)
    .to.match(pattern)
    .and.to.match(/^lwf: [^\n]+\n$/);
  expect(out).to.equal('');
  expect(code).to.equal(2);
}

describe('lwf diff', () => {
  it('tells what newly fails and what is fixed, as text, Markdown, page and JSON', () =>
    withFolder(async (folder) => {
      const [good = '', bad = ''] = await runs(folder, 'reference', 'answers-sketch');
      const [markdown, html] = [join(folder, 'd', 'diff.md'), join(folder, 'd', 'diff.html')];
      const worse = await lwf(['diff', good, bad, '--markdown', markdown, '--html', html]);
      expect(worse.code).to.equal(1);
      expect(worse.out)
        .to.match(/^old {2}reference on simulator, seed 1/)
        .and.to.match(/^New failures: \d+$/m)
        .and.to.match(/^ {2}PAU-07 {2}✓ pass → ✗ fail$/m)
        .and.to.match(/The filter originated send n1 at #\d+ although/)
        .and.to.match(/\d+ rules? newly failing, 0 fixed; 189 rules and \d+ scenarios compared\.\n$/);
      expect(readFileSync(markdown, 'utf8')).to.match(/^\| PAU-07 \| ✓ pass \| ✗ fail \| .*The filter originated/m);
      const page = readFileSync(html, 'utf8');
      expect(page)
        .to.match(/^<!doctype html>/)
        .and.to.include('New failures (')
        .and.not.to.match(/<script|https?:\/\//);

      const better = await lwf(['diff', join(bad, 'run.json'), good, '--json']);
      expect(better.code).to.equal(0);
      const data = JSON.parse(better.out) as { schema: string; changes: { rule: string; kind: string }[] };
      expect(data.schema).to.equal('comparison/1');
      expect(data.changes.find(({ rule }) => rule === 'PAU-07')?.kind).to.equal('fixed');
      expect(await lwf(['diff', good, good])).to.include({ code: 0, err: '' });
    }));

  it('lays many results out as a table of versions and rules', () =>
    withFolder(async (folder) => {
      const folders = await runs(folder, 'answers-sketch', 'reference', 'npcap-2016-first-fix');
      const html = join(folder, 'm.html');
      const { code, out } = await lwf(['diff', ...folders, '--html', html]);
      expect(out)
        .to.match(/^RULE +A {2}B {2}C$/m)
        .and.to.match(/^PAU-07 +✗ {2}✓ {2}✗$/m)
        .and.to.match(/Newly failing in the last result: .*PAU-07/);
      expect(code).to.equal(1);
      expect(readFileSync(html, 'utf8')).to.include('npcap-2016-first-fix');
      expect((await lwf(['diff', ...folders, '--json'])).out).to.match(/^\{"schema":"verdict-matrix\/1"/);
    }));

  it('compares what both have, and refuses when that is nothing', () =>
    withFolder(async (folder) => {
      for (const rule of ['PAU-11', 'DET-09']) await write(join(folder, rule), 'reference', [rule]);
      await write(join(folder, 'both'), 'reference', ['PAU-11', 'DET-09']);
      const some = await lwf(['diff', join(folder, 'both'), join(folder, 'PAU-11')]);
      expect(some.code).to.equal(0);
      expect(some.out).to.match(/Only the older result has 1 rule \(1 pass\) and \d+ scenarios?\./);
      const nothing = await lwf(['diff', join(folder, 'PAU-11'), join(folder, 'DET-09'), '--json']);
      expectComplaint(nothing, /have no scenario in common, so nothing can be compared/);
      const two = ['PAU-11', 'PAU-11', 'DET-09'].map((rule) => join(folder, rule));
      expectComplaint(await lwf(['diff', ...two]), /have no scenario in common, so nothing can be compared/);
    }));

  const cases: readonly (readonly [what: string, content: string | undefined, complaint: RegExp])[] = [
    ['that is not there', undefined, /There is no .*old\.json: give a statement\.json/],
    ['that is empty', '', /old\.json is empty/],
    ['that is cut off', '{"schema":"run/1","rules":[', /old\.json is no JSON, or only the beginning of it/],
    [
      'that is something else',
      '{"schema":"kill-matrix/1"}',
      /is of the schema kill-matrix\/1, which cannot be compared/,
    ],
    ['that is a list', '[]', /its content is \[\], and must be an object/],
    ['without rules', '{"schema":"run/1","scenarios":[]}', /is no result that can be compared: /],
    [
      'with another verdict',
      '{"schema":"run/1","scenarios":[{"id":"a","name":"b","verdict":"passed"}]}',
      /scenarios\[0\]\.verdict is "passed", and must be one of: pass, fail/,
    ],
    ['without a digest', '{"schema":"statement/1","scenarios":[],"rules":[]}', /digest is missing, and must be a text/],
  ];
  for (const [what, content, complaint] of cases) {
    it(`has one line and exit code 2 for a result ${what}, and writes nothing`, () =>
      withFolder(async (folder) => {
        const [old, html] = [join(folder, 'old.json'), join(folder, 'x.html')];
        if (content !== undefined) writeFileSync(old, content);
        expectComplaint(await lwf(['diff', old, old, '--html', html]), complaint);
        expect(existsSync(html)).to.equal(false);
      }));
  }

  it('has one line and exit code 2 for a folder without results, and a file that cannot be written', () =>
    withFolder(async (folder) => {
      expectComplaint(await lwf(['diff', folder, folder]), /There is neither statement\.json nor run\.json in/);
      const [good = ''] = await runs(folder, 'reference');
      const taken = join(folder, 'taken.html');
      mkdirSync(taken);
      expectComplaint(
        await lwf(['diff', good, good, '--html', taken]),
        /taken\.html cannot be written \(EISDIR, it is a folder\)/,
      );
    }));
});
