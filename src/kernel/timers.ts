interface PendingTimer {
  readonly token: number;
  readonly due: number;
  readonly period: number;
  readonly fire: () => void;
  /** A periodic timer that has fired at least once since it was set. */
  readonly fired: boolean;
}

/** Timers on virtual time, the earliest first; timers due at the same instant fire in the order they were set. */
export class TimerQueue {
  private readonly pending: PendingTimer[] = [];
  private armed = 0;

  /**
   * @param due absolute virtual time in ms
   * @param period 0 for a one-shot timer
   * @returns a token for `disarm`
   */
  arm(due: number, period: number, fire: () => void): number {
    const token = ++this.armed;
    this.insert({ token, due, period, fire, fired: false });
    return token;
  }

  /** @returns false when it was not armed */
  disarm(token: number): boolean {
    const index = this.pending.findIndex((timer) => timer.token === token);
    if (index < 0) return false;
    this.pending.splice(index, 1);
    return true;
  }

  /** When the next timer fires, if one is armed. */
  get nextDue(): number | undefined {
    return this.pending[0]?.due;
  }

  /** True when no timer is armed that might still do something new: none, or periodic ones that have fired before. */
  get allHadTheirChance(): boolean {
    return this.pending.every((timer) => timer.fired);
  }

  /** Fires everything due by now, in order. */
  fireUntil(now: number): void {
    for (;;) {
      const timer = this.pending[0];
      if (!timer || timer.due > now) return;
      this.pending.shift();
      if (timer.period > 0) this.insert({ ...timer, due: timer.due + timer.period, fired: true });
      timer.fire();
    }
  }

  clear(): void {
    this.pending.length = 0;
  }

  private insert(timer: PendingTimer): void {
    const later = this.pending.findIndex((other) => other.due > timer.due);
    this.pending.splice(later < 0 ? this.pending.length : later, 0, timer);
  }
}
