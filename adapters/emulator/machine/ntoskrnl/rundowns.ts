import { APC, define, DISPATCH, HIGH, type GuestExport } from './define';
import { Rundowns } from './locks';

/** What the opaque structure takes. */
const SIZE = 0x40;

/**
 * Rundown protection that is split over the processors' caches: here it behaves as the plain one, in memory of its own.
 * @see https://learn.microsoft.com/windows-hardware/drivers/kernel/run-down-protection
 */
export const cacheAwareRundownExports: readonly GuestExport[] = [
  define(
    'ExAllocateCacheAwareRundownProtection',
    APC,
    'wdm/nf-wdm-exallocatecacheawarerundownprotection',
    function* (guest, call) {
      const at = yield* guest.pool.allocate({ length: SIZE, tag: 'RDpr', zeroed: true, caller: call.caller });
      if (at !== 0) guest.part(Rundowns).initialise(at);
      return guest.address(at);
    },
  ),
  define('ExFreeCacheAwareRundownProtection', APC, 'wdm/nf-wdm-exfreecacheawarerundownprotection', (guest, call) =>
    guest.pool.free(call.u64(0), call.caller),
  ),
  define('ExSizeOfRundownProtectionCacheAware', HIGH, 'wdm/nf-wdm-exsizeofrundownprotectioncacheaware', () =>
    BigInt(SIZE),
  ),
  define(
    'ExInitializeRundownProtectionCacheAware',
    HIGH,
    'wdm/nf-wdm-exinitializerundownprotectioncacheaware',
    (guest, call) => guest.part(Rundowns).initialise(call.pointer(0)),
  ),
  define(
    'ExReInitializeRundownProtectionCacheAware',
    HIGH,
    'wdm/nf-wdm-exreinitializerundownprotectioncacheaware',
    (guest, call) => guest.part(Rundowns).initialise(call.pointer(0)),
  ),
  define(
    'ExAcquireRundownProtectionCacheAware',
    DISPATCH,
    'wdm/nf-wdm-exacquirerundownprotectioncacheaware',
    (guest, call) => guest.part(Rundowns).acquire(call.pointer(0), 1),
  ),
  define(
    'ExAcquireRundownProtectionCacheAwareEx',
    DISPATCH,
    'wdm/nf-wdm-exacquirerundownprotectioncacheawareex',
    (guest, call) => guest.part(Rundowns).acquire(call.pointer(0), call.u32(1)),
  ),
  define(
    'ExReleaseRundownProtectionCacheAware',
    DISPATCH,
    'wdm/nf-wdm-exreleaserundownprotectioncacheaware',
    (guest, call) => guest.part(Rundowns).release(call.pointer(0), 1),
  ),
  define(
    'ExReleaseRundownProtectionCacheAwareEx',
    DISPATCH,
    'wdm/nf-wdm-exreleaserundownprotectioncacheawareex',
    (guest, call) => guest.part(Rundowns).release(call.pointer(0), call.u32(1)),
  ),
  define(
    'ExWaitForRundownProtectionReleaseCacheAware',
    HIGH,
    'wdm/nf-wdm-exwaitforrundownprotectionreleasecacheaware',
    (guest, call) => guest.wdk.ExWaitForRundownProtectionRelease(guest.part(Rundowns).at(call.pointer(0))),
  ),
  define('ExRundownCompletedCacheAware', HIGH, 'wdm/nf-wdm-exrundowncompletedcacheaware', (guest, call) => {
    guest.part(Rundowns).at(call.pointer(0)).rundown = true;
  }),
];
