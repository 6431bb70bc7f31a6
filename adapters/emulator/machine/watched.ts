import type { Protection } from '../cpu/contract';

/**
 * A range of guest memory whose accesses somebody wants to know of: an NBL that the driver does not hold. Its owner takes
 * the rights away (`memory.protect`); an access that the shadow then denies comes to `onAccess` first.
 */
export interface WatchedRange {
  readonly offset: number;
  readonly length: number;
  /**
   * @param access of the guest
   * @param field first byte of the access, counted from the beginning of the range; negative when it begins in front of it
   * @returns what the range allows for the one instruction (or the one export) that is then executed
   * @throws Bugcheck when the access stops the system
   */
  onAccess(access: 'read' | 'write', field: number): Protection;
  /** What the range allows otherwise: it is put back afterwards. */
  protection(): Protection;
}

const GRAIN = 256;

/** Finds ranges by address. They do not overlap. */
export class WatchedRanges {
  private readonly grains = new Map<number, Set<WatchedRange>>();

  add(range: WatchedRange): void {
    for (const grain of grainsOf(range)) {
      const here = this.grains.get(grain);
      if (here) here.add(range);
      else this.grains.set(grain, new Set([range]));
    }
  }

  remove(range: WatchedRange): void {
    for (const grain of grainsOf(range)) this.grains.get(grain)?.delete(range);
  }

  /** @returns the range that a byte is in */
  at(offset: number): WatchedRange | undefined {
    for (const range of this.grains.get(Math.floor(offset / GRAIN)) ?? []) {
      if (offset >= range.offset && offset < range.offset + range.length) return range;
    }
    return undefined;
  }
}

function grainsOf(range: WatchedRange): number[] {
  const first = Math.floor(range.offset / GRAIN);
  const last = Math.floor((range.offset + range.length - 1) / GRAIN);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
