import type { Call, Kernel } from '../../src/kernel';
import type { Operation, OperationState } from '../contract';

/** Operations under way on one machine, and how each of them stands. */
export class Operations {
  private readonly outcomes: (string | undefined)[] = [];

  /** @param isOver no stimulus has an effect any more: the system has stopped, or the rig is closed */
  constructor(
    private readonly kernel: Kernel,
    private readonly isOver: () => boolean,
  ) {}

  /**
   * Performs a stimulus on a new kernel thread.
   * @param body ends with the status of the operation
   */
  start(name: string, body: () => Call<string>): Operation {
    const id = this.outcomes.push(undefined) - 1;
    if (!this.isOver()) {
      this.kernel.spawn(name, this.run(id, body));
      this.kernel.settle();
    }
    return { id };
  }

  /** @throws Error for an operation of another rig */
  stateOf(operation: Operation): OperationState {
    if (operation.id < 0 || operation.id >= this.outcomes.length) {
      throw new Error(`This rig knows no operation ${operation.id}.`);
    }
    const status = this.outcomes[operation.id];
    if (status !== undefined) return { state: 'done', status };
    const { bugcheck } = this.kernel;
    return bugcheck ? { state: 'crashed', bugcheck: bugcheck.message } : { state: 'pending' };
  }

  private *run(id: number, body: () => Call<string>): Call<void> {
    this.outcomes[id] = yield* body();
  }
}
