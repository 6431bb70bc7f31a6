import type { Crossing } from '../../trace';

/** So many names are remembered. */
const MOST = 4096;

/** The last crossing of a kind under each name (of a module, of a handle): what comes often is written over, and nothing is made for it. */
export class Last {
  private readonly all = new Map<string, { at: Crossing }>();

  of(name: string): Crossing | undefined {
    return this.all.get(name)?.at;
  }

  set(name: string, at: Crossing): void {
    const known = this.all.get(name);
    if (known !== undefined) {
      known.at = at;
      return;
    }
    // A lost one only means that less is known.
    if (this.all.size >= MOST) this.all.clear();
    this.all.set(name, { at });
  }

  forget(name: string): void {
    this.all.delete(name);
  }

  forgetAll(): void {
    this.all.clear();
  }
}
