/** The fake machine as somebody who has only ssh finds it: the agent as it ships, on programs that ask the machine. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SshTarget } from '../../../adapters/harness/target';
import { kitRoot, packageName } from '../../../src/conformance/kit-root';
import { VENDOR, writePrograms } from './client';
import { Daemon } from './daemon';
import { profileTextOf } from './driver-profile';
import { startAgain } from './start-again';
import { COMPONENT, SERVICE, UNDER_TEST } from './network';
import type { FakeWindows } from './windows';

/** A start of the machine takes this long. */
const START_MS = 1000;

function ignored(): void {
  // It is the agent's to hear.
}

export class RemoteMachine {
  private readonly daemon: Daemon;
  private starting: NodeJS.Timeout | undefined;

  /** @param folder where the agent is installed, and what a vendor writes: `lab.yaml`, `dut.yaml` @param ssh the way there */
  constructor(
    private readonly windows: FakeWindows,
    private readonly folder: string,
    ssh: SshTarget,
  ) {
    const socket = join(folder, 'machine');
    this.daemon = new Daemon(windows, socket);
    const programs = join(folder, 'programs');
    writePrograms(programs, socket);
    mkdirSync(join(programs, 'drivers'));
    writeFileSync(join(programs, 'drivers', 'dut.sys'), `MZ ${windows.driver.name}`);
    this.install(programs);
    windows.listen({ ...{ etw: ignored, watchdog: ignored, lost: ignored }, down: () => this.goDown() });
    const { host, user, port, identity, knownHosts } = ssh;
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
    writeFileSync(join(folder, 'dut.yaml'), profileTextOf(windows.driver) ?? '');
  }

  /** Process of the agent that was started last; undefined before there was one. */
  get agent(): number | undefined {
    const path = join(this.folder, 'agent.pid');
    // While it is being written it is empty, and 0 would be the group of this process.
    return existsSync(path) ? Number(readFileSync(path, 'utf8')) || undefined : undefined;
  }

  /** To the agent, where it is still there. */
  signal(name: NodeJS.Signals): void {
    if (this.agent !== undefined) signal(this.agent, name);
  }

  stop(): void {
    clearTimeout(this.starting);
    this.daemon.stop();
  }

  /** What ssh starts waits until the machine is up. */
  private install(programs: string): void {
    const bin = join(this.folder, 'node_modules', packageName, 'bin');
    mkdirSync(bin, { recursive: true });
    writeFileSync(
      join(bin, 'lwf-agent.js'),
      `const { existsSync, writeFileSync } = require('node:fs');
       const wait = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
       while (existsSync(${JSON.stringify(join(this.folder, 'down'))})) wait();
       writeFileSync(${JSON.stringify(join(this.folder, 'agent.pid'))}, String(process.pid));
       process.argv.push('--programs', ${JSON.stringify(programs)});
       require(${JSON.stringify(join(kitRoot, 'bin/lwf-agent.js'))});`,
    );
  }

  /** The agent goes with the machine, and nobody can start another one until the machine is there again. */
  private goDown(): void {
    writeFileSync(join(this.folder, 'down'), '');
    this.signal('SIGKILL');
    this.starting = setTimeout(() => {
      startAgain(this.windows);
      rmSync(join(this.folder, 'down'));
    }, START_MS);
  }
}

/** @param pid of a process that may have ended meanwhile */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It is not there any more.
  }
}
