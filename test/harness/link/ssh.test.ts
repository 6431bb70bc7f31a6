import { expect } from 'chai';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sshChannel, withoutNoise, type Session, type SessionOptions } from '../../../adapters/harness/controller';
import type { SshTarget } from '../../../adapters/harness/target';
import { startsProcess, type OpenChannel } from '../../../adapters/stdio';
import { kitRoot } from '../../../src/conformance/kit-root';
import { agentIn, changesIn, exitCodeIn, openTestSession } from './agent-folder';
import { playPause } from './machine';
import { startSshd, type Sshd } from './sshd';

const PROGRAM = join(kitRoot, 'test/harness/link/agent-program.ts');
const REGISTER = join(kitRoot, 'register-typescript.js');

describe('the link to a machine', () => {
  let sshd: Sshd | undefined;
  let folder: string;
  let sessions: Session[];

  before(async () => {
    sshd = await startSshd();
    if (!sshd) process.stdout.write('    skipped: no OpenSSH server starts here; the agent is a plain child process\n');
  });
  after(() => sshd?.stop());
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lwf-agent-'));
    sessions = [];
  });
  afterEach(async () => {
    await Promise.all(sessions.map((session) => session.end()));
    rmSync(folder, { recursive: true, force: true });
  });

  /** Over ssh where there is a server. */
  function channel(...more: readonly string[]): OpenChannel {
    const args = ['-r', REGISTER, PROGRAM, folder, ...more];
    if (sshd) return sshChannel(sshd.target, [process.execPath, ...args]);
    return (listener) => startsProcess({ program: process.execPath, args })(withoutNoise(listener));
  }

  async function connect(open: OpenChannel, options: Partial<SessionOptions> = {}): Promise<Session> {
    const session = await openTestSession(open, options);
    sessions.push(session);
    return session;
  }

  const changed = (): readonly string[] => changesIn(folder);
  /** @returns the process id of the agent that made the first of the changes */
  const exitCode = (): Promise<number> => exitCodeIn(folder);

  async function refusal(open: OpenChannel, options: Partial<SessionOptions> = {}): Promise<string> {
    const failure = await connect(open, options).catch((thrown: unknown) => thrown);
    return failure instanceof Error ? failure.message : 'connected';
  }

  it('plays a scenario past what a login shell says, finds a killed agent again, and brings files over', async () => {
    let said = '';
    const session = await connect(channel('noise'), { log: (text) => (said += text) });
    expect(said).to.match(/Welcome to lab-1\r?\n/);
    expect(session.machine.boot).to.equal('boot-1');
    const trace = await playPause(await session.adapter.open({ seed: 1 }));
    expect(trace).to.include('->FilterPause');
    const seen = [...(await session.observations())];

    const rig = await session.adapter.open({ seed: 1 });
    await rig.load();
    process.kill(await agentIn(folder), 'SIGKILL');
    const lost = await rig.addAdapter('A').catch((thrown: unknown) => thrown);
    expect(lost).to.have.property('kind', 'lost');
    await rig.close();
    expect(changed()).to.include('load');

    // The machine is another boot by now.
    writeFileSync(join(folder, 'boot-2'), '');
    await (await session.adapter.open({ seed: 1 })).close();
    expect(changed()).to.deep.equal([]);
    expect(session.machine.boot).to.equal('boot-2');
    expect(session.left.flatMap(({ undone }) => undone)).to.include('load taken back');
    seen.push(...(await session.observations()));
    const numbers = seen.map(({ boot, seq }) => `${boot} ${seq}`);
    expect(new Set(numbers).size).to.equal(numbers.length);
    expect(session.lost).to.equal(0);
    expect(seen.filter(({ boot }) => boot === 'boot-1').at(-1)?.name).to.equal('load');

    const dump = Buffer.alloc(500_000, 'dump');
    writeFileSync(join(folder, 'memory.dmp'), dump);
    const { files } = await session.collect(join(folder, 'collected'));
    expect(files.map(({ name, bytes }) => `${name} ${bytes}`)).to.deep.equal(['dumps/MEMORY.DMP 500000']);
    expect(readFileSync(join(folder, 'collected/dumps/MEMORY.DMP')).equals(dump)).to.equal(true);
    await session.end();
    expect(await exitCode()).to.equal(0);
  });

  it('is refused to a second run, and leaves the machine as it was when its connection is cut', async () => {
    let cut: () => void = () => undefined;
    const session = await connect((listener) => {
      const opened = channel()(listener);
      cut = () => opened.kill();
      return opened;
    });
    const rig = await session.adapter.open({ seed: 1 });
    await rig.load();
    expect(changed()).to.deep.equal(['load']);
    expect(await refusal(channel(), { run: 'run-2' })).to.match(/in use by run run-1/);
    rmSync(join(folder, 'exit-code'), { force: true });
    cut();
    if (!sshd) return;
    expect(await exitCode()).to.equal(0);
    expect(changed()).to.deep.equal([]);
  });

  it('is refused with words where keys, host keys or the agent are not as they must be', async function () {
    if (!sshd) this.skip();
    const { target, strangeKey, changedHosts, noHosts } = sshd;
    const via = (change: Partial<SshTarget>, word = process.execPath): OpenChannel =>
      sshChannel({ ...target, ...change }, [word, '--version']);
    const said = await Promise.all([
      refusal(via({ identity: strangeKey })),
      refusal(via({ knownHosts: changedHosts })),
      refusal(via({ knownHosts: noHosts })),
      refusal(via({}, '/nowhere/node')),
    ]);
    expect(said[0]).to.match(/does not accept the key/);
    expect(said[1]).to.match(/another host key than known_hosts says/);
    expect(said[2]).to.match(/not in known_hosts/);
    expect(said[3]).to.match(/exit code 127 \(is the agent installed/);
  });
});
