import type { Rig, StopPoint } from '../../adapters/contract';
import { NotObserved } from './expectation';

/** Where a scenario has asked threads of the driver to stop. */
export class Stops {
  private open = false;

  constructor(private readonly rig: () => Promise<Rig>) {}

  /** Stops the next thread that comes there. */
  async before(point: StopPoint): Promise<void> {
    await (await this.rig()).stopBefore(point);
    this.open = true;
  }

  async letGo(): Promise<void> {
    this.open = false;
    await (await this.rig()).letGo();
  }

  /** @throws NotObserved when no thread stands still */
  async reached(): Promise<void> {
    const stopped = await (await this.rig()).stopped();
    if (stopped.length === 0) throw new NotObserved('the driver did not come to the place where it was to be stopped');
  }

  /** @throws NotObserved when a thread was to be stopped and none was: nothing waits for it then */
  async reachedIfAny(): Promise<void> {
    if (this.open) await this.reached();
  }
}
