import type { Alias, GuestMemory } from '../cpu/contract';
import { GUEST_BASE } from '../cpu/contract';
import type { Kernel } from '../../../src/kernel';
import { DISPATCH_LEVEL } from '../../../src/trace';
import { Arena } from './arena';
import { READ_WRITE, USER_SIZE } from './layout';

/** Where applications have their buffers: below everything that is the kernel's. */
const ADDRESS = 0x0000_0200_0000_0000n;

/** MmUserProbeAddress: the highest pages of the user half are never anybody's. */
export const USER_PROBE_ADDRESS = 0x7fff_ffff_0000n;
export const SYSTEM_RANGE_START = 0xffff_8000_0000_0000n;

/** @returns whether the running thread is an application's, in a request that it has made */
export function isOfApplication({ running }: Kernel): boolean {
  return running?.frames[0]?.ddi.startsWith('IRP_MJ_') === true;
}

/**
 * Memory of the application that requests come from. Its addresses mean something on threads of the application only, and, as
 * it may be paged out, below DISPATCH_LEVEL; a driver that has locked it reaches it at an address of the system.
 */
export class UserMemory {
  private readonly arena: Arena;

  /** @param start of the range of the window that is the application's */
  constructor(
    private readonly kernel: Kernel,
    private readonly memory: GuestMemory,
    private readonly start: number,
  ) {
    this.arena = new Arena('memory of applications', start, start + USER_SIZE);
  }

  get alias(): Alias {
    return { address: ADDRESS, offset: this.start, length: USER_SIZE, isThere: () => this.isThere() };
  }

  /** @returns the address of zeroed bytes */
  allocate(length: number): bigint {
    const offset = this.arena.take(Math.max(length, 1), 16, 32);
    this.memory.protect(offset, length, READ_WRITE);
    return ADDRESS + BigInt(offset - this.start);
  }

  /** @returns where the system sees a locked buffer; the address itself when it is the system's already */
  mapped(address: bigint): bigint {
    const offset = this.memory.offsetOf(address);
    return offset === undefined ? address : GUEST_BASE + BigInt(offset);
  }

  private isThere(): boolean {
    return this.kernel.thread.irql < DISPATCH_LEVEL && isOfApplication(this.kernel);
  }
}
