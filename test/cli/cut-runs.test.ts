import { spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { expect } from 'chai';
import sinon from 'sinon';
import { endWhenInterrupted, watchForInterruption } from '../../src/cli/interruption';
import { readRun, writeReports } from '../../src/cli/reports';
import { CannotJudge } from '../../src/conformance';
import { kitRoot } from '../../src/conformance/kit-root';
import { lwf, withFolder } from './lwf';
import schema from '../../src/cli/run-events-1.schema.json';

const RUN = ['run', '--driver', 'answers-sketch', '--rule', 'PAU-01', '--no-allure'];
const JOURNAL = '.lwf-run.ndjson';

/** Every file below a folder, with its content; when it was made stands in statements alone. */
function contentOf(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length), withoutTime(readFileSync(path, 'utf8'))];
    }),
  );
}

function withoutTime(text: string): string {
  return text.replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?/g, 'TIME');
}

describe('lwf run, cut', function () {
  this.timeout(60_000);

  it('into shards and merged, leaves the files of a whole run', () =>
    withFolder(async (folder) => {
      const at = (name: string): string => join(folder, name);
      await lwf([...RUN, '--out', at('whole')]);
      for (const shard of ['1', '2']) await lwf([...RUN, '--shard', `${shard}/2`, '--out', at(shard)]);
      const before = contentOf(at('1'));
      const refused = await lwf(['merge', at('2'), at('1'), '--no-allure', '--out', at('1')]);
      expect(refused.err).to.match(/^lwf: The whole would replace [^\n]+ with --out\.\n$/);
      expect([refused.code, contentOf(at('1'))]).to.deep.equal([2, before]);
      const { code, out, err } = await lwf(['merge', at('2'), at('1'), '--no-allure', '--out', at('merged')]);
      expect([code, err]).to.deep.equal([0, '']);
      expect(out).to.match(/answers-sketch on simulator, seed 1/);
      expect(contentOf(at('merged'))).to.deep.equal(contentOf(at('whole')));
      expect(Object.keys(contentOf(at('whole'))).some((name) => name.endsWith('.ndjson'))).to.equal(true);
    }));

  it('into shards, says that each is one', () =>
    withFolder(async (folder) => {
      const { out } = await lwf([...RUN, '--shard', '2/2', '--out', folder]);
      expect(out).to.match(/shard 2 of 2: \d+ of \d+ scenarios; `lwf merge` joins the shards/);
    }));

  it('into shards, tells machines that what found nothing broken is not the whole', () =>
    withFolder(async (folder) => {
      const few = ['run', '--rule', 'PAU-01', '--tags', 'not @needs-userModeHandles', '--no-allure', '--json'];
      for (const shard of ['1/2', '99/99']) {
        const { out } = await lwf([...few, '--shard', shard, '--out', folder]);
        expect(JSON.parse(out.trim().split('\n').at(-1) ?? '')).to.include({ outcome: 'incomplete', exitCode: 0 });
      }
    }));

  it('into more shards than scenarios, says that one got none, and takes it as a part of the whole', () =>
    withFolder(async (folder) => {
      const few = ['run', '--rule', 'PAU-01', '--tags', 'not @needs-userModeHandles', '--no-allure'];
      await lwf([...few, '--out', join(folder, 'whole')]);
      const { length } = readRun(join(folder, 'whole', 'run.json')).scenarios;
      const shards = Array.from({ length: length + 1 }, (_, index) => `${index + 1}/${length + 1}`);
      const ended = [];
      for (const shard of shards) ended.push(await lwf([...few, '--shard', shard, '--out', join(folder, shard)]));
      const { code, err } = ended.at(-1) ?? { code: null, err: '' };
      expect(err).to.equal(
        `lwf: shard ${length + 1} of ${length + 1} got none of the ${length} scenarios, and says nothing about the driver: fewer shards would do. \`lwf merge\` needs it all the same.\n`,
      );
      expect(code).to.equal(0);
      expect(ended.filter(({ err: said }) => said.includes('got none'))).to.have.length(1);
      const merged = [
        'merge',
        ...shards.map((shard) => join(folder, shard)),
        '--no-allure',
        '--out',
        join(folder, 'all'),
      ];
      expect((await lwf(merged)).code).to.equal(0);
      expect(contentOf(join(folder, 'all'))).to.deep.equal(contentOf(join(folder, 'whole')));
    }));

  it('by Ctrl-C, says what is missing, leaves earlier results alone, and goes on with --resume', function () {
    // There are no signals to send there.
    if (process.platform === 'win32') this.skip();
    return withFolder(async (folder) => {
      await lwf([...RUN, '--seed', '2', '--out', folder]);
      const earlier = contentOf(folder);
      const args = ['run', '--driver', 'answers-sketch', '--area', 'pause', '--no-allure', '--out', folder];
      const child = spawn(process.execPath, [join(kitRoot, 'bin', 'lwf.js'), ...args]);
      let err = '';
      child.stderr.on('data', (chunk) => {
        err += String(chunk);
        if (err.includes('scenarios') && !child.killed) child.kill('SIGINT');
      });
      const code = await new Promise((resolve) => child.on('close', resolve));
      expect(code).to.equal(2);
      expect(err.trimEnd().split('\n').at(-1)).to.match(
        /^lwf: interrupted after \d+ of \d+ scenarios: \d+ are missing, from features\/\S+ to features\/\S+\. Earlier results in .* are untouched; give the same options and --resume to go on\.$/,
      );
      const { [`/${JOURNAL}`]: journal, ...rest } = contentOf(folder);
      expect(journal).to.include('"journal":1');
      expect(rest).to.deep.equal(earlier);
      const resumed = await lwf([...args, '--resume']);
      expect(resumed.out).to.match(/\d+ scenarios/);
      expect(existsSync(join(folder, JOURNAL))).to.equal(false);
    });
  });

  it('keeps what it found when the reports cannot be written', () =>
    withFolder(async (folder) => {
      mkdirSync(join(folder, 'sarif.json'));
      writeFileSync(join(folder, 'run.json'), 'earlier');
      const failed = await lwf([...RUN, '--out', folder]);
      expect(failed.code).to.equal(2);
      expect(failed.err).to.match(/\nlwf: \S+sarif\.json is a folder, [^\n]+\n$/);
      expect(readFileSync(join(folder, 'run.json'), 'utf8')).to.equal('earlier');
      expect(readdirSync(folder).sort()).to.deep.equal([JOURNAL, 'run.json', 'sarif.json', 'traces']);
    }));
});

