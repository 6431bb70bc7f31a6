import type { Call } from '../../../../src/kernel';
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { ReaderWriterLock } from '../reader-writer-lock';
import { define, DISPATCH, HIGH, type GuestExport } from './define';

const EX_SPIN_LOCK = 4;

/** EX_SPIN_LOCKs by their address. */
class SharedSpinLocks {
  private readonly locks = new Map<number, ReaderWriterLock>();

  constructor(private readonly guest: Guest) {}

  /** @returns the lock at an address; zeroed memory is a free lock */
  at(offset: number): ReaderWriterLock {
    this.guest.touch('write', offset, EX_SPIN_LOCK);
    const known = this.locks.get(offset);
    if (known) return known;
    const made = new ReaderWriterLock(this.guest);
    this.locks.set(offset, made);
    return made;
  }
}

function lockOf(guest: Guest, call: GuestCall): ReaderWriterLock {
  return guest.part(SharedSpinLocks).at(call.pointer(0));
}

function release(guest: Guest, call: GuestCall, irql: number): Call<void> {
  return lockOf(guest, call).release('a shared spin lock', () => irql);
}

/** Spin locks that readers share. */
export const sharedSpinLockExports: readonly GuestExport[] = [
  ...([false, true] as const).flatMap((isExclusive) => {
    const kind = isExclusive ? 'Exclusive' : 'Shared';
    const page = (name: string): string => `wdm/nf-wdm-${name.toLowerCase()}`;
    const acquire = (guest: Guest, call: GuestCall): Call<number> => lockOf(guest, call).acquire(isExclusive);
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
        const lock = lockOf(guest, call);
        if (!lock.isFree(isExclusive)) return false;
        yield* lock.acquire(isExclusive);
        return true;
      }),
      define(names.release, HIGH, page(names.release), (guest, call) => release(guest, call, call.u8(1))),
      define(names.releaseFromDpc, HIGH, page(names.releaseFromDpc), (guest, call) =>
        release(guest, call, guest.kernel.thread.irql),
      ),
    ];
  }),
  define('ExTryConvertSharedSpinLockExclusive', HIGH, 'wdm/nf-wdm-extryconvertsharedspinlockexclusive', (guest, call) =>
    lockOf(guest, call).promote(),
  ),
];
