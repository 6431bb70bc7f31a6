/** A fake Windows machine with the agent as it is, reached in this process: what is wrong with them is chosen by a plan. */
import { join } from 'node:path';
import { agentAdapter, Agent, lockAt, undoOn, type Lock } from '../../../adapters/harness/agent';
import { readJournal } from '../../../adapters/harness/agent/journal-lines';
import { machineParts } from '../../../adapters/harness/agent/program';
import type { Ports } from '../../../adapters/harness/agent/ports';
import type { NumberedObservation } from '../../../adapters/harness/protocol';
import type { ChannelListener, OpenChannel } from '../../../adapters/stdio';
import { kitVersion } from '../../../src/conformance/kit-root';
import { portsOn } from '../fake/ports';
import { ADDRESS } from '../fake/shell';
import { startAgain } from '../fake/start-again';
import type { FakeWindows } from '../fake/windows';
import { Disk } from '../link/in-process';
import { Gate } from './gate';
import { Link, type Slowness } from './link';
import { Moments } from './moments';
import { VirtualTime } from './time';

const UNREACHABLE_MS = 1_000;
/** lwfio answers what is under way for that long after the end of its input. */
const HELPER_ENDS_MS = 700;

interface Running {
  readonly gate: Gate;
  readonly link: Link;
  readonly ports: Ports;
  isOver: boolean;
}

export class SoakLab {
  readonly time: VirtualTime;
  readonly disk = new Disk();
  moments = new Moments();
  slowness: Slowness | undefined;
  /** The next line of a journal is torn, and its agent killed. */
  tears = false;
  /** How long a machine that went down takes to start. */
  bootTime = 20_000;
  /** What was written down of what the machine saw, by run and boot. */
  readonly seen = new Map<string, Map<number, NumberedObservation>>();
  /** Numbers of what went with a journal whose run had said goodbye: whoever takes the run up again does not know of them. */
  private forgotten = new Set<NumberedObservation>();
  /** In words: what must never happen, and did. */
  readonly faults: string[] = [];
  /** What a user was told, and when. */
  readonly told: string[] = [];
  private readonly agents: Running[] = [];
  private downSince: number | undefined;
  private controller = 0;

  /** @param folder of the agent's lock, on this machine's disk */
  constructor(
    readonly windows: FakeWindows,
    private readonly folder: string,
  ) {
    this.time = new VirtualTime((milliseconds) => windows.pass(milliseconds));
    windows.etw.forgets = () => {
      this.moments.happens('event');
      return this.etw.forgets > 0 && (this.etw.forgets -= 1) >= 0;
    };
    windows.etw.loses = () => this.etw.loses > 0 && (this.etw.loses -= 1) >= 0;
    windows.listen({
      etw: () => undefined,
      watchdog: () => undefined,
      lost: () => undefined,
      down: () => this.wentDown(),
    });
  }

  /** So many of the next events are lost. */
  readonly etw = { loses: 0, forgets: 0 };

  /** The agent that the controller speaks to. */
  get agent(): Running | undefined {
    return this.agents.at(-1);
  }

  /** Ways to the machine, as long as this controller lives. */
  get open(): OpenChannel {
    const mine = this.controller;
    return (listener) => this.connect(listener, () => mine === this.controller);
  }

  /** Whoever led the conversation is gone, and with him his end of it. */
  killController(owner: string): void {
    this.controller += 1;
    this.time.drop(owner);
    this.agent?.link.channel.kill();
  }

  killAgent(): void {
    const { agent } = this;
    if (!agent || agent.isOver) return;
    this.end(agent);
    agent.link.ended('was ended by SIGKILL');
  }

  freezeAgent(forMs: number): void {
    const { agent } = this;
    agent?.gate.freeze();
    this.time.after(forMs, () => agent?.gate.thaw());
  }

  thawAll(): void {
    for (const { gate } of this.agents) gate.thaw();
  }

