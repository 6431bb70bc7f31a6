import type { Adapter, Rig } from '../../adapters/contract';
import { abilitiesOf } from './needs';

/** In sum 10 s, what Driver Verifier allows a pause: a driver that polls, batches or shapes is done sooner. */
const WAITS_MS: readonly number[] = [100, 900, 9_000];

/**
 * What a driver has begun it may finish by a timer. An adapter settles without letting any fire, so that scenarios can come in
 * between; where something is expected to be over, time passes before it is missed.
 */
export class Patience {
  /**
   * @param stage the adapter with the driver under test
   * @param rig opens the rig, or gives the one that is open
   */
  constructor(
    private readonly stage: () => Adapter,
    private readonly rig: () => Promise<Rig>,
  ) {}

  /**
   * Looks, and looks again after some time as long as it is not what is awaited.
   * @returns what was found in the end; at once where the adapter cannot let time pass
   */
  async until<T>(look: () => Promise<T>, isAwaited: (found: T) => boolean): Promise<T> {
    let found = await look();
    for (const milliseconds of WAITS_MS) {
      if (isAwaited(found) || !(await this.canWait())) break;
      await (await this.rig()).letTimePass(milliseconds);
      found = await look();
    }
    return found;
  }

  /** Can the adapter let time pass? */
  async canWait(): Promise<boolean> {
    const { capabilities } = await abilitiesOf(this.stage());
    return capabilities.adapter.includes('virtualTime');
  }
}
