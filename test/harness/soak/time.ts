/** Time that passes when nobody can do anything without it: hours of waiting in moments, and each time the same. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';

interface Timer {
  due: number;
  readonly order: number;
  readonly every: number | undefined;
  readonly work: () => void;
  readonly owner: string | undefined;
}

/** What passes at once at most: what the machine does meanwhile is seen in between. */
const STEP_MS = 50;
/** Nobody waits that long for anything. */
const LONGEST_MS = 3 * 3_600_000;
/** Something is under way in this process that does not wait for a timer. */
const BUSY = /^(?:Immediate|FSReq|Zlib|MessagePort|Worker)/;

const owners = new AsyncLocalStorage<string>();

/** What does not end although time passes. */
export class Hangs extends Error {}

export class VirtualTime {
  now = 0;
  private readonly timers = new Set<Timer>();
  private readonly dropped = new Set<string>();
  private count = 0;
  private restore: (() => void) | undefined;

  /** @param pass told of all time that passes, in ms */
  constructor(private readonly pass: (milliseconds: number) => void) {}

  /** Timers begun in `work`, and in what comes of it, are those of the owner. */
  static ownedBy<T>(owner: string, work: () => T): T {
    return owners.run(owner, work);
  }

  /** Nothing of the owner wakes up again. */
  drop(owner: string): void {
    this.dropped.add(owner);
    for (const timer of this.timers) if (timer.owner === owner) this.timers.delete(timer);
  }

  after(milliseconds: number, work: () => void): () => void {
    return this.add(milliseconds, undefined, work);
  }

  /** @returns the timers of this process are virtual until `work` has ended, which is waited for @throws Hangs */
  async run<T>(work: () => Promise<T>): Promise<T> {
    this.install();
    try {
      let isOver = false;
      const result = work().finally(() => (isOver = true));
      result.catch(() => undefined);
      await this.until(() => isOver);
      return await result;
    } finally {
      this.restore?.();
    }
  }

  private async until(isOver: () => boolean): Promise<void> {
    const end = this.now + LONGEST_MS;
    for (;;) {
      await turn();
      if (isOver()) return;
      if (process.getActiveResourcesInfo().some((resource) => BUSY.test(resource))) continue;
      if (this.timers.size === 0)
        throw new Hangs('nothing is under way, nobody waits for a time, and it has not ended');
      if (this.now > end) throw new Hangs(`it has not ended after ${LONGEST_MS / 3_600_000} h`);
      this.step();
    }
  }

  /** What is due first happens, alone. */
  private step(): void {
    let first: Timer | undefined;
    for (const timer of this.timers)
      if (!first || timer.due < first.due || (timer.due === first.due && timer.order < first.order)) first = timer;
    const next = Math.min(this.now + STEP_MS, first?.due ?? Infinity);
    const passed = Math.max(0, next - this.now);
    this.now += passed;
    if (passed > 0) this.pass(passed);
    if (!first || first.due > this.now || !this.timers.has(first)) return;
    if (first.every === undefined) this.timers.delete(first);
    else first.due += first.every;
    first.work();
  }

  private add(milliseconds: number, every: number | undefined, work: () => void): () => void {
    const order = (this.count += 1);
    const bound = AsyncLocalStorage.bind(work);
    const timer: Timer = {
      due: this.now + Math.max(1, milliseconds),
      order,
      every,
      work: bound,
      owner: owners.getStore(),
    };
    if (timer.owner === undefined || !this.dropped.has(timer.owner)) this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  private install(): void {
    const { setTimeout, clearTimeout, setInterval, clearInterval } = globalThis;
    const stops = new WeakMap<object, () => void>();
    const begin = (milliseconds: number, every: number | undefined, work: () => void): NodeJS.Timeout => {
      const handle = {};
      stops.set(handle, this.add(milliseconds, every, work));
      return handle as NodeJS.Timeout;
    };
    const stop = (handle: unknown): void => {
      if (typeof handle === 'object' && handle !== null) stops.get(handle)?.();
    };
    Object.assign(globalThis, {
      setTimeout: (work: () => void, milliseconds = 0) => begin(milliseconds, undefined, work),
      setInterval: (work: () => void, milliseconds = 0) => begin(milliseconds, milliseconds, work),
      clearTimeout: stop,
      clearInterval: stop,
    });
    this.restore = () => void Object.assign(globalThis, { setTimeout, clearTimeout, setInterval, clearInterval });
  }
}
