/** Driver Verifier of the fake machine: what is set holds from the next start on. */
export interface VerifierSettings {
  readonly flags: number;
  readonly drivers: readonly string[];
}

const NDIS_WIFI = 0x200000;
/** What the rule NdisFilterTimedPauseComplete allows a pause. */
const PAUSE_MS = 10_000;

export class DriverVerifier {
  settings: VerifierSettings | undefined;
  active: VerifierSettings | undefined;
  private pausingSince: number | undefined;

  start(): void {
    this.active = this.settings;
    this.pausingSince = undefined;
  }

  /** @param now ms @returns parameters of bugcheck 0xC4, when a watched filter takes too long to pause */
  look(now: number, isPausing: boolean): readonly string[] | undefined {
    if (!isPausing) this.pausingSince = undefined;
    else this.pausingSince ??= now;
    const isWatched = ((this.active?.flags ?? 0) & NDIS_WIFI) !== 0;
    if (!isWatched || this.pausingSince === undefined || now - this.pausingSince <= PAUSE_MS) return undefined;
    return ['0x92010', '0x0', '0x0', '0x0'];
  }
}
