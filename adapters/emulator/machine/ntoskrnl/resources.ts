import type { Call } from '../../../../src/kernel';
import type { Thread } from '../../../../src/kernel';
import type { ExportModule, GuestCall } from '../contract';
import type { Guest } from '../guest';
import { STATUS } from '../status';
import { APC, checked, define, DISPATCH, type GuestExport } from './define';

/** Who is inside a lock that threads may share and that may wait. */
interface Holders {
  exclusive: Thread | undefined;
  depth: number;
  readonly shared: Thread[];
}

/** ERESOURCEs, push locks and fast mutexes by their address. */
class SharedLocks {
  private readonly holders = new Map<number, Holders>();

  constructor(private readonly guest: Guest) {}

  at(offset: number): Holders {
    this.guest.touch('write', offset, 8);
    const known = this.holders.get(offset);
    if (known) return known;
    const holders: Holders = { exclusive: undefined, depth: 0, shared: [] };
    this.holders.set(offset, holders);
    return holders;
  }

  forget(offset: number): void {
    this.holders.delete(offset);
  }

  /** @returns false when it would have to wait and may not */
  *exclusive(offset: number, name: string, mayWait: boolean, recursive: boolean): Call<boolean> {
    const { thread } = this.guest.kernel;
    const holders = this.at(offset);
    if (recursive && holders.exclusive === thread) {
      holders.depth += 1;
      return true;
    }
    const free = () => holders.exclusive === undefined && holders.shared.length === 0;
    if (!free() && !mayWait) return false;
    yield* this.guest.kernel.point(name);
    if (!free()) yield { point: name, ready: free };
    holders.exclusive = thread;
    holders.depth = 1;
    return true;
  }

  *shared(offset: number, name: string, mayWait: boolean): Call<boolean> {
    const { thread } = this.guest.kernel;
    const holders = this.at(offset);
    const free = () => holders.exclusive === undefined || holders.exclusive === thread;
    if (!free() && !mayWait) return false;
    yield* this.guest.kernel.point(name);
    if (!free()) yield { point: name, ready: free };
    holders.shared.push(thread);
    return true;
  }

  /** @throws Bugcheck 0xE3 when the thread is not inside */
  release(offset: number, name: string): void {
    const { guest } = this;
    const { thread } = guest.kernel;
    const holders = this.at(offset);
    const index = holders.shared.indexOf(thread);
    if (index >= 0) holders.shared.splice(index, 1);
    else if (holders.exclusive === thread) {
      holders.depth -= 1;
      if (holders.depth === 0) holders.exclusive = undefined;
    } else {
      throw guest.stop('0xE3', 'RESOURCE_NOT_OWNED', `${name}: the thread does not own the lock`, [
        `0x${guest.address(offset).toString(16)}`,
      ]);
    }
  }
}

const RESOURCE_SIZE = 0x68;
const FAST_MUTEX_SIZE = 0x38;

