import { expect } from 'chai';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  hopeless,
  machineCommand,
  openSession,
  remoteCommand,
  revive,
  sshArguments,
  withoutNoise,
  type MachineOptions,
  type Session,
} from '../../../adapters/harness/controller';
import { HARNESS, fileNameFault, realClock } from '../../../adapters/harness/protocol';
import type { MachineCommands } from '../../../adapters/harness/target';
import { inMemory, type Message } from '../../stdio/in-memory';
import { FakeClock } from './fake-clock';
import { facts } from './machine';

type Answers = Readonly<Record<string, (asked: Message) => object>>;

/** A machine that says what it should not. */
async function hostile(answers: Answers, clock = new FakeClock()): Promise<Session> {
  const channel = inMemory(() => ({
    answers: (answer, asked) => {
      const { method = '' } = asked ?? {};
      const extension = { [HARNESS]: { ...facts(), agent: '1' } };
      if (method === 'hello') return [{ ...answer, result: { ...(answer.result as object), extensions: extension } }];
      const result = asked && answers[method]?.(asked);
      if (result) return [{ jsonrpc: '2.0', id: answer.id, result } as Message];
      if (method === 'events')
        return [{ jsonrpc: '2.0', id: answer.id, result: { events: [], more: false, lost: 0 } } as Message];
      return [answer];
    },
  }));
  return openSession({
    channel,
    clock,
    controller: { name: 'test', version: '1' },
    run: 'run-1',
    lease: 15_000,
    answerWithin: 5_000,
    patience: 0,
    mostEvents: 50,
    mostEventBytes: 10_000,
    log: () => undefined,
  });
}

async function refusal(work: Promise<unknown>): Promise<string> {
  const failure = await work.catch((thrown: unknown) => thrown);
  expect(failure).to.have.property('kind', 'environment');
  return (failure as Error).message;
}

describe('the way over ssh', () => {
  it('is explained by what ssh says, and not by what the machine says', () => {
    const none = 'it could not be started: there is no program "ssh"';
    expect(hopeless(`The adapter failed (asked for \`hello\`): ${none}`)).to.equal('install the OpenSSH client');
    expect(hopeless(`The adapter failed: it ended; its last words: lwf-agent: ${none}`)).to.equal(undefined);
  });

  const words = ['C:\\Program Files\\nodejs\\node.exe', 'C:\\lwf\\agent.js', '--folder', 'C:\\lwf'];

  it('is fixed where a configuration could weaken it, and the host is never an option', () => {
    const args = sshArguments({ host: 'lab-1', user: 'lwf', port: 2222, knownHosts: '/k h' }, words);
    for (const fixed of [
      'BatchMode=yes',
      'StrictHostKeyChecking=yes',
      'PasswordAuthentication=no',
      'KnownHostsCommand=none',
      'ServerAliveInterval=2',
    ])
      expect(args[args.indexOf(fixed) - 1], fixed).to.equal('-o');
    expect(args).to.include('UserKnownHostsFile="/k h"');
    expect(args).to.include('ServerAliveCountMax=2');
    // A machine that may sleep for 20 s is quiet for a minute.
    const patient = sshArguments({ host: 'lab-1' }, words, 20_000);
    expect(patient).to.include.members(['ServerAliveInterval=2', 'ServerAliveCountMax=30']);
    expect(args[0]).to.equal('-T');
    expect(args.slice(-3)).to.deep.equal(['--', 'lab-1', remoteCommand(words)]);
  });

  it('has a command of plain words only', () => {
    expect(remoteCommand(words)).to.equal(
      '"C:\\Program Files\\nodejs\\node.exe" "C:\\lwf\\agent.js" --folder "C:\\lwf"',
    );
    for (const word of [
      'a"b',
      '$HOME',
      '`id`',
      '%PATH%',
      'a&b',
      'a|b',
      'a;b\n',
      '!x',
      "it's",
      'C:\\',
      '',
      '>x',
      '^x',
      '*',
    ])
      expect(() => remoteCommand([word]), word).to.throw(TypeError);
  });

  it('passes over what a shell says, wherever it is cut, up to a limit', () => {
    const message = '{"jsonrpc":"2.0","id":1}\n';
    const text = Buffer.from(`Welcome\r\n{ to lab-1 }\n\ufeff${message}${message}`);
    for (let cut = 0; cut <= text.length; cut += 1) {
      let said = '';
      let logged = '';
      const listener = withoutNoise({
        bytes: (b) => (said += Buffer.from(b).toString()),
        log: (t) => (logged += t),
        closed: () => undefined,
      });
      listener.bytes(text.subarray(0, cut));
      listener.bytes(text.subarray(cut));
      expect(said, String(cut)).to.equal(`\ufeff${message}${message}`);
      expect(logged).to.equal('Welcome\r\n{ to lab-1 }\n');
    }
    let bytes = 0;
    let logged = 0;
    const endless = withoutNoise({
      bytes: (b) => (bytes += b.length),
      log: (t) => (logged += t.length),
      closed: () => undefined,
    });
    for (let count = 0; count < 100; count += 1) endless.bytes(Buffer.alloc(1000, 'x'));
    expect(bytes).to.equal(100_000);
    for (let count = 0; count < 3000; count += 1) endless.log('x'.repeat(1000));
    expect(logged).to.be.lessThan(1_100_000);
  });
});

