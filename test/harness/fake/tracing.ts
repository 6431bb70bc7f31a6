/** ETW of the fake machine: the session that is there, and when what was written in it is handed out to whom. */
import type { EtwEvent } from '../../../adapters/harness/agent/ports';
import { FLUSH_MS, type EtwFaults, type EtwSession } from './etw';

const FREQUENCY_PER_MS = 10_000n;

export interface EtwListener {
  etw(event: EtwEvent): void;
  lost(lost: number): void;
}

export interface MachineTime {
  /** Of the wall, in ms. */
  readonly now: number;
  /** What has passed for drivers and while the machine slept, in ms. */
  readonly upTime: number;
}

export class Tracing implements EtwFaults {
  loses?: NonNullable<EtwFaults['loses']>;
  forgets?: NonNullable<EtwFaults['forgets']>;
  reorders?: boolean;
  answersLate?: boolean;
  session: EtwSession | undefined;
  private flushed = 0;
  private written = 0n;
  private toldLost = 0;

  constructor(
    private readonly time: MachineTime,
    private readonly listeners: Iterable<EtwListener>,
  ) {}

  /** Performance counter. */
  get counter(): string {
    return String(BigInt(Math.floor(this.time.upTime)) * FREQUENCY_PER_MS + this.written);
  }

  start(session: EtwSession): void {
    this.session = session;
    this.toldLost = 0;
  }

  /** What was written is handed out. @returns how much has been lost in the session */
  flush(): number {
    this.flushed = this.time.now;
    const { session } = this;
    if (!session) return 0;
    for (const event of session.flush()) for (const each of this.listeners) each.etw(event);
    if (session.lost > this.toldLost) for (const each of this.listeners) each.lost(session.lost);
    this.toldLost = session.lost;
    return session.lost;
  }

  /** Time has passed. */
  passed(): void {
    if (this.time.now - this.flushed >= FLUSH_MS) this.flush();
  }

  write(event: Omit<EtwEvent, 't'>): void {
    this.written += 1n;
    this.session?.write({ ...event, t: this.counter });
  }
}
