/** NDIS stops the system when a filter does not come to an end with a pause or a detach. */
import type { FilterModule } from '../../../src/ndis';

/** How long it lets a filter take. The real time is not published. */
const LIMIT_MS = 120_000;
const KINDS: Readonly<Record<string, string>> = { Pausing: '0x11', Detaching: '0x14' };

export class NdisWatchdog {
  private stuckSince: number | undefined;

  start(): void {
    this.stuckSince = undefined;
  }

  /** @param now ms @returns parameters of bugcheck 0x7C, when a module takes too long */
  look(now: number, modules: readonly FilterModule[]): readonly string[] | undefined {
    const stuck = modules.find(({ state }) => state in KINDS);
    if (!stuck) this.stuckSince = undefined;
    else if (this.stuckSince === undefined) this.stuckSince = now;
    else if (now - this.stuckSince > LIMIT_MS) return ['0x25', KINDS[stuck.state] ?? '0x0'];
    return undefined;
  }
}
