import type { SpinLock } from '../../../../src/kernel';
import type { Guest } from '../guest';

/** NDIS_SPIN_LOCK: a KSPIN_LOCK and the IRQL from before it was taken. */
const SIZE = 0x10;

/** Spin locks of drivers that call the functions of ndis.sys instead of the inline ones. */
export class SpinLocks {
  private readonly locks = new Map<number, SpinLock>();

  constructor(private readonly guest: Guest) {}

  initialize(at: number): void {
    this.guest.touch('write', at, SIZE);
    this.guest.memory.fill(at, SIZE, 0);
    this.locks.set(at, this.guest.kernel.newSpinLock());
  }

  /** @returns the lock at an offset; zeroed memory is a lock too */
  at(at: number): SpinLock {
    this.guest.touch('write', at, SIZE);
    const known = this.locks.get(at);
    if (known) return known;
    const lock = this.guest.kernel.newSpinLock();
    this.locks.set(at, lock);
    return lock;
  }
}
