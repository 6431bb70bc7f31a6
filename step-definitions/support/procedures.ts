import type { Operation, OperationState, Rig } from '../../adapters/contract';
import type { Crossing } from '../../src/trace';
import { startsFrom } from './expectation';
import { succeeded, toldState } from './outcomes';
import type { Patience } from './patience';
import { trafficOf } from './traffic';

/** What NDIS, the administrator and the system do with the driver: the last of each kind, `attach` or `disabling`. */
export class Procedures {
  private readonly last = new Map<string, Operation>();

  /**
   * @param rig opens the rig, or gives the one that is open
   * @param seen crossings so far; none when the adapter does not see them
   */
  constructor(
    private readonly rig: () => Promise<Rig>,
    private readonly patience: Patience,
    private readonly seen: () => Promise<readonly Crossing[]>,
  ) {}

  /** Remembers the last operation of a kind. */
  note(procedure: string, operation: Operation): void {
    this.last.set(procedure, operation);
  }

  /**
   * A stimulus: the operation may stay under way. What the scenario does next is to meet a driver that has done what it had begun, unless
   * that waits for what the scenario does.
   */
  async begin(procedure: string, operation: Operation): Promise<void> {
    this.note(procedure, operation);
    if (!(await this.patience.canWait())) return;
    const { state } = await this.outcome(procedure);
    if (state === 'pending') await this.catchUp();
  }

  /** The driver gets the time to do what it has begun, where nobody else is waited for. */
  async catchUp(): Promise<void> {
    await this.patience.until(
      () => this.isUpToTheDriver(),
      (isWaitedFor) => !isWaitedFor,
    );
  }

  /** How the last operation of a kind stands. @throws Error when there was none */
  async outcome(procedure: string): Promise<OperationState> {
    const operation = this.last.get(procedure);
    if (!operation) throw new Error(`no ${procedure} was begun in this scenario`);
    return (await this.rig()).operation(operation);
  }

  /** How it ends, if it ends in time. */
  async end(procedure: string): Promise<OperationState> {
    return this.patience.until(
      () => this.outcome(procedure),
      ({ state }) => state !== 'pending',
    );
  }

  /** A module is on its way, and neither a neighbour nor the driver has anything of anybody, and no thread stands still. */
  private async isUpToTheDriver(): Promise<boolean> {
    const rig = await this.rig();
    const onTheWay = (await rig.modules()).filter(({ state }) => state === 'Pausing' || state === 'Restarting');
    if (onTheWay.length === 0 || (await rig.stopped()).length > 0) return false;
    for (const { adapter } of onTheWay) {
      const { miniportSends, protocolReceives, miniportOids } = await rig.neighbours(adapter);
      if (miniportSends.length + protocolReceives.length + miniportOids.length > 0) return false;
    }
    const { sendsHeld, receivesHeld } = trafficOf(await this.seen());
    return sendsHeld.length + receivesHeld.length === 0;
  }

  /** Arranges: the operation must end well. */
  async arrange(procedure: string, operation: Operation): Promise<void> {
    this.note(procedure, operation);
    await this.arranged(procedure);
  }

  /** @throws NotObserved when the last operation of a kind did not end well */
  async arranged(procedure: string): Promise<void> {
    const state = await this.end(procedure);
    startsFrom(
      succeeded(state),
      `${/^[aeiou]/.test(procedure) ? 'an' : 'a'} ${procedure} that succeeds`,
      toldState(state),
    );
  }
}
