/** One connection of the controller to an agent: cut, deaf, slow, or in good order. */
import type { Channel, ChannelListener } from '../../../adapters/stdio';
import type { Gate } from './gate';
import type { Moments } from './moments';
import { VirtualTime } from './time';

/** ssh asks every 2 s whether the machine is there, and gives up after three questions. */
const SSH_GIVES_UP_MS = 8_000;
const GONE = 'ended with exit code 255';

export interface Slowness {
  readonly delay: number;
  /** Bits in a second. */
  readonly rate: number;
}

export interface AgentEnd {
  push(bytes: Buffer): void;
  end(): void;
}

export class Link {
  private agent: AgentEnd | undefined;
  private early: (() => void)[] = [];
  private isOpen = true;
  private isDeaf = false;
  private free = { there: 0, back: 0 };

  constructor(
    private readonly listener: ChannelListener,
    private readonly gate: Gate,
    private readonly moments: Moments,
    private readonly time: VirtualTime,
    private readonly slowness: () => Slowness | undefined,
    private readonly isHeard: () => boolean,
  ) {}

  get channel(): Channel {
    return {
      write: (bytes) => this.fromController(Buffer.from(bytes)),
      end: () => this.endInput(),
      kill: () => this.closed('was ended by SIGKILL'),
    };
  }

  /** The agent has started: what has come by now is there for it. */
  began(agent: AgentEnd): void {
    this.agent = agent;
    for (const arrived of this.early.splice(0)) arrived();
  }

  fromAgent(line: string): void {
    if (this.gate.isDead) return;
    this.moments.happens('writes');
    if (this.gate.isDead || !this.isOpen || this.isDeaf) return;
    this.carry('back', Buffer.from(line), (bytes) => {
      if (this.isOpen && this.isHeard()) this.listener.bytes(bytes);
    });
  }

  /** The agent's process has ended. */
  ended(how: string): void {
    this.time.after(1, () => this.tell(how));
  }

  /** Nothing gets through any more. Whether the agent's end hears of it is another matter. */
  cut(heardThere: boolean): void {
    if (!this.isOpen) return;
    this.isDeaf = true;
    if (heardThere) this.endInput();
    this.time.after(1, () => this.tell(GONE));
  }

  /** Nothing gets through, and nobody is told. */
  swallow(): void {
    this.isDeaf = true;
    this.time.after(SSH_GIVES_UP_MS, () => this.tell(GONE));
  }

  private fromController(bytes: Buffer): void {
    if (!this.isOpen) return;
    this.moments.happens('reads');
    if (!this.isOpen || this.isDeaf) return;
    this.carry('there', bytes, (arrived) => this.arrive(() => this.agent?.push(arrived)));
  }

  private endInput(): void {
    this.carry('there', Buffer.alloc(0), () => this.arrive(() => this.agent?.end()));
  }

  private arrive(work: () => void): void {
    const there = (): void => this.gate.enter(() => VirtualTime.ownedBy('machine', work));
    if (this.agent) there();
    else this.early.push(there);
  }

  private closed(how: string): void {
    if (!this.isOpen) return;
    if (!this.isDeaf) this.endInput();
    this.tell(how);
  }

  private tell(how: string): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    if (this.isHeard()) queueMicrotask(() => this.listener.closed(how));
  }

  /** In the order in which it was sent. */
  private carry(way: 'there' | 'back', bytes: Buffer, arrived: (bytes: Buffer) => void): void {
    const slow = this.slowness();
    const { now } = this.time;
    if (!slow && this.free[way] <= now) {
      arrived(bytes);
      return;
    }
    const { rate, delay } = slow ?? { rate: Infinity, delay: 0 };
    this.free[way] = Math.max(this.free[way], now + delay) + (bytes.length * 8000) / rate;
    // Cut in the middle, wherever that is.
    const half = bytes.length >> 1;
    this.time.after(this.free[way] - now, () => {
      arrived(bytes.subarray(0, half));
      arrived(bytes.subarray(half));
    });
  }
}
