import type { Clock } from '../protocol';

const FIRST = 200;
const FACTOR = 1.7;
const MOST = 2000;
/** What an attempt takes is measured in these. */
const PART = 500;

/** Tries again and again, with longer and longer breaks, for a time. */
export class Backoff {
  /** @param patience milliseconds of attempts and breaks after which nothing is tried again */
  constructor(
    private readonly clock: Clock,
    private readonly patience: number,
  ) {}

  /** @param mayPass whether a failure may be over later @throws the last failure */
  async run<T>(attempt: () => Promise<T>, mayPass: (failure: unknown) => boolean): Promise<T> {
    let waited = 0;
    for (let next = FIRST; ; next = Math.min(next * FACTOR, MOST)) {
      const stop = this.clock.every(PART, () => (waited += PART));
      try {
        return await attempt();
      } catch (failure) {
        if (!mayPass(failure) || waited >= this.patience) throw failure;
      } finally {
        stop();
      }
      const pause = Math.min(next, this.patience - waited);
      await new Promise<void>((resolve) => this.clock.after(pause, resolve));
      waited += pause;
    }
  }
}
