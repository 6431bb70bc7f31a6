import type { Clock } from '../../../adapters/harness/protocol';

interface Timer {
  due: number;
  readonly every: number | undefined;
  readonly work: () => void;
}

/** Time that passes when it is told to. */
export class FakeClock implements Clock {
  private now = 0;
  private readonly timers = new Set<Timer>();

  every(milliseconds: number, work: () => void): () => void {
    return this.add({ due: this.now + milliseconds, every: milliseconds, work });
  }

  after(milliseconds: number, work: () => void): () => void {
    return this.add({ due: this.now + milliseconds, every: undefined, work });
  }

  /** What is due is done in its order; what it leads to at once, in between. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.now + milliseconds;
    await turn();
    for (let next = this.next(end); next; next = this.next(end)) {
      this.now = next.due;
      if (next.every === undefined) this.timers.delete(next);
      else next.due += next.every;
      next.work();
      await turn();
    }
    this.now = end;
  }

  private next(end: number): Timer | undefined {
    return [...this.timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0];
  }

  private add(timer: Timer): () => void {
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }
}

/** Everything that can happen without time has happened. */
export function turn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
