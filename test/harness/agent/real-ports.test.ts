import { expect } from 'chai';
import { RigRefusal } from '../../../adapters/contract';
import { JsonProcess, type JsonProgram } from '../../../adapters/harness/agent/ports/real/json-process';
import { realHelper } from '../../../adapters/harness/agent/ports/real/helper';
import { realOriginate } from '../../../adapters/harness/agent/ports/real/originate';
import { realPrograms } from '../../../adapters/harness/agent/ports/real/programs';
import { HELPER_SHAPES, requireShape, SHELL_SHAPES } from '../../../adapters/harness/agent/ports/real/shapes';
import { realClock } from '../../../adapters/harness/protocol';
import type { ChannelListener } from '../../../adapters/stdio';
import { FakeClock } from '../link/fake-clock';

const PATIENCE = 1000;

/** A program that says what the test has it say. */
class Program {
  readonly clock = new FakeClock();
  readonly written: string[] = [];
  readonly heard: unknown[] = [];
  readonly deaths: string[] = [];
  garbled = 0;
  starts = 0;
  killed = 0;
  private listener: ChannelListener | undefined;
  readonly process: JsonProcess;

  constructor(more: Partial<JsonProgram> = {}) {
    this.process = new JsonProcess({
      name: 'lwfio',
      ready: 'lwfio/1',
      clock: this.clock,
      patience: PATIENCE,
      open: (listener) => {
        this.listener = listener;
        this.starts += 1;
        return {
          write: (line) => void this.written.push(String(line)),
          end: () => this.listener?.closed('ended with exit code 0'),
          kill: () => void (this.killed += 1),
        };
      },
      heard: (message) => void this.heard.push(message),
      garbled: () => void (this.garbled += 1),
      died: (why) => void this.deaths.push(why),
      ...more,
    });
  }

  says(text: string): void {
    this.listener?.bytes(Buffer.from(`${text}\n`));
  }

  ends(how: string, lastWords = ''): void {
    this.listener?.log(lastWords);
    this.listener?.closed(how);
  }
}

async function refused(asked: Promise<unknown>): Promise<string> {
  try {
    return `answered: ${JSON.stringify(await asked)}`;
  } catch (failure) {
    if (failure instanceof RigRefusal) return `${failure.kind}: ${failure.message}`;
    throw failure;
  }
}

describe('a program that answers in JSON', () => {
  it('is asked when it is ready, and its answers find their way in any order', async () => {
    const program = new Program();
    const one = program.process.request({ op: 'info' });
    const other = program.process.request({ op: 'etw.flush' });
    expect(program.written).to.deep.equal([]);
    program.says('{"ready":"lwfio/1"}');
    expect(program.written).to.deep.equal(['{"id":1,"op":"info"}\n', '{"id":2,"op":"etw.flush"}\n']);
    program.says('{"id":2,"answer":{"t":"7"}}');
    program.says('{"event":"etw","params":{}}');
    program.says('{"id":1,"error":"no such luck"}');
    expect(await other).to.deep.equal({ t: '7' });
    expect(await refused(one)).to.equal('environment: lwfio: no such luck');
    expect(program.heard).to.deep.equal([{ event: 'etw', params: {} }]);
  });

  it('may say what is no message, and that is told; a program that says nothing else is given up', async () => {
    const program = new Program();
    const asked = program.process.request({ op: 'info' });
    program.says('Windows PowerShell');
    program.says('{"ready":"lwfio/1"}');
    program.says('{"id":7,"answer":{}}');
    program.says('x'.repeat(2 ** 21));
    program.says('"text"');
    expect(program.garbled).to.equal(4);
    expect(program.killed).to.equal(0);
    for (let line = 0; line < 100; line += 1) program.says('{');
    expect(await refused(asked)).to.equal('environment: lwfio says a line that is no message: "{".');
    expect(program.killed).to.equal(1);
  });

  it('has a time to get ready and to answer in, and is ended when that is over', async () => {
    const silent = new Program();
    const first = refused(silent.process.request({ op: 'info' }));
    await silent.clock.pass(PATIENCE);
    expect(await first).to.equal('timeout: lwfio did not become ready.');
    const deaf = new Program();
    const second = refused(deaf.process.request({ op: 'info' }));
    deaf.says('{"ready":"lwfio/1"}');
    await deaf.clock.pass(PATIENCE);
    expect(await second).to.equal('timeout: lwfio did not answer.');
    expect([silent.killed, deaf.killed]).to.deep.equal([1, 1]);
    expect(deaf.deaths).to.deep.equal(['lwfio did not answer.']);
  });

  it('is told from one of another version', async () => {
    const program = new Program();
    const asked = refused(program.process.request({ op: 'info' }));
    program.says('{"ready":"lwfio/2"}');
    expect(await asked).to.equal('environment: lwfio is of another version (lwfio/2 instead of lwfio/1).');
  });

  it('is started again after it has died, and not after it was ended', async () => {
    const program = new Program();
    const asked = refused(program.process.request({ op: 'info' }));
    program.says('{"ready":"lwfio/1"}');
    program.ends('ended with exit code 3', 'out of memory');
    expect(await asked).to.equal('lost: lwfio ended with exit code 3; its last words: out of memory.');
    const again = program.process.request({ op: 'info' });
    program.says('{"ready":"lwfio/1"}');
    program.says('{"id":2,"answer":{}}');
    expect(await again).to.deep.equal({});
    program.process.close();
    expect(program.deaths).to.have.length(1);
    expect(await refused(program.process.request({ op: 'info' }))).to.equal('lost: lwfio has been ended.');
    expect(program.starts).to.equal(2);
  });
});

