import type { Crossing } from '../../../trace';
import type { Reading } from '../../rule';
import type { ThreadBook } from './thread-book';

interface Sleep {
  /** `->FilterNetPnPEvent` with a sleep state. */
  readonly entry: Crossing;
  /** Its return: what begins from here on knows of it. */
  exit: Crossing | undefined;
  /** The stack restarts before the event says D0: the adapter is up again. */
  restarted: boolean;
}

/** Which modules sit on an adapter in low power: from NetEventSetPower with a sleep state to NetEventSetPower with D0. */
export class LowPower {
  private readonly sleeps = new Map<string, Sleep>();

  constructor(private readonly threads: ThreadBook) {}

  /** @param crossing `<-FilterNetPnPEvent`, with the thread's book brought up to it */
  knows(crossing: Crossing): void {
    const sleep = crossing.module === undefined ? undefined : this.sleeps.get(crossing.module);
    if (sleep && this.threads.opener === sleep.entry) sleep.exit ??= crossing;
  }

  /** FilterRestart is entered. */
  restarted({ module }: Crossing): void {
    const sleep = module === undefined ? undefined : this.sleeps.get(module);
    if (sleep) sleep.restarted = true;
  }

  /** FilterAttach is entered: another life. */
  attached({ module }: Crossing): void {
    if (module !== undefined) this.sleeps.delete(module);
  }

  get someoneSleeps(): boolean {
    return this.sleeps.size > 0;
  }

  /** @returns whether the module was told to sleep and not to wake up */
  isAsleep(module: string): boolean {
    return this.sleeps.has(module);
  }

  /**
   * @param origination something that the filter starts for the module
   * @returns the event that forbids it and how strictly; undefined when the module is awake
   */
  forbids(module: string, origination: Crossing): { readonly event: Crossing; readonly reading: Reading } | undefined {
    const sleep = this.sleeps.get(module);
    if (!sleep) return undefined;
    const root = this.threads.rootOf(origination);
    const beganAsleep = root !== undefined && sleep.exit !== undefined && root.seq > sleep.exit.seq;
    return { event: sleep.entry, reading: beganAsleep && !sleep.restarted ? 'default' : 'strict' };
  }

  forget(): void {
    this.sleeps.clear();
  }

  /** @param crossing `->FilterNetPnPEvent` */
  told(crossing: Crossing): void {
    const { module } = crossing;
    const event = crossing.args?.['event'];
    if (module === undefined || (event !== undefined && event !== 'NetEventSetPower')) return;
    const power = crossing.args?.['power'];
    // An event that is not written down may be the one that wakes the adapter up.
    if (power === 'D0' || power === undefined || event === undefined) this.sleeps.delete(module);
    else if (typeof power === 'string') this.sleeps.set(module, { entry: crossing, exit: undefined, restarted: false });
  }
}
