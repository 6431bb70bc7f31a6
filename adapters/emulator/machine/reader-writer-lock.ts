import type { Call, SpinLock } from '../../../src/kernel';
import { DISPATCH_LEVEL } from '../../../src/trace';
import type { Guest } from './guest';

/** A spin lock that many readers or one writer hold, at DISPATCH_LEVEL: those of the kernel and those of NDIS. */
export class ReaderWriterLock {
  /** Stands for the lock in traces; its owner is the writer. */
  private readonly lock: SpinLock;
  private readers = 0;

  constructor(private readonly guest: Guest) {
    this.lock = guest.kernel.sync.newSpinLock();
  }

  /** @returns false when an acquisition would have to wait */
  isFree(isExclusive: boolean): boolean {
    return this.lock.owner === undefined && (!isExclusive || this.readers === 0);
  }

  /**
   * Waits until it is free, and raises the IRQL.
   * @param raise false when the caller says that it is at DISPATCH_LEVEL already
   * @returns the IRQL before
   */
  *acquire(isExclusive: boolean, raise = true): Call<number> {
    const { kernel } = this.guest;
    const { lock } = this;
    const { thread } = kernel;
    const before = thread.irql;
    const ready = (): boolean => this.isFree(isExclusive);
    kernel.spend();
    if (kernel.interruptible || !ready()) yield { point: 'NdisAcquireSpinLock', ready, lock };
    if (isExclusive) lock.owner = thread;
    else this.readers += 1;
    if (raise) thread.irql = Math.max(before, DISPATCH_LEVEL);
    thread.locks.push(lock);
    return before;
  }

  /**
   * @param kind of lock, for the message
   * @param oldIrql the IRQL to go to, asked for when the lock is about to be released
   * @throws Bugcheck 0x10 when the thread does not hold it
   */
  *release(kind: string, oldIrql: () => number): Call<void> {
    const { guest, lock } = this;
    const { kernel } = guest;
    yield* kernel.point('NdisReleaseSpinLock');
    const irql = oldIrql();
    const { thread } = kernel;
    const index = thread.locks.lastIndexOf(lock);
    if (index < 0) {
      throw guest.stop('0x10', 'SPIN_LOCK_NOT_OWNED', `${kind} was released by a thread without it`, [lock.id]);
    }
    thread.locks.splice(index, 1);
    if (lock.owner === thread) lock.owner = undefined;
    else this.readers -= 1;
    thread.irql = irql;
  }

  /** The only reader becomes the writer. @returns false when there are others */
  promote(): boolean {
    if (this.lock.owner !== undefined || this.readers !== 1) return false;
    this.readers = 0;
    this.lock.owner = this.guest.kernel.thread;
    return true;
  }
}