describe('lwf run --json', () => {
  it('tells machines what happens, as its schema says, and nothing else', () =>
    withFolder(async (folder) => {
      const { code, out, err } = await lwf([...RUN, '--json', '--out', folder]);
      const events = out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
      const valid = new Ajv({ strict: false }).compile(schema);
      for (const event of events) expect(valid(event), JSON.stringify(valid.errors)).to.equal(true);
      expect(events.map(({ event }) => event)).to.deep.equal([
        'start',
        ...Array.from({ length: events.length - 2 }, () => 'scenario'),
        'end',
      ]);
      expect(events[0]).to.include({ schema: 'run-events/1', finished: 0, total: events.length - 2 });
      expect(events.at(-1)).to.include({ outcome: 'conforms', exitCode: 0, folder });
      expect([code, err]).to.deep.equal([0, '']);
    }));
});

describe('The options of a run that is cut', () => {
  const cases: readonly (readonly [what: string, args: readonly string[], complaint: RegExp])[] = [
    ['a shard that is none', ['run', '--shard', '3/2'], /'--shard <i\/n>' argument '3\/2' is invalid\. .* as in 2\/5/],
    ['the shard 0', ['run', '--shard', '0/2'], /as in 2\/5/],
    ['a shard that a script forgot', ['run', '--shard', ''], /as in 2\/5/],
    ['no workers', ['run', '--workers', '0'], /It is a whole number from 1 to 64/],
    ['too many workers', ['run', '--workers', '1e9'], /It is a whole number from 1 to 64/],
    ['a profile that is none', ['run', '--conformance', 'lax'], /Allowed choices are core, full, strict/],
    ['nothing to merge', ['merge'], /missing required argument 'folders'/],
    ['a folder without results', ['merge', 'src'], /src\/run\.json cannot be read \(there is no such file\)/],
  ];
  for (const [what, args, complaint] of cases) {
    it(`${what}: one line and exit code 2`, async () => {
      const { code, out, err } = await lwf(args);
      expect(err.replaceAll('\\', '/')).to.match(complaint);
      expect(err).to.match(/^lwf: [^\n]+\n$/);
      expect([code, out]).to.deep.equal([2, '']);
    });
  }
});

describe('An interruption', () => {
  it('asks for an end once, and ends at once the second time', () => {
    const exit = sinon.stub();
    const stderr = { write: sinon.stub() };
    const target = Object.assign(new EventEmitter(), { platform: 'linux', exit, stderr }) as unknown as NodeJS.Process;
    const { signal, over } = watchForInterruption(target);
    target.emit('SIGTERM');
    expect([signal.aborted, exit.callCount]).to.deep.equal([true, 0]);
    target.emit('SIGINT');
    expect(exit.args).to.deep.equal([[2]]);
    expect(stderr.write.args.join()).to.match(/^lwf: interrupted again, and ended at once\. [^\n]*\n$/);
    over();
    expect(target.eventNames()).to.deep.equal([]);
  });

  it('of a command that does not watch for it ends it with a word and exit code 2', () => {
    const [exit, said] = [sinon.stub(), sinon.stub()];
    const target = Object.assign(new EventEmitter(), { platform: 'linux', exit }) as unknown as NodeJS.Process;
    const ended = endWhenInterrupted(said, target);
    const { over } = watchForInterruption(target);
    target.emit('SIGINT');
    expect(exit.callCount, 'while a command watches').to.equal(0);
    over();
    target.emit('SIGTERM');
    expect(exit.args).to.deep.equal([[2]]);
    expect(said.args.join()).to.match(/^lwf: interrupted: there is no result[^\n]*\n$/);
    ended();
    expect(target.eventNames(), 'when there is one').to.deep.equal([]);
  });

  it('before the reports are in place leaves what was there', () =>
    withFolder(async (folder) => {
      await lwf([...RUN, '--out', folder]);
      const earlier = contentOf(folder);
      const run = { ...readRun(join(folder, 'run.json')), driver: 'another' };
      const failure: unknown = await writeReports(folder, { run }, undefined, AbortSignal.abort()).catch(
        (reason: unknown) => reason,
      );
      expect(failure)
        .to.be.instanceOf(CannotJudge)
        .with.property('message')
        .that.matches(/^interrupted: /);
      expect(contentOf(folder)).to.deep.equal(earlier);
    }));

  it('comes on Windows by Ctrl-C and Ctrl-Break', () => {
    const target = Object.assign(new EventEmitter(), { platform: 'win32' }) as unknown as NodeJS.Process;
    const { over } = watchForInterruption(target);
    expect(target.eventNames()).to.have.members(['SIGINT', 'SIGBREAK']);
    over();
  });
});
