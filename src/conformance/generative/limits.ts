import { RigRefusal, type RefusalKind } from '../../../adapters/contract';
import { CannotJudge } from '../cannot-judge';

/** What an adapter cannot do, or could not show, says nothing against the driver; all else ends the exploration. */
const HARMLESS: ReadonlySet<RefusalKind> = new Set(['notSupported', 'notApplicable', 'notObserved']);

/** What an adapter cannot do, which histories therefore pass over. */
export class Limits {
  /** How often something was passed over. */
  times = 0;
  /** What the adapter said the first time. */
  first: string | undefined;

  /**
   * @param act a call of a rig, or several
   * @returns whether the adapter could
   * @throws CannotJudge when it refuses for another reason
   */
  async allow(act: () => Promise<unknown>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (failure) {
      if (!(failure instanceof RigRefusal)) throw failure;
      if (!HARMLESS.has(failure.kind)) throw new CannotJudge(failure.message, { cause: failure });
      this.times += 1;
      this.first ??= failure.message;
      return false;
    }
  }
}
