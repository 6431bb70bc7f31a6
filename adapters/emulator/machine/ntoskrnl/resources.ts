import type { ExportModule, GuestCall } from '../contract';
import type { Guest } from '../guest';
import { STATUS } from '../status';
import { APC, checked, define, DISPATCH, type GuestExport } from './define';
import { acquire, release, SharedLocks } from './shared-locks';

const RESOURCE_SIZE = 0x68;

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
  // The thread that is named is the one that calls, but for drivers that hand resources on.
  define('ExReleaseResourceForThreadLite', DISPATCH, 'wdm/nf-wdm-exreleaseresourceforthreadlite', release),
  define('ExConvertExclusiveToSharedLite', DISPATCH, 'wdm/nf-wdm-exconvertexclusivetosharedlite', (guest, call) =>
    guest.part(SharedLocks).share(call.pointer(0)),
  ),
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
];

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
