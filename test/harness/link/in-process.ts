/** Agents in this process, on one machine, which can be killed wherever they are. */
import {
  Agent,
  type AgentParts,
  type Inquiry,
  type HeldLock,
  type JournalFile,
  type JournalFolder,
  type Lock,
} from '../../../adapters/harness/agent';
import type { Clock, Offer } from '../../../adapters/harness/protocol';
import { HARNESS } from '../../../adapters/harness/protocol';
import type { ChannelListener, OpenChannel } from '../../../adapters/stdio';
import { openSession, type Session, type SessionOptions } from '../../../adapters/harness/controller';
import { changingAdapter, clearing, facts, NOTHING_KNOWN, type Settings } from './machine';

/** Where an agent is killed: at the n-th thing it does of a kind; `reads` a line, `writes` an answer, `journals` (half of the line stays). */
export interface Kill {
  readonly at: 'reads' | 'writes' | 'journals';
  readonly step: number;
  /** The machine goes down with it: what was not synced is lost. */
  readonly withMachine?: boolean;
}

const NEVER = new Promise<never>(() => undefined);

/** A disk. What the machine lost when it went down is cut off. */
export class Disk implements JournalFolder {
  private readonly files = new Map<string, { bytes: Buffer; synced: number }>();
  full = false;

  open(run: string): JournalFile {
    const file = this.files.get(run) ?? { bytes: Buffer.alloc(0), synced: 0 };
    this.files.set(run, file);
    return {
      read: () => file.bytes,
      append: (bytes) => {
        if (this.full) throw new Error('no space left on device');
        file.bytes = Buffer.concat([file.bytes, bytes]);
      },
      sync: () => {
        file.synced = file.bytes.length;
      },
      truncate: (length) => {
        file.bytes = file.bytes.subarray(0, length);
        file.synced = Math.min(file.synced, length);
      },
    };
  }

  runs(): readonly string[] {
    return [...this.files.keys()];
  }

  remove(run: string): void {
    this.files.delete(run);
  }

  /** The machine went down: sectors that were never written are zeros. */
  crash(): void {
    for (const file of this.files.values()) {
      const lost = file.bytes.length - file.synced;
      file.bytes = Buffer.concat([
        file.bytes.subarray(0, file.synced + Math.ceil(lost / 3)),
        Buffer.alloc(lost > 0 ? 7 : 0),
      ]);
    }
  }
}

export class TestMachine {
  readonly changed = new Set<string>();
  readonly disk = new Disk();
  boots = 1;
  /** What the machine says of itself, where it is more than that it is there. */
  said: Partial<Pick<AgentParts, 'version' | 'facts' | keyof Inquiry>> = {};
  /** Nothing can be taken back. */
  clearFails: Error | undefined;
  /** Nobody answers. */
  isGone = false;
  /** How often the agents did each of the things at which they can be killed. */
  readonly steps = { reads: 0, writes: 0, journals: 0 };
  private kill: Kill | undefined;

  constructor(private readonly clock: Clock) {}

  /** The next agent that comes there is killed. */
  killAt(kill: Kill): void {
    this.kill = kill;
  }

  get open(): OpenChannel {
    return (listener) => {
      if (!this.isGone) return this.start(listener);
      queueMicrotask(() => listener.closed('ended with exit code 255'));
      return { write: () => undefined, end: () => undefined, kill: () => undefined };
    };
  }

  session(options: Partial<SessionOptions> = {}): Promise<Session> {
    return openSession({
      channel: this.open,
      clock: this.clock,
      controller: { name: 'test', version: '1' },
      run: 'run-1',
      lease: 15_000,
      answerWithin: 60_000,
      patience: 10_000,
      log: () => undefined,
      ...options,
    });
  }

  private start(listener: ChannelListener): ReturnType<OpenChannel> {
    let isAlive = true;
    const die = (how: string): void => {
      if (!isAlive) return;
      isAlive = false;
      queueMicrotask(() => listener.closed(how));
    };
    /** @returns whether that is where it dies */
    const step = (at: Kill['at']): boolean => {
      if (!isAlive) return true;
      this.steps[at] += 1;
      if (this.kill?.at !== at || this.steps[at] !== this.kill.step) return false;
      const { withMachine = false } = this.kill;
      this.kill = undefined;
      if (withMachine) {
        this.disk.crash();
        this.boots += 1;
      }
      die('was ended by SIGKILL');
      return true;
    };
    const settings: Settings = {
      has: (name) => this.changed.has(name),
      set: (name) => void (isAlive && this.changed.add(name)),
      clear: (name) => {
        if (this.clearFails) throw this.clearFails;
        if (isAlive) this.changed.delete(name);
      },
    };
    const clear = clearing(settings);
    const agent = new Agent({
      adapter: (ground) => changingAdapter(ground, settings),
      undo: (undo) => (isAlive ? clear(undo) : NEVER),
      version: '1',
      journals: { ...this.journals(step), runs: () => this.disk.runs(), remove: (run) => this.disk.remove(run) },
      lock: FREE,
      clock: this.clock,
      ...NOTHING_KNOWN,
      ...this.said,
      facts: { ...(this.said.facts ?? facts()), boot: `boot-${this.boots}` },
      write: (line) => {
        if (!step('writes')) listener.bytes(Buffer.from(line));
      },
    });
    void agent.ended.then((code) => die(`ended with exit code ${code}`));
    return {
      write: (bytes) => {
        if (!step('reads')) agent.push(Buffer.from(bytes as string));
      },
      end: () => {
        if (isAlive) agent.end();
      },
      kill: () => die('was ended by SIGKILL'),
    };
  }

  private journals(step: (at: Kill['at']) => boolean): Pick<JournalFolder, 'open'> {
    return {
      open: (run) => {
        const file = this.disk.open(run);
        return {
          ...file,
          append: (bytes) => {
            if (!step('journals')) file.append(bytes);
            else {
              file.append(bytes.subarray(0, bytes.length / 2));
              throw new Error('killed');
            }
          },
        };
      },
    };
  }
}

const HELD: HeldLock = { isOurs: () => true, beat: () => 'ours', release: () => undefined };
/** One agent after the other, as the tests have it. */
export const FREE: Lock = { take: async () => HELD };

export function offer(offered: Partial<Offer> = {}): Record<string, unknown> {
  return { [HARNESS]: { run: 'run-1', lease: 15_000, ...offered } };
}
