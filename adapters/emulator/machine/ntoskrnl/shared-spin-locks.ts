import type { Call, SpinLock } from '../../../../src/kernel';
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { define, DISPATCH, HIGH, type GuestExport } from './define';

const EX_SPIN_LOCK = 4;

interface SharedSpinLock {
  /** Stands for the lock in traces; its owner is the writer. */
  readonly lock: SpinLock;
  readers: number;
}

/** EX_SPIN_LOCKs by their address: many readers or one writer, at DISPATCH_LEVEL. */
class SharedSpinLocks {
  private readonly locks = new Map<number, SharedSpinLock>();

  constructor(private readonly guest: Guest) {}

  /** @returns the lock at an address; zeroed memory is a free lock */
  at(offset: number): SharedSpinLock {
    this.guest.touch('write', offset, EX_SPIN_LOCK);
    const known = this.locks.get(offset);
    if (known) return known;
    const made = { lock: this.guest.kernel.newSpinLock(), readers: 0 };
    this.locks.set(offset, made);
    return made;
  }

  isFree(offset: number, isExclusive: boolean): boolean {
    const { lock, readers } = this.at(offset);
    return lock.owner === undefined && (!isExclusive || readers === 0);
  }

  /** @returns the IRQL before */
  *acquire(offset: number, isExclusive: boolean): Call<number> {
    const { kernel } = this.guest;
    const known = this.at(offset);
    const { lock } = known;
    const { thread } = kernel;
    const before = thread.irql;
    const ready = (): boolean => this.isFree(offset, isExclusive);
    kernel.spend();
    if (kernel.interruptible || !ready()) yield { point: 'NdisAcquireSpinLock', ready, lock };
    if (isExclusive) lock.owner = thread;
    else known.readers += 1;
    thread.irql = Math.max(before, DISPATCH);
    thread.locks.push(lock);
    return before;
  }

  /** @throws Bugcheck 0x10 when the thread does not hold it. @param irql to go to */
  *release(offset: number, irql: number): Call<void> {
    const { guest } = this;
    const { kernel } = guest;
    const known = this.at(offset);
    yield* kernel.point('NdisReleaseSpinLock');
    const { thread } = kernel;
    const index = thread.locks.lastIndexOf(known.lock);
    if (index < 0) {
      throw guest.stop('0x10', 'SPIN_LOCK_NOT_OWNED', 'a shared spin lock was released by a thread without it', [
        known.lock.id,
      ]);
    }
    thread.locks.splice(index, 1);
    if (known.lock.owner === thread) known.lock.owner = undefined;
    else known.readers -= 1;
    thread.irql = irql;
  }

  /** The only reader becomes the writer. @returns false when there are others */
  promote(offset: number): boolean {
    const known = this.at(offset);
    if (known.lock.owner !== undefined || known.readers !== 1) return false;
    known.readers = 0;
    known.lock.owner = this.guest.kernel.thread;
    return true;
  }
}

/** Spin locks that readers share. */
export const sharedSpinLockExports: readonly GuestExport[] = [
  ...([false, true] as const).flatMap((isExclusive) => {
    const kind = isExclusive ? 'Exclusive' : 'Shared';
    const page = (name: string): string => `wdm/nf-wdm-${name.toLowerCase()}`;
    const acquire = (guest: Guest, call: GuestCall): Call<number> =>
      guest.part(SharedSpinLocks).acquire(call.pointer(0), isExclusive);
    const names = {
      acquire: `ExAcquireSpinLock${kind}`,
      acquireAtDpc: `ExAcquireSpinLock${kind}AtDpcLevel`,
      tryAcquire: `ExTryAcquireSpinLock${kind}AtDpcLevel`,
      release: `ExReleaseSpinLock${kind}`,
      releaseFromDpc: `ExReleaseSpinLock${kind}FromDpcLevel`,
    };
    return [
      define(names.acquire, DISPATCH, page(names.acquire), acquire),
      define(names.acquireAtDpc, HIGH, page(names.acquireAtDpc), acquire),
      define(names.tryAcquire, HIGH, page(names.tryAcquire), function* (guest, call) {
        const locks = guest.part(SharedSpinLocks);
        if (!locks.isFree(call.pointer(0), isExclusive)) return false;
        yield* locks.acquire(call.pointer(0), isExclusive);
        return true;
      }),
      define(names.release, HIGH, page(names.release), (guest, call) =>
        guest.part(SharedSpinLocks).release(call.pointer(0), call.u8(1)),
      ),
      define(names.releaseFromDpc, HIGH, page(names.releaseFromDpc), (guest, call) =>
        guest.part(SharedSpinLocks).release(call.pointer(0), guest.kernel.thread.irql),
      ),
    ];
  }),
  define('ExTryConvertSharedSpinLockExclusive', HIGH, 'wdm/nf-wdm-extryconvertsharedspinlockexclusive', (guest, call) =>
    guest.part(SharedSpinLocks).promote(call.pointer(0)),
  ),
];
