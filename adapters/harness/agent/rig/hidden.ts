/** Windows goes on by itself: how far a scenario is shown what it has not asked for yet. */
import type { Crossing } from '../../../../src/trace';
import type { Turn } from './lives';

export class Hidden {
  /** Windows restarts by itself what the scenario has only paused or attached: from this crossing on, its next restart is not shown. */
  private restart: number | undefined;
  /** The timer wakes up the machine that the scenario has put to sleep: from this crossing on, nothing is shown that came with power. */
  private wake: number | undefined;

  /** The next restart after so many crossings is not the scenario's, until it asks for one. */
  hideRestart(from: number): void {
    this.restart = from;
  }

  /** The scenario asks for the restart. @returns where it begins; undefined when none is hidden or to come */
  showRestart(): number | undefined {
    const from = this.restart;
    this.restart = undefined;
    return from;
  }

  /** The machine goes to sleep after so many crossings. */
  hideWake(from: number): void {
    this.wake = from;
  }

  /** The scenario wakes the machine up. @returns where it fell asleep; undefined when it did not */
  showWake(): number | undefined {
    const from = this.wake;
    this.wake = undefined;
    return from;
  }

  get isAsleep(): boolean {
    return this.wake !== undefined;
  }

  /** Windows is to restart what is paused. */
  get awaitsRestart(): boolean {
    return this.restart !== undefined || this.wake !== undefined;
  }

  /** @returns the first of the crossings that is not shown; undefined when all are */
  firstOf(crossings: readonly Crossing[], turns: readonly Turn[]): number | undefined {
    const from = Math.min(this.restart ?? Infinity, this.wake ?? Infinity);
    if (from === Infinity) return undefined;
    const restarted = turns.find(({ index, state }) => index >= from && state === 'Restarting')?.index ?? Infinity;
    const since = this.wake ?? Infinity;
    const powered = crossings.findIndex((crossing, index) => index >= since && isWake(crossing));
    const first = Math.min(restarted, powered < 0 ? Infinity : powered);
    return first === Infinity ? undefined : first;
  }
}

/** @see https://learn.microsoft.com/windows-hardware/drivers/ddi/netpnp/ns-netpnp-_net_pnp_event: NetEventSetPower with NdisDeviceStateD0 */
function isWake({ dir, ddi, args }: Crossing): boolean {
  return (
    dir === '->' && ddi === 'FilterNetPnPEvent' && args?.['event'] === 'NetEventSetPower' && args['power'] === 'D0'
  );
}
