import { DISPATCH_LEVEL } from '../../../src/trace';
import type { Protection } from '../cpu/contract';
import { AT_IRQL, hexOf, PAGE_FAULT } from './faults';
import type { Guest } from './guest';
import { NOTHING } from './layout';
import type { WatchedRange } from './watched';

/** Memory of an object of the system that no longer exists. */
export class Grave implements WatchedRange {
  constructor(
    private readonly guest: Guest,
    readonly offset: number,
    readonly length: number,
    private readonly what: string,
  ) {}

  onAccess(access: 'read' | 'write', field: number): never {
    const { guest } = this;
    const { irql } = guest.kernel.thread;
    const address = hexOf(guest.address(this.offset + field));
    const reason = `the driver ${access === 'read' ? 'read' : 'wrote'} offset ${field} of ${this.what}`;
    const by = hexOf(guest.faults.instruction);
    throw irql >= DISPATCH_LEVEL
      ? guest.stop('0xD1', 'DRIVER_IRQL_NOT_LESS_OR_EQUAL', reason, [address, hexOf(BigInt(irql)), AT_IRQL[access], by])
      : guest.stop('0x50', 'PAGE_FAULT_IN_NONPAGED_AREA', reason, [address, PAGE_FAULT[access], by, '0x0']);
  }

  protection(): Protection {
    return NOTHING;
  }
}