describe('a machine that is not to be trusted', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'lwf-hostile-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const event = (boot: string, seq: number): object => ({ boot, seq, t: '1', source: 'agent', name: 'x' });
  const tells = (...events: readonly object[]): Answers => ({ events: () => ({ events, more: false, lost: 0 }) });

  it('writes no file but below the new folder', async () => {
    const names = [
      '../up',
      '/etc/passwd',
      'C:\\x',
      'a/../../b',
      'NUL',
      'aux.txt',
      'x.',
      '.hidden',
      'a//b',
      'ok',
      'OK',
      'ok/in',
      'a/b/c/d/e',
      '\u0000',
    ];
    for (const name of names.slice(0, 9)) expect(fileNameFault(name), name).to.not.equal(undefined);
    const session = await hostile({
      collect: () => ({ files: names.map((name) => ({ name, bytes: 3, time: 'now' })) }),
      file: () => ({ base64: Buffer.from('abc').toString('base64') }),
    });
    const collected = await session.collect(join(folder, 'new'));
    expect(collected.files.map(({ name }) => name)).to.deep.equal(['ok']);
    expect(collected.left).to.have.length(names.length - 1);
    expect(readdirSync(folder)).to.deep.equal(['new']);
    expect(readdirSync(join(folder, 'new'))).to.deep.equal(['ok']);
    expect(await refusal(session.collect(join(folder, 'new')))).to.match(/cannot be written/);
    await session.end();
  });

  it('hands over no more than it said, no more files and no more bytes than wanted, and no endless nothing', async () => {
    const files = [1, 2, 3].map((number) => ({ name: `f${number}`, bytes: 2, time: 'now' }));
    const piece = (text: string): Answers => ({
      collect: () => ({ files }),
      file: () => ({ base64: Buffer.from(text).toString('base64') }),
    });
    const limited = await hostile(piece('ab'));
    const few = await limited.collect(join(folder, '1'), { limits: { files: 2, bytes: 100 } });
    expect([few.files.length, few.left.length]).to.deep.equal([2, 1]);
    const small = await limited.collect(join(folder, '2'), { limits: { files: 9, bytes: 4 } });
    expect([small.files.length, small.left.length]).to.deep.equal([2, 1]);
    await limited.end();
    for (const text of ['abc', '']) {
      const session = await hostile(piece(text));
      expect(await refusal(session.collect(join(folder, `of ${text}`)))).to.match(
        /something else than the 2 bytes of f1/,
      );
      await session.end();
    }
  });

  it('is believed no observation twice, none of a boot that is over, and none beyond the limit; gaps are counted', async () => {
    const wrong: readonly (readonly [Answers, RegExp])[] = [
      [tells(event('b1', 1), event('b1', 1)), /observation 1 of boot b1 a second time/],
      [tells(event('b1', 1), event('b2', 1), event('b1', 2)), /observation 2 of boot b1 a second time/],
      [tells(...Array.from({ length: 51 }, (_, index) => event('b1', index + 1))), /more than 50 observations/],
      [{ events: () => ({ events: [], more: true, lost: 0 }) }, /says that there are more/],
      [
        tells({ ...event('b1', 1), args: { long: 'x'.repeat(10_000) } }),
        /observations of more than 10000 bytes at once/,
      ],
    ];
    for (const [answers, message] of wrong) expect(await refusal(hostile(answers))).to.match(message);
    const session = await hostile(tells(event('b1', 2), event('b1', 5), event('b2', 1)));
    expect(session.lost).to.equal(3);
    await session.end();
  });

  it('is told every third of the lease that somebody is there, and no longer when it is gone', async () => {
    const clock = new FakeClock();
    const lines: string[] = [];
    const open = inMemory(() => ({
      reads: (bytes) => (lines.push(bytes.toString()), bytes),
      answers: (answer, asked) => {
        const extensions = { [HARNESS]: { ...facts(), agent: '1' } };
        if (asked?.method === 'hello') return [{ ...answer, result: { ...(answer.result as object), extensions } }];
        const result = { events: [], more: false, lost: 0 };
        return asked?.method === 'events' ? [{ jsonrpc: '2.0', id: answer.id, result } as Message] : [answer];
      },
    }));
    const session = await openSession({
      ...{ channel: open, clock, controller: { name: 'test', version: '1' }, run: 'r', lease: 15_000 },
      ...{ answerWithin: 5_000, patience: 0, log: () => undefined },
    });
    const leases = (): number => lines.filter((line) => line.includes('"lease"}')).length;
    await clock.pass(15_000);
    expect(leases()).to.equal(3);
    await session.end();
    await clock.pass(60_000);
    expect(leases()).to.equal(3);
  });
});

describe("the lab's commands", () => {
  const node = (code: string): readonly string[] => [process.execPath, '-e', code];
  const options = (commands: Partial<MachineCommands>, more: Partial<MachineOptions> = {}): MachineOptions => ({
    commands: { snapshot: node(''), revert: node(''), powerOn: node(''), powerOff: node(''), ...commands },
    clock: realClock,
    limit: 30_000,
    log: () => undefined,
    ...more,
  });

  it('are run without a shell, and tell by their exit code and last words how they went', async () => {
    const file = join(tmpdir(), `lwf-machine-${process.pid}`);
    const failure = machineCommand(
      'powerOn',
      options({ powerOn: node('console.error("no such VM"); process.exitCode = 3') }),
    );
    expect(await refusal(failure)).to.match(/powerOn .* ended with exit code 3; its last words: no such VM/);
    expect(await refusal(machineCommand('revert', options({ revert: ['/nowhere/x'] })))).to.match(
      /could not be started/,
    );
    await revive(options({ powerOff: ['/nowhere/x', '&&', 'touch', file] }));
    expect(existsSync(file)).to.equal(false);
  });

  it('are ended when they take too long', async () => {
    const clock = new FakeClock();
    const failed = machineCommand('revert', options({ revert: node('setInterval(() => 0, 1000)') }, { clock })).catch(
      (thrown: unknown) => thrown,
    );
    await clock.pass(30_000);
    expect(await failed).to.have.property('kind', 'timeout');
  });
});
