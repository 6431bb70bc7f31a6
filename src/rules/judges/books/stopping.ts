import type { Crossing } from '../../../trace';

const STOPS: ReadonlySet<string> = new Set([
  'NetEventQueryRemoveDevice',
  'NetEventQueryPower',
  'NetEventFilterPreDetach',
  'NdisDevicePnPEventSurpriseRemoved',
]);
const SET_POWER = 'NetEventSetPower';

/**
 * Modules that were told that their adapter is about to go or to sleep. A filter may refuse work from then on, whatever
 * its state, until it is told otherwise or restarted.
 */
export class Stopping {
  private readonly modules = new Map<string, Crossing>();

  /** @returns the crossing that told the module to stop */
  since(module: string): Crossing | undefined {
    return this.modules.get(module);
  }

  forget(): void {
    this.modules.clear();
  }

  /** @param crossing a PnP event that reaches the module */
  told(crossing: Crossing): void {
    const { module } = crossing;
    const event = crossing.args?.['event'];
    if (module === undefined || typeof event !== 'string') return;
    const awake = event === SET_POWER && crossing.args?.['power'] === 'D0';
    if (awake || event === 'NetEventCancelRemoveDevice') this.modules.delete(module);
    else if (event === SET_POWER || STOPS.has(event)) this.modules.set(module, crossing);
  }

  /** FilterRestart is entered. */
  goesOn({ module }: Crossing): void {
    if (module !== undefined) this.modules.delete(module);
  }
}
