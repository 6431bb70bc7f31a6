/** What becomes of the machine, until the scenario that it happens in takes it over. */
import type { MachineNotes, MachineStop } from './notes';

export class ScenarioNotes {
  private boot: string | undefined;
  private lost = 0;
  private stop: MachineStop | undefined;

  /** @param boot the start of the machine that is played in; one that is known already stays */
  begin(boot: string): void {
    this.boot ??= boot;
  }

  /** Observations are missing for good. */
  miss(count: number): void {
    if (this.boot !== undefined) this.lost += count;
  }

  stopped(stop: MachineStop): void {
    this.stop = stop;
  }

  /** @returns what there is since the last call; undefined where nothing was played */
  take(): MachineNotes | undefined {
    const { boot, lost, stop } = this;
    this.boot = undefined;
    this.lost = 0;
    this.stop = undefined;
    return boot === undefined ? undefined : { boot, ...(lost > 0 && { lost }), ...(stop && { stop }) };
  }
}
