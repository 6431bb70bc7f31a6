/** What is missing of what should have been seen, or done. */
import { RigRefusal, type RefusalKind } from '../../../contract';

/**
 * A scenario of which something is missing is *not observed*: whoever looks is told once, and the scenario goes no further. What was seen
 * before stays, for the judges: what it proves is proven.
 */
export class Losses {
  private refusal: RigRefusal | undefined;
  private isTold = false;

  /** @param reason why nothing can be concluded from what is not there @param kind `notObserved`, where nobody refused anything */
  note(reason: string, kind: RefusalKind = 'notObserved'): void {
    this.refusal ??= new RigRefusal(kind, reason);
  }

  get isWhole(): boolean {
    return this.refusal === undefined;
  }

  /** @throws RigRefusal when something is missing */
  require(): void {
    if (this.refusal === undefined) return;
    this.isTold = true;
    throw this.refusal;
  }

  get areTold(): boolean {
    return this.isTold;
  }
}
