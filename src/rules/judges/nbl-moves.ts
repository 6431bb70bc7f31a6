import type { ArgValue, Crossing } from '../../trace';
import { remember } from './books/recent';

/** What a filter has done to an NBL or net buffer and has to undo. */
export interface Move {
  bytes: number;
  readonly at: Crossing;
  /** A call whose result or size is not written down. */
  unsure: boolean;
}

/** What a module had done when it handed the NBL on to another module of the driver. */
interface Aside {
  readonly module: string;
  readonly move: Move;
}

/**
 * Context space that was taken, or bytes by which a data start was moved, by the name of the NBL or net buffer. Where one module of the
 * driver hands an NBL on to the next, each has to undo its own part: that of the first waits aside until the NBL is back with it.
 */
export class Moves {
  private readonly open = new Map<string, Move>();
  private readonly aside = new Map<string, Aside[]>();

  get areNone(): boolean {
    return this.open.size === 0 && this.aside.size === 0;
  }

  /** What has to be undone before the NBL goes home. */
  get(name: string): Move | undefined {
    return this.open.get(name);
  }

  /** It is undone, or told. */
  settle(name: string): void {
    this.open.delete(name);
  }

  /** A call that may or may not succeed: until its return tells, nothing is known. */
  asks(name: ArgValue | undefined, crossing: Crossing): void {
    if (typeof name !== 'string') return;
    this.open.set(name, { ...(this.open.get(name) ?? { bytes: 0, at: crossing }), unsure: true });
  }

  returned(name: string, bytes: ArgValue | undefined, crossing: Crossing): void {
    const move = this.open.get(name);
    if (move) move.unsure = false;
    if (crossing.status === undefined) this.asks(name, crossing);
    else if (/SUCCESS$/.test(crossing.status)) this.adds(name, bytes, crossing);
    else if (move?.bytes === 0) this.open.delete(name);
  }

  adds(name: string, bytes: ArgValue | undefined, crossing: Crossing): void {
    const move = this.open.get(name);
    const sum = (move?.bytes ?? 0) + (typeof bytes === 'number' ? bytes : 0);
    const unsure = (move?.unsure ?? false) || typeof bytes !== 'number';
    if (sum === 0 && !unsure) this.open.delete(name);
    else this.open.set(name, { bytes: sum, at: move && move.bytes !== 0 ? move.at : crossing, unsure });
  }

  /**
   * It comes to a module anew.
   * @param from the module of the driver that handed it on and waits for it; undefined when it comes from a neighbour
   */
  arrives(name: string, from: string | undefined): void {
    const move = this.open.get(name);
    this.open.delete(name);
    if (from === undefined) {
      this.aside.delete(name);
    } else if (move) {
      remember(this.aside, name, { module: from, move });
    }
  }

  /** It is back with a module that had handed it on: what that one did counts again, and what others did is over. */
  isBack(name: string, module: string | undefined): void {
    const waiting = this.aside.get(name);
    const index = waiting?.findLastIndex((entry) => entry.module === module) ?? -1;
    const entry = waiting?.[index];
    if (!waiting || !entry) return;
    this.open.set(name, entry.move);
    if (index === 0) this.aside.delete(name);
    else waiting.length = index;
  }

  forget(): void {
    this.open.clear();
    this.aside.clear();
  }
}