  private connect(listener: ChannelListener, isHeard: () => boolean): ReturnType<OpenChannel> {
    const gate = new Gate(1000 + this.agents.length, {
      every: (milliseconds, work) => {
        const timer = setInterval(work, milliseconds);
        return () => clearInterval(timer);
      },
      after: (milliseconds, work) => this.time.after(milliseconds, work),
    });
    const link = new Link(listener, gate, this.moments, this.time, () => this.slowness, isHeard);
    if (this.downSince !== undefined) {
      if (this.time.now - this.downSince < this.bootTime) {
        this.time.after(UNREACHABLE_MS, () => link.cut(false));
        return link.channel;
      }
      this.start();
    }
    VirtualTime.ownedBy('machine', () => void this.serve(link, gate));
    return link.channel;
  }

  turnOff(): void {
    if (this.windows.isDown) return;
    this.windows.goDown();
  }

  turnOffAndOn(): void {
    this.turnOff();
    this.start();
  }

  /** A machine that is down is turned on. */
  private start(): void {
    this.downSince = undefined;
    if (this.windows.isDown) startAgain(this.windows);
    this.downSince = undefined;
  }

  private async serve(link: Link, gate: Gate): Promise<void> {
    const raw = portsOn(this.windows, gate.clock, gate.pid);
    const ports = gate.ports(raw, this.moments);
    const running: Running = { gate, link, ports: raw, isOver: false };
    this.agents.push(running);
    let code: number;
    try {
      const { originate } = ports;
      if (!originate) throw new Error('the machine has no command of the vendor');
      const parts = await machineParts({
        ports,
        originate: () => originate,
        adapter: agentAdapter,
        undo: undoOn(ports),
        ...{ drivers: this.folder, version: kitVersion, address: ADDRESS, pid: gate.pid },
      });
      const agent = new Agent({
        ...parts,
        journals: this.journals(running),
        lock: this.lock(gate),
        clock: gate.clock,
        write: (line) => link.fromAgent(line),
      });
      link.began(agent);
      code = await agent.ended;
    } catch {
      code = 2;
    }
    if (gate.isDead) return;
    this.end(running);
    link.ended(`ended with exit code ${code}`);
  }

  private end(running: Running): void {
    running.isOver = true;
    running.gate.kill();
    running.ports.shell.close();
    this.time.after(HELPER_ENDS_MS, () => running.ports.helper.close());
  }

  private wentDown(): void {
    if (this.downSince !== undefined) return;
    this.downSince = this.time.now;
    this.disk.crash();
    for (const running of this.agents) {
      running.gate.kill();
      if (!running.isOver) running.link.swallow();
      running.isOver = true;
    }
  }

  private journals(running: Running): ConstructorParameters<typeof Agent>[0]['journals'] {
    const { gate, link } = running;
    return {
      runs: () => this.disk.runs(),
      remove: (run) => {
        if (gate.isDead) return;
        this.disk.remove(run);
        this.forgotten = new Set([...this.seen.values()].flatMap((events) => [...events.values()]));
      },
      open: (run) => {
        const file = this.disk.open(run);
        return {
          ...file,
          append: (bytes) => {
            if (gate.isDead) throw new Error('killed');
            this.moments.happens('journal');
            if (this.tears) {
              this.tears = false;
              file.append(bytes.subarray(0, bytes.length >> 1));
              this.end(running);
              link.ended('was ended by SIGKILL');
            }
            if (gate.isDead) throw new Error('killed');
            file.append(bytes);
            this.note(run, bytes);
          },
        };
      },
    };
  }

  private lock(gate: Gate): Lock {
    const isAlive = (pid: number): boolean => this.agents.some((each) => each.gate.pid === pid && !each.gate.isDead);
    const lock = lockAt(join(this.folder, 'agent.lock'), gate.clock, gate.pid, isAlive);
    return {
      take: async (claim) => {
        const held = await lock.take(claim);
        return {
          isOurs: () => held.isOurs(),
          beat: () => held.beat(),
          release: () => {
            if (!gate.isDead) held.release();
          },
        };
      },
    };
  }

  private note(run: string, bytes: Buffer): void {
    for (const entry of readJournal(bytes).entries as { readonly event?: NumberedObservation }[]) {
      const { event } = entry;
      if (!event) continue;
      const key = `${run} ${event.boot}`;
      const known = this.seen.get(key) ?? new Map<number, NumberedObservation>();
      this.seen.set(key, known);
      const before = known.get(event.seq);
      if (before && !this.forgotten.has(before))
        this.faults.push(`observation ${event.seq} of boot ${event.boot} was written down twice`);
      known.set(event.seq, event);
    }
  }
}
