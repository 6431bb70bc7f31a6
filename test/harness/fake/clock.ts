/** Time of a fake machine and of the agent on it: it passes when somebody waits for it, and all that can happen without it has happened. */
import type { Clock } from '../../../adapters/harness/protocol';

interface Timer {
  due: number;
  readonly every: number | undefined;
  readonly work: () => void;
}

/** What passes at once at most: what the machine does meanwhile is seen in between. */
const STEP_MS = 100;

/** One-shot timers make time pass, repeated ones only go along: nobody waits for a lease. */
export class JumpingClock implements Clock {
  private now = 0;
  private readonly timers = new Set<Timer>();
  private isGoing = false;

  /** @param pass told of all time that passes, in ms */
  constructor(private readonly pass: (milliseconds: number) => void) {}

  every(milliseconds: number, work: () => void): () => void {
    return this.add({ due: this.now + milliseconds, every: milliseconds, work });
  }

  after(milliseconds: number, work: () => void): () => void {
    const stop = this.add({ due: this.now + milliseconds, every: undefined, work });
    this.go();
    return stop;
  }

  private add(timer: Timer): () => void {
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  private go(): void {
    if (this.isGoing) return;
    this.isGoing = true;
    setImmediate(() => {
      this.isGoing = false;
      this.step();
    });
  }

  private step(): void {
    const awaited = [...this.timers].filter(({ every }) => every === undefined);
    if (awaited.length === 0) return;
    const next = Math.min(this.now + STEP_MS, ...[...this.timers].map(({ due }) => due));
    const passed = Math.max(0, next - this.now);
    this.now += passed;
    if (passed > 0) this.pass(passed);
    for (const timer of [...this.timers].filter(({ due }) => due <= this.now).sort((a, b) => a.due - b.due)) {
      if (!this.timers.has(timer)) continue;
      if (timer.every === undefined) this.timers.delete(timer);
      else timer.due += timer.every;
      timer.work();
    }
    this.go();
  }
}
