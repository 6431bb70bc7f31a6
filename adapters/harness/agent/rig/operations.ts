/** What was begun on the machine, and how it stands. */
import { RigRefusal, type Operation, type OperationState } from '../../../contract';

/**
 * @param hasFailed Windows says that it could not do its part
 * @returns the status with which it has ended; undefined while it is under way
 */
export type Outcome = (hasFailed: boolean) => string | undefined;

interface Begun {
  readonly status: () => string | undefined;
  /** Windows has said that its part is done. */
  isDone: boolean;
  failure?: unknown;
}

export class Operations {
  private readonly begun: Begun[] = [];

  /**
   * @param work Windows' part, under way
   * @param outcome asked again and again, until there is one; `needsWindows`: and then only when Windows' part is done
   */
  start(work: Promise<unknown>, outcome: Outcome, needsWindows = true): Operation {
    let ended: string | undefined;
    const begun: Begun = {
      isDone: false,
      // What has ended stays so, whatever becomes of the module afterwards.
      status: () => (ended ??= needsWindows && !begun.isDone ? undefined : outcome(begun.failure !== undefined)),
    };
    work.then(
      () => (begun.isDone = true),
      (failure: unknown) => {
        begun.failure = failure;
        begun.isDone = true;
      },
    );
    return { id: this.begun.push(begun) - 1 };
  }

  /** @throws RigRefusal when Windows could not do it, unless the driver's answer is known; Error for an operation of another rig */
  stateOf({ id }: Operation): OperationState {
    const begun = this.begun[id];
    if (!begun) throw new Error(`This rig knows no operation ${id}.`);
    const status = begun.status();
    if (status !== undefined) return { state: 'done', status };
    if (begun.failure !== undefined) throw asRefusal(begun.failure);
    return { state: 'pending' };
  }

  /** Why Windows could not do something, and nothing that the driver did says how that ended: the machine is not as the scenario has it. */
  get failure(): RigRefusal | undefined {
    const failed = this.begun.find(({ failure, status }) => failure !== undefined && status() === undefined);
    return failed && asRefusal(failed.failure);
  }

  /** Has Windows not answered yet whoever asked it for something? */
  get waitForWindows(): boolean {
    return this.begun.some(({ isDone }) => !isDone);
  }

  /** Is something under way? What has failed is not. */
  get areUnderWay(): boolean {
    return this.begun.some(({ status, failure }) => failure === undefined && status() === undefined);
  }
}

/** @returns a failure of the machine as one of the rig's */
export function asRefusal(failure: unknown): RigRefusal {
  if (failure instanceof RigRefusal) return failure;
  return new RigRefusal('environment', failure instanceof Error ? failure.message : String(failure));
}