export const resourceExports: readonly GuestExport[] = [
  define('ExInitializeResourceLite', DISPATCH, 'wdm/nf-wdm-exinitializeresourcelite', (guest, call) => {
    guest.memory.fill(checked(guest, call, 0, 'write', RESOURCE_SIZE), RESOURCE_SIZE, 0);
    guest.part(SharedLocks).forget(call.pointer(0));
    return STATUS.SUCCESS;
  }),
  define('ExDeleteResourceLite', DISPATCH, 'wdm/nf-wdm-exdeleteresourcelite', (guest, call) => {
    guest.part(SharedLocks).forget(call.pointer(0));
    return STATUS.SUCCESS;
  }),
  define('ExAcquireResourceExclusiveLite', APC, 'wdm/nf-wdm-exacquireresourceexclusivelite', (guest, call) =>
    guest.part(SharedLocks).exclusive(call.pointer(0), call.name, call.bool(1), true),
  ),
  define('ExAcquireResourceSharedLite', APC, 'wdm/nf-wdm-exacquireresourcesharedlite', (guest, call) =>
    guest.part(SharedLocks).shared(call.pointer(0), call.name, call.bool(1)),
  ),
  define('ExReleaseResourceLite', DISPATCH, 'wdm/nf-wdm-exreleaseresourcelite', release),
  define('ExAcquirePushLockExclusiveEx', APC, 'wdm/nf-wdm-exacquirepushlockexclusive', (guest, call) =>
    acquire(guest, call, true),
  ),
  define('ExAcquirePushLockSharedEx', APC, 'wdm/nf-wdm-exacquirepushlockshared', (guest, call) =>
    acquire(guest, call, false),
  ),
  define('ExReleasePushLockExclusiveEx', APC, 'wdm/nf-wdm-exreleasepushlockexclusive', release),
  define('ExReleasePushLockSharedEx', APC, 'wdm/nf-wdm-exreleasepushlockshared', release),
  define('ExReleasePushLockEx', APC, 'wdm/nf-wdm-exreleasepushlockexclusive', release),
  define('ExInitializePushLock', APC, 'wdm/nf-wdm-exinitializepushlock', newPushLock),
  define('ExInitializeFastMutex', DISPATCH, 'wdm/nf-wdm-exinitializefastmutex', (guest, call) => {
    guest.memory.fill(checked(guest, call, 0, 'write', FAST_MUTEX_SIZE), FAST_MUTEX_SIZE, 0);
    guest.part(SharedLocks).forget(call.pointer(0));
  }),
  define('ExAcquireFastMutex', APC, 'wdm/nf-wdm-exacquirefastmutex', (guest, call) => acquire(guest, call, true)),
  define('ExAcquireFastMutexUnsafe', APC, 'wdm/nf-wdm-exacquirefastmutexunsafe', (guest, call) =>
    acquire(guest, call, true),
  ),
  define('ExTryToAcquireFastMutex', APC, 'wdm/nf-wdm-extrytoacquirefastmutex', (guest, call) =>
    guest.part(SharedLocks).exclusive(call.pointer(0), call.name, false, false),
  ),
  define('KeInitializeGuardedMutex', DISPATCH, 'wdm/nf-wdm-keinitializeguardedmutex', (guest, call) => {
    guest.memory.fill(checked(guest, call, 0, 'write', FAST_MUTEX_SIZE), FAST_MUTEX_SIZE, 0);
    guest.part(SharedLocks).forget(call.pointer(0));
  }),
  ...(['KeAcquireGuardedMutex', 'KeAcquireGuardedMutexUnsafe'] as const).map((name) =>
    define(name, APC, `wdm/nf-wdm-${name.toLowerCase()}`, (guest, call) => acquire(guest, call, true)),
  ),
  define('KeTryToAcquireGuardedMutex', APC, 'wdm/nf-wdm-ketrytoacquireguardedmutex', (guest, call) =>
    guest.part(SharedLocks).exclusive(call.pointer(0), call.name, false, false),
  ),
  ...(['KeReleaseGuardedMutex', 'KeReleaseGuardedMutexUnsafe'] as const).map((name) =>
    define(name, APC, `wdm/nf-wdm-${name.toLowerCase()}`, release),
  ),
  ...(['ExAcquireSharedStarveExclusive', 'ExAcquireSharedWaitForExclusive'] as const).map((name) =>
    define(name, DISPATCH, `wdm/nf-wdm-${name.toLowerCase()}`, (guest, call) =>
      guest.part(SharedLocks).shared(call.pointer(0), call.name, call.bool(1)),
    ),
  ),
  define('ExReinitializeResourceLite', DISPATCH, 'wdm/nf-wdm-exreinitializeresourcelite', (guest, call) => {
    guest.part(SharedLocks).forget(call.pointer(0));
    return STATUS.SUCCESS;
  }),
  define(
    'ExEnterCriticalRegionAndAcquireResourceExclusive',
    APC,
    'ntddk/nf-ntddk-exentercriticalregionandacquireresourceexclusive',
    (guest, call) => guest.part(SharedLocks).exclusive(call.pointer(0), call.name, true, true),
  ),
  define(
    'ExEnterCriticalRegionAndAcquireResourceShared',
    APC,
    'ntddk/nf-ntddk-exentercriticalregionandacquireresourceshared',
    (guest, call) => guest.part(SharedLocks).shared(call.pointer(0), call.name, true),
  ),
  define(
    'ExReleaseResourceAndLeaveCriticalRegion',
    DISPATCH,
    'ntddk/nf-ntddk-exreleaseresourceandleavecriticalregion',
    release,
  ),
  define(
    'ExIsResourceAcquiredExclusiveLite',
    DISPATCH,
    'wdm/nf-wdm-exisresourceacquiredexclusivelite',
    (guest, call) => guest.part(SharedLocks).at(call.pointer(0)).exclusive === guest.kernel.thread,
  ),
  define('ExIsResourceAcquiredSharedLite', DISPATCH, 'wdm/nf-wdm-exisresourceacquiredsharedlite', (guest, call) => {
    const { exclusive, depth, shared } = guest.part(SharedLocks).at(call.pointer(0));
    const { thread } = guest.kernel;
    return exclusive === thread ? depth : shared.filter((one) => one === thread).length;
  }),
  define('ExReleaseFastMutex', APC, 'wdm/nf-wdm-exreleasefastmutex', release),
  define('ExReleaseFastMutexUnsafe', APC, 'wdm/nf-wdm-exreleasefastmutexunsafe', release),
];

function* acquire(guest: Guest, call: GuestCall, isExclusive: boolean): Call<void> {
  const locks = guest.part(SharedLocks);
  if (isExclusive) yield* locks.exclusive(call.pointer(0), call.name, true, false);
  else yield* locks.shared(call.pointer(0), call.name, true);
}

function release(guest: Guest, call: GuestCall): void {
  guest.part(SharedLocks).release(call.pointer(0), call.name);
}

function newPushLock(guest: Guest, call: GuestCall): void {
  guest.memory.setU64(checked(guest, call, 0, 'write', 8), 0n);
  guest.part(SharedLocks).forget(call.pointer(0));
}

/** The filter manager's names for the push locks of the kernel, from before the kernel gave them to drivers. */
export const filterManager: ExportModule<Guest> = {
  module: 'fltmgr.sys',
  exports: [
    define('FltInitializePushLock', APC, 'fltkernel/nf-fltkernel-fltinitializepushlock', newPushLock),
    define('FltDeletePushLock', APC, 'fltkernel/nf-fltkernel-fltdeletepushlock', (guest, call) => {
      guest.part(SharedLocks).forget(call.pointer(0));
    }),
    ...(['FltAcquirePushLockExclusive', 'FltAcquirePushLockShared'] as const).map((name) =>
      define(name, APC, `fltkernel/nf-fltkernel-${name.toLowerCase()}`, (guest, call) =>
        acquire(guest, call, name === 'FltAcquirePushLockExclusive'),
      ),
    ),
    define('FltReleasePushLock', APC, 'fltkernel/nf-fltkernel-fltreleasepushlock', release),
  ],
};
