import { expect } from 'chai';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runSpecification, type RunResult } from '../../src/conformance';
import { tokenOf } from '../../src/conformance/replay';
import { traceFileOf } from '../../src/conformance/trace-files';
import { lwf, withFolder } from './lwf';

const DRIVER = 'gate-stays-open-after-a-pause-that-succeeds';
const FEATURE = 'features/pause/gate.feature';

describe('lwf replay', () => {
  let run: RunResult;
  let token = '';
  let failedId = '';

  before(async () => {
    run = await runSpecification({ driver: DRIVER, tags: '@PAU-07', seed: 3, evidence: 'full' });
    const failed = run.scenarios.find(({ violations }) => violations.some(({ rule }) => rule === 'PAU-07'));
    if (!failed) throw new Error(`${DRIVER} breaks no PAU-07`);
    failedId = failed.id;
    token = tokenOf(run.identity, failed);
  });

  it('plays the case of a token again: the same failure, exit code 1', async () => {
    const { code, out, err } = await lwf(['replay', token]);
    expect(out)
      .to.include(failedId)
      .and.match(/PAU-07/)
      .and.match(/The same came again: fail, broken: .*PAU-07/);
    expect(err).to.equal('');
    expect(code).to.equal(1);
  });

  it('says that a repaired driver no longer fails: exit code 0', async () => {
    const { code, out, err } = await lwf(['replay', token, '--driver', 'reference']);
    expect(out).to.match(/Another result than the one of the token: fail then, pass now\./);
    expect(err).to.match(
      /note: the token is of the driver "gate-stays-open-after-a-pause-that-succeeds" of the kit, and "reference" is another one/,
    );
    expect(code).to.equal(0);
  });

  it('writes the trace that the run had, byte for byte, and a diagram', () =>
    withFolder(async (folder) => {
      const [trace, svg, txt] = ['t.ndjson', 'd.svg', 'd.txt'].map((name) => join(folder, 'new', name)) as [
        string,
        string,
        string,
      ];
      await lwf(['replay', token, '--trace', trace, '--diagram', svg]);
      await lwf(['replay', token, '--diagram', txt]);
      const both = await lwf(['replay', token, '--trace', txt, '--diagram', txt]);
      expect(both.err).to.match(/^lwf: [^\n]+ would overwrite [^\n]+\n$/);
      expect(both.code).to.equal(2);
      const scenario = run.scenarios.find(({ id }) => id === failedId);
      expect(scenario && readFileSync(trace).equals(traceFileOf(run, scenario).bytes)).to.equal(true);
      expect(readFileSync(svg, 'utf8')).to.match(/^<svg .*sq-broken/s);
      expect(readFileSync(txt, 'utf8')).to.match(/◄ .*PAU-07/);
    }));

  it('says that a driver in TypeScript has no machine code; exit code 2 when nothing else was asked', () =>
    withFolder(async (folder) => {
      const alone = await lwf(['replay', token, '--disassemble']);
      expect(alone.err).to.match(/is no \.sys image: it has no machine code that --disassemble could show/);
      expect(alone.code).to.equal(2);
      const more = await lwf(['replay', token, '--disassemble', '--trace', join(folder, 'trace.ndjson')]);
      expect(more.code).to.equal(1);
    }));

  it('takes a run.json, and the scenario that is named', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'run.json');
      writeFileSync(file, JSON.stringify(run));
      const named = await lwf(['replay', file, '--scenario', failedId]);
      expect(named.out).to.match(/The same came again/);
      expect(named.code).to.equal(1);
      const failures = run.scenarios.filter(({ verdict }) => verdict === 'fail').length;
      const unnamed = await lwf(['replay', file]);
      if (failures > 1) expect(unnamed.err).to.match(/scenarios failed in .*run\.json: name one with --scenario ID/);
      else expect(unnamed.code).to.equal(1);
    }));

  it('takes a statement.json', () =>
    withFolder(async (folder) => {
      const file = join(folder, 'statement.json');
      writeFileSync(
        file,
        JSON.stringify({ schema: 'statement/1', scenarios: [{ id: failedId, verdict: 'fail', replay: token }] }),
      );
      expect(await lwf(['replay', file])).to.include({ code: 1 });
    }));

  describe('complains in one line, with exit code 2', () => {
    const cases: readonly (readonly [what: string, content: string | undefined, args: readonly string[], RegExp])[] = [
      ['of a token cut off', undefined, ['lwf1-abc'], /mistyped or cut off/],
      [
        'of a file that is not there',
        undefined,
        ['FILE'],
        /Cannot read .*there is no such file, and a token begins with lwf1-/,
      ],
      ['of a folder', undefined, ['.'], /is a folder: give its run\.json/],
      ['of an empty file', '', ['FILE'], /it is empty/],
      ['of a file cut off', '{"schema":"run/1","scen', ['FILE'], /it is no JSON, or cut off/],
      ['of other JSON', '[1]', ['FILE'], /neither a run\.json nor a statement\.json/],
      ['of another schema', '{"schema":"check/1"}', ['FILE'], /its schema is "check\/1"/],
      ['of a run without scenarios', '{"schema":"run/1"}', ['FILE'], /has no list "scenarios"/],
      ['of an old run', '{"schema":"run/1","scenarios":[]}', ['FILE'], /does not say what its run was made of/],
      [
        'of a run without failures',
        '{"schema":"run/1","identity":{},"scenarios":[{"id":"features/a.feature:1","verdict":"pass"}]}',
        ['FILE'],
        /Nothing failed in .*--scenario ID/,
      ],
      [
        'of an unknown scenario',
        '{"schema":"statement/1","scenarios":[{"id":"features/a.feature:1","verdict":"pass"}]}',
        ['FILE', '--scenario', 'features/a.feature:2'],
        /has no scenario features\/a\.feature:2\. Did you mean features\/a\.feature:1\?/,
      ],
      [
        'of a statement without the token',
        '{"schema":"statement/1","scenarios":[{"id":"features/a.feature:1","verdict":"fail"}]}',
        ['FILE'],
        /has no token of features\/a\.feature:1/,
      ],
      ['of a diagram of no kind', undefined, ['lwf1-abc', '--diagram', 'x.png'], /has to end in \.svg or \.txt/],
      ['of a token with a scenario', undefined, ['lwf1-abc', '--scenario', FEATURE], /A token names its scenario/],
    ];
    for (const [what, content, args, complaint] of cases) {
      it(what, () =>
        withFolder(async (folder) => {
          const file = join(folder, 'x.json');
          if (content !== undefined) writeFileSync(file, content);
          const { code, out, err } = await lwf(['replay', ...args.map((arg) => (arg === 'FILE' ? file : arg))]);
          expect(err).to.match(complaint);
          expect(err, 'one line').to.match(/^lwf: [^\n]+\n$/);
          expect(out).to.equal('');
          expect(code).to.equal(2);
        }),
      );
    }

    it('of a trace that cannot be written', () =>
      withFolder(async (folder) => {
        writeFileSync(join(folder, 'file'), '');
        const { code, err } = await lwf(['replay', token, '--trace', join(folder, 'file', 'trace.ndjson')]);
        expect(err).to.match(/^lwf: .*trace\.ndjson cannot be written \([A-Z]+\)\. Choose another place for it\.\n$/);
        expect(code).to.equal(2);
        expect(existsSync(join(folder, 'file', 'trace.ndjson.unfinished'))).to.equal(false);
      }));
  });
});
