/** Fast mutexes, which raise the IRQL while they are held, and guarded mutexes, which do not. */
import type { Call } from '../../../../src/kernel';
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { APC, checked, define, DISPATCH, type GuestExport } from './define';
import { acquire, release, SharedLocks } from './shared-locks';

/** FAST_MUTEX, which is KGUARDED_MUTEX, too. The macro that initialises one is in the driver. */
const MUTEX = { size: 0x38, oldIrql: 0x30 } as const;

export const fastMutexExports: readonly GuestExport[] = [
  define('ExInitializeFastMutex', DISPATCH, 'wdm/nf-wdm-exinitializefastmutex', initialise),
  define('ExAcquireFastMutex', APC, 'wdm/nf-wdm-exacquirefastmutex', function* (guest, call) {
    yield* acquire(guest, call, true);
    raise(guest, call);
  }),
  define('ExTryToAcquireFastMutex', APC, 'wdm/nf-wdm-extrytoacquirefastmutex', function* (guest, call) {
    const isMine = yield* attempt(guest, call);
    if (isMine) raise(guest, call);
    return isMine;
  }),
  define('ExReleaseFastMutex', APC, 'wdm/nf-wdm-exreleasefastmutex', (guest, call) => {
    release(guest, call);
    guest.kernel.thread.irql = guest.memory.u32(call.pointer(0) + MUTEX.oldIrql);
  }),
  // Their caller has seen to it that no APC comes in between.
  define('ExAcquireFastMutexUnsafe', APC, 'wdm/nf-wdm-exacquirefastmutexunsafe', take),
  define('ExReleaseFastMutexUnsafe', APC, 'wdm/nf-wdm-exreleasefastmutexunsafe', release),
  define('KeInitializeGuardedMutex', DISPATCH, 'wdm/nf-wdm-keinitializeguardedmutex', initialise),
  define('KeTryToAcquireGuardedMutex', APC, 'wdm/nf-wdm-ketrytoacquireguardedmutex', attempt),
  ...(['KeAcquireGuardedMutex', 'KeAcquireGuardedMutexUnsafe'] as const).map((name) =>
    define(name, APC, `wdm/nf-wdm-${name.toLowerCase()}`, take),
  ),
  ...(['KeReleaseGuardedMutex', 'KeReleaseGuardedMutexUnsafe'] as const).map((name) =>
    define(name, APC, `wdm/nf-wdm-${name.toLowerCase()}`, release),
  ),
];

function initialise(guest: Guest, call: GuestCall): void {
  guest.memory.fill(checked(guest, call, 0, 'write', MUTEX.size), MUTEX.size, 0);
  guest.part(SharedLocks).forget(call.pointer(0));
}

function take(guest: Guest, call: GuestCall): Call<void> {
  return acquire(guest, call, true);
}

function attempt(guest: Guest, call: GuestCall): Call<boolean> {
  return guest.part(SharedLocks).exclusive(call.pointer(0), call.name, false, false);
}

/** The mutex is the thread's, and keeps the IRQL to go back to. */
function raise(guest: Guest, call: GuestCall): void {
  const at = call.pointer(0);
  guest.touch('write', at, MUTEX.size);
  guest.memory.setU32(at + MUTEX.oldIrql, guest.kernel.thread.irql);
  guest.kernel.thread.irql = APC;
}
