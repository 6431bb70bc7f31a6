/**
 * What a network and a machine can do to a scenario, over a real OpenSSH server: `npm run test:link`. Too long for every `npm test`,
 * as somebody has to wait until ssh believes that nobody is there.
 */
import { expect } from 'chai';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sshChannel, type Session, type SessionOptions } from '../../../adapters/harness/controller';
import type { OpenChannel } from '../../../adapters/stdio';
import { kitRoot } from '../../../src/conformance/kit-root';
import { agentIn, changesIn, exitCodeIn, openTestSession } from './agent-folder';
import { playPause } from './machine';
import { Proxy, type Line } from './proxy';
import { useSshd } from './sshd';

const PROGRAM = join(kitRoot, 'test/harness/link/agent-program.ts');
const REGISTER = join(kitRoot, 'register-typescript.js');

describe('the link to a machine, disturbed', () => {
  const sshd = useSshd();
  let folder: string;
  let ends: (() => unknown)[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lwf-agent-'));
    ends = [];
  });
  afterEach(async () => {
    for (const end of ends.reverse()) await end();
    rmSync(folder, { recursive: true, force: true });
  });

  function over(port: number | undefined): OpenChannel {
    const { target } = sshd();
    // The host key is known by the port of the server.
    const words = [process.execPath, '-r', REGISTER, PROGRAM, folder];
    return sshChannel({ ...target, port: port ?? target.port }, words);
  }

  async function proxied(line: Line = {}): Promise<Proxy> {
    const proxy = await Proxy.start(sshd().target.port ?? 22, line);
    sshd().trust(proxy.port);
    ends.push(() => proxy.stop());
    return proxy;
  }

  async function connect(open: OpenChannel, options: Partial<SessionOptions> = {}): Promise<Session> {
    const session = await openTestSession(open, { answerWithin: 30_000, patience: 10_000, ...options });
    ends.push(() => session.end());
    return session;
  }

  const changed = (): readonly string[] => changesIn(folder);

  const exitCode = (): Promise<number> => exitCodeIn(folder);

  it('is slow: 56 kbit/s, and 600 ms there and back', async () => {
    const { port } = await proxied({ rate: 56_000, delay: 300 });
    const session = await connect(over(port));
    const rig = await session.adapter.open({ seed: 1 });
    await rig.load();
    await rig.close();
    expect((await session.observations()).map(({ name }) => name)).to.deep.equal(['load', 'close']);
  });

  it('is a black hole: ssh gives up here, the lease ends there', async () => {
    const proxy = await proxied();
    const session = await connect(over(proxy.port), { lease: 3000, patience: 0 });
    const rig = await session.adapter.open({ seed: 1 });
    await rig.load();
    expect(changed()).to.deep.equal(['load']);
    proxy.swallow();
    const lost = await rig.addAdapter('A').catch((thrown: unknown) => thrown);
    expect(lost).to.have.property('kind', 'lost');
    expect(await exitCode()).to.equal(7);
    expect(changed()).to.deep.equal([]);
  });

  it('is frozen with the agent: the next agent takes the machine, and the frozen one touches nothing', async () => {
    const session = await connect(over(undefined), { lease: 2000, answerWithin: 5000 });
    const rig = await session.adapter.open({ seed: 1 });
    await rig.load();
    const frozen = await agentIn(folder);
    process.kill(frozen, 'SIGSTOP');
    ends.push(() => process.kill(frozen, 'SIGCONT'));
    const late = await rig.addAdapter('A').catch((thrown: unknown) => thrown);
    expect(late).to.have.property('kind', 'timeout');
    await rig.close();
    const next = await session.adapter.open({ seed: 1 });
    expect(changed()).to.deep.equal([]);
    await next.load();
    process.kill(frozen, 'SIGCONT');
    ends.pop();
    expect(await exitCode()).to.equal(9);
    expect(changed()).to.deep.equal(['load']);
    expect(await next.modules()).to.deep.equal([]);
    await next.close();
  });

  it('is taken over by another run, which finds the machine as it was', async () => {
    const session = await connect(over(undefined), { lease: 5000 });
    const rig = await session.adapter.open({ seed: 1 });
    await rig.load();
    expect(changed()).to.deep.equal(['load']);
    const other = await connect(over(undefined), { run: 'run-2', takeover: true });
    expect(changed()).to.deep.equal([]);
    expect(await exitCode()).to.equal(9);
    const lost = await rig.addAdapter('A').catch((thrown: unknown) => thrown);
    expect(lost).to.have.property('kind', 'lost');
    const next = await other.adapter.open({ seed: 1 });
    await next.load();
    expect(changed()).to.deep.equal(['load']);
    await next.close();
  });

  it('is cut at one line after the other of a scenario, and played to the end on the next connection', async () => {
    for (const cutAt of [3, 5, 9, 14]) {
      const proxy = await proxied();
      let lines = 0;
      let armed = true;
      const session = await connect((listener) => {
        const channel = over(proxy.port)(listener);
        return {
          ...channel,
          write: (bytes) => {
            lines += 1;
            channel.write(bytes);
            if (!armed || lines !== cutAt) return;
            armed = false;
            proxy.cut();
          },
        };
      });
      const play = async (): Promise<readonly string[]> => playPause(await session.adapter.open({ seed: 1 }));
      const trace = await play().catch(play);
      expect(trace).to.include('->FilterPause');
      const seen = (await session.observations()).map(({ seq }) => seq);
      expect(seen, `cut at ${cutAt}`).to.deep.equal(seen.map((_, index) => index + 1));
      expect(session.lost).to.equal(0);
      await session.end();
      expect(changed(), `cut at ${cutAt}`).to.deep.equal([]);
      rmSync(join(folder, 'journals'), { recursive: true });
    }
  });
});
