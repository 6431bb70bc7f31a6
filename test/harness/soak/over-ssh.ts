/** A play through a real OpenSSH server, with the agent as it ships, by the real clock: where things go wrong is the same each time, when is not quite. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { sshChannel } from '../../../adapters/harness/controller';
import { readTarget } from '../../../adapters/harness/target';
import type { OpenChannel } from '../../../adapters/stdio';
import type { RunOptions, ScenarioResult } from '../../../src/conformance';
import { CannotJudge } from '../../../src/conformance/cannot-judge';
import { runOnLab } from '../../../src/conformance/run';
import { startLab } from '../../../src/conformance/run-on-lab';
import { agentCommand } from '../../../src/conformance/lab/agent-command';
import { RemoteMachine, signal } from '../fake/remote';
import type { FakeWindows } from '../fake/windows';
import { Proxy } from '../link/proxy';
import type { Sshd } from '../link/sshd';
import type { Chance } from './chance';
import type { Planned } from './faults';
import { Moments } from './moments';
import { difference, isCutShort, machineOf, portrait, type Came, type Subject } from './play';

const FAULTS = {
  'ssh: the connection is cut': ({ proxy }: Ground) => proxy.cut(),
  'ssh: the connection is a black hole': ({ proxy }: Ground) => proxy.swallow(),
  'ssh: the agent is killed': ({ remote }: Ground) => remote.signal('SIGKILL'),
  'ssh: the agent is frozen': ({ remote, frozen }: Ground, how: number) => {
    remote.signal('SIGSTOP');
    const { agent } = remote;
    if (agent === undefined) return;
    frozen.add(agent);
    // For longer or shorter than the lease.
    void pause(how * 20_000).then(() => {
      if (frozen.delete(agent)) signal(agent, 'SIGCONT');
    });
  },
  'ssh: the machine is turned off': ({ windows }: Ground) => {
    if (windows.isDown) return;
    windows.goDown();
  },
  'ssh: somebody else stops the system': ({ windows }: Ground) => {
    if (!windows.isDown) windows.crash('0xD1', ['0x28', '0x2', '0x0', '0xFFFFF80112345678']);
  },
} as const;

type Name = keyof typeof FAULTS;

interface Ground {
  readonly windows: FakeWindows;
  readonly remote: RemoteMachine;
  readonly proxy: Proxy;
  /** Processes of agents that will go on. */
  readonly frozen: Set<number>;
}

export interface RemoteFault extends Planned {
  readonly name: Name;
}

/** 56 kbit/s, and 600 ms there and back. */
const SLOW = { rate: 56_000, delay: 300 };
/** The agent takes back everything in this time after it was left alone: lease, and what Windows takes. */
const SETTLES_MS = 30_000;
/** An agent whose connection is a black hole has the machine for so long. */
const LEASE_MS = 10_000;
/** As often as whoever leads a run takes it up again: each may end at a fault, and at a machine that the driver stops. */
const MOST_RUNS = 8;

export function drawRemoteFaults(chance: Chance, counts: Moments['counts']): RemoteFault[] {
  const names = Object.keys(FAULTS) as Name[];
  return Array.from({ length: chance.between(1, 2) }, () => {
    const moment = chance.pick(['reads', 'event'] as const);
    return { name: chance.pick(names), moment, at: chance.between(1, Math.max(1, counts[moment])), how: chance.next() };
  });
}

export async function playOverSsh(
  subject: Subject,
  faults: readonly RemoteFault[],
  isSlow: boolean,
  sshd: Sshd,
): Promise<Came> {
  const folder = mkdtempSync(join(tmpdir(), 'lwf-soak-'));
  const windows = machineOf(subject);
  const proxy = await Proxy.start(sshd.target.port ?? 22, isSlow ? SLOW : {});
  sshd.trust(proxy.port);
  const remote = new RemoteMachine(windows, folder, { ...sshd.target, port: proxy.port });
  const ground = { windows, remote, proxy, frozen: new Set<number>() };
  const moments = new Moments();
  const happened: RemoteFault[] = [];
  const told: string[] = [];
  try {
    await pause(200);
    const before = portrait(windows);
    windows.etw.forgets = () => {
      moments.happens('event');
      return false;
    };
    for (const fault of faults) {
      moments.at(fault.moment, fault.at, () => {
        happened.push(fault);
        FAULTS[fault.name](ground, fault.how);
      });
    }
    const options: RunOptions = {
      ...{ target: join(folder, 'lab.yaml'), driver: 'reference', seed: 1, evidence: 'violations' },
      ...{
        journalFolder: join(folder, 'reports'),
        paths: [...subject.scenarios],
        onMachine: (words) => void told.push(words),
      },
    };
    const found = await run(options, counting(options, moments));
    moments.stop();
    const broken = await left(windows, before, options);
    return { scenarios: found, counts: moments.counts, told, happened, broken };
  } finally {
    // One that went on later would write into a folder that is gone.
    for (const agent of ground.frozen) signal(agent, 'SIGKILL');
    ground.frozen.clear();
    remote.stop();
    proxy.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 40, retryDelay: 100 });
  }
}

function counting({ target = '' }: RunOptions, moments: Moments): OpenChannel {
  const read = readTarget(readFileSync(target, 'utf8'), target);
  const open = sshChannel(read.ssh, agentCommand(read));
  return (listener) => {
    const channel = open(listener);
    return {
      ...channel,
      write: (bytes) => {
        channel.write(bytes);
        moments.happens('reads');
      },
    };
  };
}

/** Plays all scenarios, taken up again where that takes it. */
async function run(options: RunOptions, channel: OpenChannel): Promise<readonly ScenarioResult[]> {
  let why = '';
  for (let runs = 0; runs < MOST_RUNS; runs += 1) {
    const now = { ...options, resume: isCutShort(options.journalFolder ?? '') };
    try {
      const { scenarios, missing, brokenOff } = await runOnLab(await startLab(now, { channel }), now);
      if (!missing) return scenarios;
      why = brokenOff ?? 'the run broke off';
    } catch (failure) {
      if (!(failure instanceof CannotJudge)) throw failure;
      why = failure.message;
    }
    // Whoever is told that the machine is in use, or away, tries again later.
    await pause(LEASE_MS);
  }
  throw new Error(`after ${MOST_RUNS} runs there are still scenarios that were not played: ${why}`);
}

/** By its agent, or by the next one; where the driver keeps Windows from it, after another start. */
async function left(windows: FakeWindows, before: string, options: RunOptions): Promise<string[]> {
  const isAsItWas = async (): Promise<boolean> => {
    for (let waited = 0; waited < SETTLES_MS; waited += 250) {
      if (!windows.isDown && portrait(windows) === before) return true;
      await pause(250);
    }
    return false;
  };
  if (await isAsItWas()) return [];
  for (let tries = 0; tries < 2; tries += 1) {
    if (tries > 0) windows.goDown();
    const next = { ...options, journalFolder: `${options.journalFolder}-after-${tries}`, takeover: true };
    try {
      await (await startLab(next)).end();
    } catch (failure) {
      // A driver may keep Windows from all that it is asked, until it is started anew.
      if (!(failure instanceof CannotJudge) || tries > 0) throw failure;
    }
    if (await isAsItWas()) return [];
  }
  return [difference(before, portrait(windows))];
}
