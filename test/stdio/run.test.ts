import { expect } from 'chai';
import sinon from 'sinon';
import { RigRefusal } from '../../adapters/contract';
import { connectAdapter, readCommand, startsProcess, type OpenChannel, type StdioAdapter } from '../../adapters/stdio';
import { Player, type PlayedScenario } from '../../src/conformance/player';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { kitRoot } from '../../src/conformance/kit-root';
import { lwf, withFolder } from '../cli/lwf';
import { inMemory, reference, type Defect } from './in-memory';
import { python, PYTHON_ADAPTER, pythonAdapter, transcript } from './transcript';

const SCENARIO = 'features/pause/pends.feature:12';

function connect(channel: OpenChannel, answerWithin = 5000): Promise<StdioAdapter> {
  return connectAdapter({ channel, controller: { name: 'test', version: '1' }, answerWithin, log: () => undefined });
}

async function play(channel: OpenChannel, paths: string[], answerWithin?: number): Promise<PlayedScenario[]> {
  const adapter = await connect(channel, answerWithin);
  try {
    const player = await Player.prepare({ paths, tags: '' });
    return await player.playAll({ adapter, seed: 1, evidence: 'full' });
  } finally {
    await adapter.end();
  }
}

/** Does something wrong when it is asked for a pause, the first time that it is asked at all. */
function onceAtPause(then: (answer: object) => string | undefined): () => Defect {
  let times = 0;
  return () => ({
    answers: (answer, asked) => {
      if (asked?.method !== 'pause' || (times += 1) > 1) return [answer];
      const line = then(answer);
      return line === undefined ? [] : [line];
    },
  });
}

describe('the specification through the protocol', () => {
  it('finds the same, with the same traces, as in this process', async () => {
    const paths = [
      'features/pause/pends.feature',
      'features/sequences/surprise-removal.feature',
      'features/user-mode-handles',
    ];
    const player = await Player.prepare({ paths, tags: '' });
    const here = await player.playAll({ adapter: reference(), seed: 1, evidence: 'full' });
    expect(here.length).to.be.greaterThan(40);
    expect(await play(inMemory(), paths)).to.deep.equal(here);
  });

  const DEATHS: readonly (readonly [string, (answer: object) => string | undefined, string])[] = [
    ['says nothing', () => undefined, 'it did not answer `pause` within 0.2 s'],
    ['prints something', () => 'paused!\n', 'it wrote a line that is no JSON: "paused!"'],
    ['writes half of a line, and no more', () => '{"jsonrpc":', 'it did not answer `pause` within 0.2 s'],
    [
      'writes a line without an end',
      () => 'x'.repeat(2_000_000) + '\n',
      'it wrote a line that is longer than 1048576 bytes: "xxxx',
    ],
    ['answers another request', (answer) => `${JSON.stringify({ ...answer, id: 4711 })}\n`, 'and an answer to request'],
    [
      'answers a verdict',
      (answer) => `${JSON.stringify({ ...answer, result: 'pass' })}\n`,
      'its answer to `pause` is no lwf-adapter/1: it is "pass"',
    ],
  ];
  for (const [what, then, reason] of DEATHS) {
    it(`makes an error of the scenario in which the adapter ${what}, and starts it again for the next`, async () => {
      const [first, second] = await play(
        inMemory(onceAtPause(then)),
        [SCENARIO, 'features/pause/pends.feature:43'],
        200,
      );
      expect(first).to.include({ verdict: 'error' });
      expect(first?.reason).to.include(reason);
      expect(first?.trace).to.not.equal(undefined);
      expect(second).to.include({ verdict: 'pass' });
    });
  }

  it('takes what the adapter cannot do for not observed, and what the driver has not for not applicable', async () => {
    const verdicts: Record<string, string> = {};
    for (const kind of ['', 'notSupported', 'notApplicable', 'notObserved', 'environment', 'timeout', 'lost']) {
      const defect = (): Defect => ({
        answers: (answer, asked) => {
          if (asked?.method !== 'pause') return [answer];
          const error =
            kind === '' ? { code: -32601, message: 'No.' } : { code: -32000, message: 'No.', data: { kind } };
          return [`${JSON.stringify({ jsonrpc: '2.0', id: answer.id, error })}\n`];
        },
      });
      const [played] = await play(inMemory(defect), [SCENARIO]);
      verdicts[kind] = played?.verdict ?? '';
    }
    expect(verdicts).to.deep.equal({
      '': 'not observed',
      notSupported: 'not observed',
      notApplicable: 'not applicable',
      notObserved: 'not observed',
      environment: 'error',
      timeout: 'error',
      lost: 'error',
    });
  });

  it('holds an adapter to the trace that it promised', async () => {
    const refused = (): Defect => ({
      answers: (answer, asked) =>
        asked?.method === 'trace'
          ? [`${JSON.stringify({ jsonrpc: '2.0', id: answer.id, error: { code: -32601, message: 'No.' } })}\n`]
          : [answer],
    });
    const empty = (): Defect => ({
      answers: (answer, asked) => [asked?.method === 'trace' ? { ...answer, result: { crossings: [] } } : answer],
    });
    for (const [defect, complaint] of [
      [refused, 'sees every crossing (exactTrace), and refuses `trace`'],
      [empty, 'sees every crossing (exactTrace), and shows no FilterAttach of m1'],
    ] as const) {
      const played = await play(inMemory(defect), ['features/status/indications.feature']);
      const reasons = played.filter(({ verdict }) => verdict === 'error').map(({ reason = '' }) => reason);
      expect(reasons.some((reason) => reason.includes(complaint))).to.equal(true);
      expect(played.filter(({ verdict }) => verdict === 'pass')).to.deep.equal([]);
    }
  });

  it('refuses crossings that are not trace/1, slips in names, and gaps where every crossing is said to be seen', async () => {
    const told = async (change: (seq: number) => object): Promise<string | undefined> => {
      const defect = (): Defect => ({
        answers: (answer, asked) => {
          if (asked?.method !== 'trace') return [answer];
          const { crossings } = answer.result as { crossings: { seq: number }[] };
          return [
            {
              ...answer,
              result: {
                crossings: crossings.map((crossing) => ({ ...crossing, ...change(crossing.seq) })),
                more: false,
              },
            },
          ];
        },
      });
      return (await play(inMemory(defect), [SCENARIO]))[0]?.reason;
    };
    expect(await told(() => ({ dir: '>' }))).to.include('that is not trace/1: `dir` must be one of');
    expect(await told((seq) => (seq === 5 ? { ddi: 'NdisFSetAttribute' } : {}))).to.include(
      'a crossing (5) with the name `NdisFSetAttribute`, which no rule knows; probably it should be `NdisFSetAttributes`',
    );
    expect(await told((seq) => ({ seq: seq > 5 ? seq + 1 : seq }))).to.include('a gap between crossings 5 and 7');
  });
});

