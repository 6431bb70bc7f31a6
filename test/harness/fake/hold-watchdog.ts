/** What fnmp and fnlwf have in common: once a second they look at what they hold, and give all of it back when some of it is too old. */

const OLDEST_MS = 5000;
const EVERY_MS = 1000;

export class HoldWatchdog<T> {
  private readonly since = new Map<T, number>();
  private lastLook = 0;

  /** @param clock of the machine, ms */
  constructor(private readonly clock: () => number) {}

  /** @param there all that is there now, held or not */
  see(there: ReadonlySet<T>): void {
    for (const held of this.since.keys()) if (!there.has(held)) this.since.delete(held);
    for (const held of there) if (!this.since.has(held)) this.since.set(held, this.clock());
  }

  /** Time has passed. @param now ms @returns whether it is time to look */
  isDue(now: number): boolean {
    if (now - this.lastLook < EVERY_MS) return false;
    this.lastLook = now;
    return true;
  }

  isLate(held: T): boolean {
    return this.clock() - (this.since.get(held) ?? 0) > OLDEST_MS;
  }
}
