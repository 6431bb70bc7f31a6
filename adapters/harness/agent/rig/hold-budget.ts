/** How long a scenario may have the test drivers hold something. */
import type { Clock } from '../../protocol';

/** Of the 5 s, so that nothing is ever seen of what fnmp does by itself then. */
const HOLD_MS = 4_000;

export class HoldBudget {
  private stop: (() => void) | undefined;

  /** @param over called with why nothing can be concluded any more */
  constructor(
    private readonly clock: Clock,
    private readonly over: (why: string) => void,
  ) {}

  /** @param holds something is held now */
  watch(holds: boolean): void {
    if (!holds) this.end();
    else this.stop ??= this.clock.after(HOLD_MS, () => this.over(TOO_LONG));
  }

  end(): void {
    this.stop?.();
    this.stop = undefined;
  }
}

const TOO_LONG = `The scenario wants something to be held for longer than ${HOLD_MS / 1000} s, which the test drivers cannot.`;