describe('an answer of a program', () => {
  it('is refused when it is not what it must be', async () => {
    const shape = (answer: unknown): Promise<string> =>
      refused((async () => requireShape('lwfio', 'fnmp.held', answer, HELPER_SHAPES['fnmp.held']))());
    expect(await shape({ frames: [], t: '1' })).to.match(/^answered/);
    const wrong = 'environment: lwfio answers fnmp.held with something else than it should:';
    expect(await shape({ frames: [1], t: '1' })).to.equal(`${wrong} frames.`);
    expect(await shape({ frames: [], t: 'noon' })).to.equal(`${wrong} t.`);
    expect(await shape(null)).to.equal(`${wrong} the whole of it.`);
    expect(() => requireShape('PowerShell', 'GetAdapter', { adapter: null }, SHELL_SHAPES.GetAdapter)).not.to.throw();
  });
});

describe('programs of the machine', () => {
  const programs = realPrograms({ pathOf: () => process.execPath, clock: realClock, patience: 10_000 });

  it('get their arguments as they are, and tell how they ended', async () => {
    const script = 'console.log(process.argv.slice(1).join("|")); console.error("!"); process.exitCode = 3';
    expect(await programs.run('netcfg', ['-e', script, '--', 'a b', '"&calc', '%PATH%'])).to.deep.equal({
      code: 3,
      stdout: 'a b|"&calc|%PATH%\n',
      stderr: '!\n',
    });
  });

  it('are missing, with words', async () => {
    const missing = realPrograms({ pathOf: () => '/no/such/sc', clock: realClock, patience: 10_000 });
    expect(await refused(missing.run('sc', []))).to.match(/^environment: sc could not be run: .*ENOENT/);
    const helper = realHelper({ program: '/no/such/lwfio', clock: realClock, patience: 10_000 });
    expect(await refused(helper.request('info', {}))).to.match(
      /^lost: lwfio could not be started: there is no program/,
    );
  });

  it('of the vendor get what they are to send in place of whole arguments', async () => {
    const script = 'process.exitCode = process.argv.slice(1).join() === "--count,2,Ethernet 2" ? 0 : 1';
    const words = ['-e', script, '--', '--count', '{count}', '{adapter}'];
    const originate = realOriginate({ program: process.execPath, arguments: words });
    expect(originate.takesFrames).to.equal(false);
    const sending = { count: 2, seq: 1, frame: '00', adapter: 'Ethernet 2', guid: '{}' };
    expect(await originate.start(sending).ended).to.equal(0);
    const endless = realOriginate({ program: process.execPath, arguments: ['-e', 'setInterval(() => {}, 1000)'] });
    const sent = endless.start(sending);
    sent.stop();
    expect(await sent.ended).to.equal(-1);
    const nobody = realOriginate({ program: '/no/such/send', arguments: ['{frame}'] });
    expect(nobody.takesFrames).to.equal(true);
    expect(await refused(nobody.start(sending).ended)).to.match(/^environment: The originate command could not be/);
    expect(() => realOriginate({ program: 'send', arguments: ['--count={count}'] })).to.throw(/--count=\{count\}/);
  });
});
