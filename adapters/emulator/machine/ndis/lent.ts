import type { GuestMemory, Protection } from '../../cpu/contract';
import type { WatchedRange, WatchedRanges } from '../watched';
import { CLOSED, OPEN } from './ground';

/** What the model says about an access; it throws when the access ends the system. */
export type OnTouch = (access: 'read' | 'write', field: number) => void;

/**
 * Memory of NDIS or a neighbour that the driver may use at times. While it is closed every access of the driver is first told
 * to the model, which knows whether it is a fault, and then allowed.
 */
export class LentMemory implements WatchedRange {
  private rights: Protection = CLOSED;

  constructor(
    private readonly memory: GuestMemory,
    ranges: WatchedRanges,
    readonly offset: number,
    readonly length: number,
    private readonly onTouch: OnTouch,
    /** What it allows while it is lent out. */
    private readonly whenOpen: Protection = OPEN,
  ) {
    ranges.add(this);
  }

  open(): void {
    this.allow(this.whenOpen);
  }

  close(): void {
    this.allow(CLOSED);
  }

  onAccess(access: 'read' | 'write', field: number): Protection {
    this.onTouch(access, Math.max(0, field));
    return OPEN;
  }

  protection(): Protection {
    return this.rights;
  }

  private allow(rights: Protection): void {
    this.rights = rights;
    this.memory.protect(this.offset, this.length, rights);
  }
}

/** @returns the name of the member that an offset in a structure is in */
export function memberAt(members: readonly (readonly [number, string])[], offset: number): string {
  let name = '';
  for (const [start, member] of members) if (start <= offset) name = member;
  return name;
}