describe('the command line of an adapter', () => {
  const lines: readonly (readonly [string, readonly string[]])[] = [
    ['python3 my_adapter.py', ['python3', 'my_adapter.py']],
    ['  a   b ', ['a', 'b']],
    ['"C:\\Program Files\\x\\a.exe" --in "b c"', ['C:\\Program Files\\x\\a.exe', '--in', 'b c']],
    ['sh -c \'echo "1"\'', ['sh', '-c', 'echo "1"']],
    ['a "say \\"hi\\"" C:\\temp\\', ['a', 'say "hi"', 'C:\\temp\\']],
  ];
  for (const [line, words] of lines) {
    it(`${line} has the words ${JSON.stringify(words)}`, () => {
      const { program, args } = readCommand(line);
      expect([program, ...args]).to.deep.equal(words);
    });
  }

  it('must name a program, and end its quotes', () => {
    expect(() => readCommand('  ')).to.throw(RigRefusal, 'names no program');
    expect(() => readCommand('a "b')).to.throw(RigRefusal, 'A quote in the command does not end');
  });
});

describe('programs as adapters', () => {
  const node = (script: string): OpenChannel => startsProcess({ program: process.execPath, args: ['-e', script] });

  it('that end are told with their last words', async () => {
    const failure = await connect(node('console.error("no licence"); process.exit(3)')).catch(
      (thrown: unknown) => thrown,
    );
    expect(String(failure)).to.include('it ended with exit code 3; its last words: no licence');
  });

  it('that cannot be started are told', async () => {
    const failure = await connect(startsProcess({ program: '', args: [] })).catch((thrown: unknown) => thrown);
    expect(String(failure)).to.include('it could not be started');
    const { code, err } = await lwf(['run', '--adapter', 'stdio', '--command', 'no-such-program-anywhere', SCENARIO]);
    expect(code).to.equal(2);
    expect(err).to.include('there is no program "no-such-program-anywhere"');
  });

  it('need a command, and bring their driver along', async () => {
    expect((await lwf(['run', '--adapter', 'stdio'])).err).to.include('--adapter stdio needs the program');
    expect((await lwf(['run', '--command', 'x', '--driver', 'counting'])).err).to.include(
      'leave --driver and --profile out',
    );
    expect((await lwf(['run', '--adapter', 'simulator', '--command', 'x'])).err).to.include(
      '--command is for --adapter stdio',
    );
  });

  it('may be modules in TypeScript', () =>
    withFolder(async (folder) => {
      const module = join(kitRoot, 'docs', 'examples', 'adapter.ts');
      const run = ['run', '--adapter', module, '--out', folder, '--no-allure', SCENARIO];
      const told = sinon.stub(process.stderr, 'write').returns(true);
      const { code, out } = await lwf(run).finally(() => told.restore());
      expect(told.args.join('')).to.include('pause("A")');
      expect(out).to.include('example on telling simulator');
      expect(code).to.equal(0);
      expect((await lwf([...run, '--driver', 'counting'])).err).to.include('brings its driver along');
    }));
});

describe('the adapter in Python', () => {
  before(function () {
    if (python !== undefined) return;
    console.log('      There is no Python 3 here: the adapter in Python is not tried.');
    this.skip();
  });

  it('is played on as the page about the protocol shows', async () => {
    const page = readFileSync(join(kitRoot, 'docs', 'adapter-protocol.md'), 'utf8');
    const [, shown] = /<!-- transcript -->\s*```text\r?\n([^]*?)```/.exec(page) ?? [];
    expect(shown?.trim().split(/\r?\n/)).to.deep.equal(await transcript(pythonAdapter(), SCENARIO));
  });

  it('speaks the protocol', async () => {
    const { code, out } = await lwf(['adapter-check', python ?? '', PYTHON_ADAPTER]);
    expect(out).to.include('40 ok, 0 wrong, 0 not tried');
    expect(code).to.equal(0);
  });

  it('keeps the rules that it can be asked about', async () => {
    const played = await play(pythonAdapter(), ['features/pause']);
    const count = (verdict: string): number => played.filter((scenario) => scenario.verdict === verdict).length;
    expect(played.filter(({ verdict }) => verdict === 'fail' || verdict === 'error')).to.deep.equal([]);
    expect(count('pass')).to.be.greaterThan(25);
  });
});
