/** What is missing of what should have been seen. */
import { RigRefusal } from '../../../contract';

/**
 * A scenario of which something is missing is *not observed*: whoever looks is told once, and the scenario goes no further. What was seen
 * before stays, for the judges: what it proves is proven.
 */
export class Losses {
  private reason: string | undefined;
  private isTold = false;

  /** @param reason why nothing can be concluded from what is not there */
  note(reason: string): void {
    this.reason ??= reason;
  }

  get isWhole(): boolean {
    return this.reason === undefined;
  }

  /** @throws RigRefusal (notObserved) when something is missing */
  require(): void {
    if (this.reason === undefined) return;
    this.isTold = true;
    throw new RigRefusal('notObserved', this.reason);
  }

  get areTold(): boolean {
    return this.isTold;
  }
}
