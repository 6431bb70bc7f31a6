import type { Clock } from '../../../adapters/harness/protocol';

/** Breaks between looks: whoever waits that long waits for nothing else. */
const SHORT_MS = 1000;

interface Timer {
  readonly at: number;
  readonly work: () => void;
}

/** Time that passes only while somebody waits for a short while, and then at once. */
export class ScriptedClock implements Clock {
  now = 0;
  private timers: Timer[] = [];

  every(): () => void {
    throw new Error('nothing here is done again and again');
  }

  after(milliseconds: number, work: () => void): () => void {
    const timer = { at: this.now + milliseconds, work };
    this.timers.push(timer);
    if (milliseconds <= SHORT_MS) setImmediate(() => this.goTo(timer.at));
    return () => void (this.timers = this.timers.filter((other) => other !== timer));
  }

  private goTo(time: number): void {
    this.now = Math.max(this.now, time);
    const due = this.timers.filter(({ at }) => at <= this.now).sort((a, b) => a.at - b.at);
    this.timers = this.timers.filter((timer) => !due.includes(timer));
    for (const { work } of due) work();
  }
}
