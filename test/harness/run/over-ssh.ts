/** `lwf run --target` as a process, over a real OpenSSH server: `npm run test:link`. */
import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kitRoot, packageName } from '../../../src/conformance/kit-root';
import type { RunResult } from '../../../src/conformance';
import type { Statement } from '../../../src/conformance/statement';
import { lwfProcess, type Ended } from '../../cli/lwf';
import { agentIn, changesIn, exitCodeIn } from '../link/agent-folder';
import { useSshd } from '../link/sshd';
import { labFolder } from './lab';

const FEATURE = 'features/pause/completing.feature';

describe('lwf run --target', () => {
  const sshd = useSshd();
  let folder: string;
  let machine: string;

  beforeEach(() => {
    machine = mkdtempSync(join(tmpdir(), 'lwf-machine-'));
    const bin = join(machine, 'node_modules', packageName, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(
      join(bin, 'lwf-agent.js'),
      `process.argv.splice(2, 2, ${JSON.stringify(machine)});
       require(${JSON.stringify(join(kitRoot, 'register-typescript'))});
       require(${JSON.stringify(join(kitRoot, 'test/harness/link/agent-program.ts'))});`,
    );
    folder = labFolder(target());
  });
  afterEach(() => {
    rmSync(machine, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });

  function target(knownHosts = sshd().target.knownHosts): string {
    const { host, user, port, identity } = sshd().target;
    return JSON.stringify({
      target: 'target/1',
      name: 'lab-1',
      ssh: { host, user, port, identity, knownHosts, config: 'none' },
      agent: { folder: machine, node: process.execPath },
      adapter: { name: 'Ethernet 2', kind: 'fnmp' },
      driver: { component: 'ms_mine', service: 'mine', profile: 'mine.yaml', probe: true },
      limits: { lease: 5, boot: 20, answer: 30 },
    });
  }

  const args = (...more: readonly string[]): readonly string[] => [
    ...['run', '--target', join(folder, 'lab.yaml'), '--out', join(folder, 'out'), '--no-allure', ...more, FEATURE],
  ];
  const run = (...more: readonly string[]): Promise<Ended> => lwfProcess(args(...more));
  const json = <T>(name: string): T => JSON.parse(readFileSync(join(folder, 'out', name), 'utf8')) as T;

  /** Resolves when the machine has been changed so often. */
  function changes(times: number): Promise<void> {
    mkdirSync(join(machine, 'changed'), { recursive: true });
    return new Promise((resolve) => {
      let seen = 0;
      const watcher = watch(join(machine, 'changed'), () => {
        seen += 1;
        if (seen < times) return;
        watcher.close();
        resolve();
      });
    });
  }

  it('leaves results that say on which machine they were found, and the machine as it was', async () => {
    const { code, out, err } = await run();
    expect(`${code} ${err}`).to.match(
      /^0 lab-1: none: a test, build 0, x64; boot boot-1; memory; mine, image not found, built with the probe header\n/,
    );
    expect(out).to.match(/on lab-1: none: a test.*sees every crossing/);
    expect(changesIn(machine)).to.deep.equal([]);
    expect(await exitCodeIn(machine)).to.equal(0);
    const { identity, scenarios, reproduce } = json<Statement>('statement.json');
    expect(identity.machine?.name).to.equal('lab-1');
    expect(new Set(scenarios.map(({ boot }) => boot))).to.deep.equal(new Set(['boot-1']));
    expect(reproduce).to.match(/lwf run --target \.\/lab\.yaml --seed 1/);
    expect(readFileSync(join(folder, 'out/index.html'), 'utf8')).to.match(/lab-1: none: a test, build 0/);
    expect(readFileSync(join(folder, 'out/statement.html'), 'utf8')).to.match(
      /with the probe header: not the build that ships/,
    );
    const verified = await lwfProcess(['verify', join(folder, 'out')]);
    expect(`${verified.code} ${verified.out}`).to.match(/only `lwf run --target lab\.yaml` can\s+show again/);
    expect(verified.out).not.to.include('✗');
  });

  it('goes on past an agent that is killed, and with --resume past a controller that is killed', async () => {
    const first = changes(12);
    const running = run();
    await first;
    process.kill(await agentIn(machine), 'SIGKILL');
    const { code, err } = await running;
    expect(`${code} ${err}`).to.match(/^2 [^]*the connection to lab-1 was lost; the machine itself had not stopped/);
    const verdicts = json<RunResult>('run.json').scenarios.map(({ verdict }) => verdict);
    expect(verdicts.filter((verdict) => verdict !== 'pass')).to.deep.equal(['error']);
    expect(changesIn(machine)).to.deep.equal([]);

    const again = changes(25);
    rmSync(join(machine, 'exit-code'), { force: true });
    const controller = spawn(process.execPath, [join(kitRoot, 'bin/lwf.js'), ...args()], { stdio: 'ignore' });
    await again;
    controller.kill('SIGKILL');
    expect(await exitCodeIn(machine)).to.equal(0);
    expect(changesIn(machine)).to.deep.equal([]);
    expect(await run('--resume')).to.include({ code: 0 });
  });

  it('is interrupted in good order, and refused with words', async () => {
    const first = changes(12);
    const running = spawn(process.execPath, [join(kitRoot, 'bin/lwf.js'), ...args()], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let err = '';
    running.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    await first;
    running.kill('SIGINT');
    const code = await new Promise((resolve) => running.on('close', resolve));
    expect(`${String(code)} ${err}`).to.match(/^2 [^]*lwf: interrupted after \d+ of \d+ scenarios/);
    expect(changesIn(machine)).to.deep.equal([]);
    expect(await run('--resume')).to.include({ code: 0 });

    writeFileSync(join(folder, 'lab.yaml'), target(sshd().changedHosts));
    const stranger = await run();
    expect(stranger.code).to.equal(2);
    expect(stranger.err).to.match(
      /lwf: lab-1 \(.*lab\.yaml\): The machine cannot be reached: the machine has another host key than known_hosts says/,
    );
    expect(json<RunResult>('run.json').schema).to.equal('run/1');
  });
});
