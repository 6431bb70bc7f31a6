/** fnlwf, the functional filter of win-net-test, as the top of a stack: what it keeps of what is received, and what it gives back. */
import type { Adapter as Stack, Nbl } from '../../../src/ndis';
import { CaptureFilters, type CaptureFilter } from './capture';
import type { Frames } from './frames';
import { HoldWatchdog } from './hold-watchdog';
import type { Model } from './model';

export class Fnlwf {
  private readonly filters = new CaptureFilters();
  private readonly age: HoldWatchdog<Nbl>;

  constructor(
    private readonly model: Model,
    private readonly stack: Stack,
    private readonly frames: Frames,
    /** It gave back what it held. */
    private readonly watchdog: () => void,
  ) {
    this.age = new HoldWatchdog(() => model.kernel.now);
  }

  hold(handle: object, filter: CaptureFilter): void {
    const { policy, protocol } = this.stack;
    const kept = this.filters.areThere;
    this.filters.set(handle, filter);
    policy.protocolReceives = this.filters.areThere ? 'hold' : 'later';
    if (kept && !this.filters.areThere) this.give([...protocol.receives]);
    this.moved();
  }

  /** What it holds by the filter of a handle, oldest first. */
  held(handle: object): readonly Nbl[] {
    return [...this.stack.protocol.receives].filter((nbl) => this.filters.take(this.frames.of(nbl), handle));
  }

  give(nbls: readonly Nbl[]): void {
    if (nbls.length > 0) this.model.interrupt('fnlwf', () => this.stack.protocol.returnReceives(nbls));
  }

  /** Something has happened: what it does not hold goes on at once. */
  moved(): void {
    this.age.see(new Set(this.stack.protocol.receives));
    if (!this.filters.areThere) return;
    this.give([...this.stack.protocol.receives].filter((nbl) => !this.filters.take(this.frames.of(nbl))));
  }

  /** Time has passed. @param now ms */
  passed(now: number): void {
    if (!this.age.isDue(now) || !this.filters.areThere) return;
    const { policy, protocol } = this.stack;
    if (![...protocol.receives].some((nbl) => this.age.isLate(nbl))) return;
    this.filters.clear();
    policy.protocolReceives = 'later';
    this.watchdog();
    this.give([...protocol.receives]);
  }
}
