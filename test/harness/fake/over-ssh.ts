/** `npm run test:target`: `lwf run --target` over a real OpenSSH server, with the agent as it is, on programs that ask the fake machine. */
import { expect } from 'chai';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kitRoot, packageName } from '../../../src/conformance/kit-root';
import type { RunResult } from '../../../src/conformance';
import { lwfProcess } from '../../cli/lwf';
import { useSshd } from '../link/sshd';
import { VENDOR, writePrograms } from './client';
import { Daemon } from './daemon';
import { profileTextOf } from './driver-profile';
import { shipped } from './target';
import { COMPONENT, FakeWindows, SERVICE, UNDER_TEST, type WindowsOptions } from './windows';

/** A start of the machine takes this long. */
const START_MS = 1000;

function ignored(): void {
  // It is the agent's to hear.
}

describe('lwf run --target on the fake Windows machine', () => {
  const sshd = useSshd();
  let folder: string;
  let windows: FakeWindows;
  let daemon: Daemon;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'lwf-fake-'));
  });
  afterEach(() => {
    daemon.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  function start(driver: string, options: Partial<WindowsOptions> = {}): void {
    windows = new FakeWindows({ driver: shipped(driver), probe: true, unbound: true, ...options });
    const socket = join(folder, 'machine');
    daemon = new Daemon(windows, socket);
    const programs = join(folder, 'programs');
    writePrograms(programs, socket);
    mkdirSync(join(programs, 'drivers'));
    writeFileSync(join(programs, 'drivers', 'dut.sys'), `MZ ${driver}`);
    const bin = join(folder, 'node_modules', packageName, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(
      join(bin, 'lwf-agent.js'),
      `const { existsSync, writeFileSync } = require('node:fs');
       const wait = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
       while (existsSync(${JSON.stringify(join(folder, 'down'))})) wait();
       writeFileSync(${JSON.stringify(join(folder, 'agent.pid'))}, String(process.pid));
       process.argv.push('--programs', ${JSON.stringify(programs)});
       require(${JSON.stringify(join(kitRoot, 'bin/lwf-agent.js'))});`,
    );
    windows.listen({ ...{ etw: ignored, watchdog: ignored, lost: ignored }, down: () => goDown() });
    const { host, user, port, identity, knownHosts } = sshd().target;
    const target = {
      target: 'target/1',
      name: 'lab-1',
      ssh: { host, user, port, identity, knownHosts, config: 'none' },
      agent: { folder, node: process.execPath },
      adapter: { name: UNDER_TEST, kind: 'fnmp' },
      driver: { component: COMPONENT, service: SERVICE, profile: 'dut.yaml', probe: windows.isProbed },
      originate: { program: join(programs, VENDOR), arguments: ['{frame}', '{adapter}', '{count}'] },
      limits: { lease: 10, boot: 20, answer: 60 },
    };
    writeFileSync(join(folder, 'lab.yaml'), JSON.stringify(target));
    writeFileSync(join(folder, 'dut.yaml'), profileTextOf(shipped(driver)) ?? '');
  }

  /** The agent goes with the machine, and nobody can start another one until the machine is there again. */
  function goDown(): void {
    writeFileSync(join(folder, 'down'), '');
    const agent = Number(readFileSync(join(folder, 'agent.pid'), 'utf8'));
    process.kill(agent, 'SIGKILL');
    setTimeout(() => {
      windows.reboot();
      rmSync(join(folder, 'down'));
    }, START_MS);
  }

  async function run(...paths: readonly string[]): Promise<{ code: number | null; err: string; result: RunResult }> {
    const out = join(folder, 'out');
    const { code, err } = await lwfProcess([
      ...['run', '--target', join(folder, 'lab.yaml'), '--out', out, '--no-allure', ...paths],
    ]);
    expect(existsSync(join(out, 'run.json')), err).to.equal(true);
    return { code, err, result: JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as RunResult };
  }

  const verdicts = ({ scenarios }: RunResult): readonly string[] => scenarios.map(({ verdict }) => verdict);

  it('finds nothing against the reference filter, and leaves the machine as it was', async () => {
    start('reference');
    const { code, err, result } = await run('features/pause/pends.feature', 'features/pause/completing.feature');
    expect(`${code} ${err}`).to.match(/lab-1: Fake Windows/);
    expect(verdicts(result)).to.include('pass').and.not.include('fail').and.not.include('error');
    const bindings = windows.adapters.get(UNDER_TEST)?.bindings;
    expect([...(bindings ?? [])]).to.deep.equal(
      ['ms_pacer', 'ms_tcpip', 'ms_tcpip6', 'ms_rspndr', 'ms_lltdio', COMPONENT].map((each) => [
        each,
        each !== COMPONENT,
      ]),
    );
    expect(windows.isRunning).to.equal(false);
    expect(windows.session).to.equal(undefined);
  });

  it('goes on when a machine that has stopped is there again, and holds it against nobody whom its log does not name', async () => {
    start('pause-succeeds-and-is-completed-too');
    const { code, err, result } = await run(
      'features/pause/pends.feature:12',
      'features/registration/readiness.feature',
    );
    expect(code).to.equal(2);
    expect(err).to.match(/lab-1 stopped: BUGCODE_NDIS_DRIVER \(0x7C\)[^]*nothing in its log says which driver/);
    expect(verdicts(result)[0]).to.equal('error');
    expect(verdicts(result).slice(1)).to.include('pass').and.not.include('fail').and.not.include('error');
    expect(windows.bugchecks).to.have.lengthOf(1);
    expect(windows.adapters.get(UNDER_TEST)?.bindings.get(COMPONENT)).to.equal(false);
  });

  for (const probe of [true, false]) {
    it(`finds PAU-11 broken by a driver that breaks it, ${probe ? 'built with the probe' : 'seen from outside'}`, async () => {
      start('pause-returns-success-with-sends-out', { probe });
      const { code, result } = await run('features/pause/pends.feature:12', 'features/pause/pends.feature:77');
      expect(code).to.equal(1);
      expect(verdicts(result)).to.deep.equal(['fail', 'fail']);
      expect(result.scenarios.flatMap(({ violations }) => violations.map(({ rule }) => rule))).to.include('PAU-11');
    });
  }
});
