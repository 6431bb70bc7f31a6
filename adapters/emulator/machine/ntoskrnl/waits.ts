import type { Call } from '../../../../src/kernel';
import type { GuestCall } from '../contract';
import { GuestException } from '../crash';
import type { Guest } from '../guest';
import { STATUS } from '../status';
import { APC, checked, define, DISPATCH, PASSIVE, type GuestExport } from './define';
import { Handles } from './handles';
import { DispatcherObjects, HEADER, OBJECT } from './objects';
import { requireSwitch } from './switches';
import { timeoutAt } from './time';

const EVENT_SIZE = 0x18;
const SEMAPHORE = { size: 0x20, limit: 0x18 } as const;
const MUTANT_SIZE = 0x38;
const WAIT_ALL = 0;
/** Objects that a thread has room for by itself, and with wait blocks of the caller's. */
const THREAD_WAIT_OBJECTS = 3;
const MAXIMUM_WAIT_OBJECTS = 64;

/** Events, semaphores, mutexes, and waits for them. */
export const waitExports: readonly GuestExport[] = [
  define('KeInitializeEvent', DISPATCH, 'wdm/nf-wdm-keinitializeevent', (guest, call) => {
    const type = call.u32(1) === 0 ? OBJECT.notificationEvent : OBJECT.synchronizationEvent;
    guest.part(DispatcherObjects).initialise(call.pointer(0), type, EVENT_SIZE, call.bool(2) ? 1 : 0);
  }),
  define('KeSetEvent', DISPATCH, 'wdm/nf-wdm-kesetevent', function* (guest, call) {
    const at = checked(guest, call, 0, 'write', EVENT_SIZE);
    guest.part(DispatcherObjects).requireInitialised(at, call.name);
    yield* guest.kernel.point('NdisSetEvent');
    return guest.part(DispatcherObjects).setState(at, 1);
  }),
  define('KeClearEvent', DISPATCH, 'wdm/nf-wdm-keclearevent', resetEvent),
  define('KeResetEvent', DISPATCH, 'wdm/nf-wdm-keresetevent', resetEvent),
  define('KeReadStateEvent', DISPATCH, 'wdm/nf-wdm-kereadstateevent', (guest, call) =>
    guest.part(DispatcherObjects).state(checked(guest, call, 0, 'read', EVENT_SIZE)),
  ),
  define('KeInitializeSemaphore', DISPATCH, 'wdm/nf-wdm-keinitializesemaphore', (guest, call) => {
    const at = call.pointer(0);
    guest.part(DispatcherObjects).initialise(at, OBJECT.semaphore, SEMAPHORE.size, call.i32(1));
    guest.memory.setU32(at + SEMAPHORE.limit, call.u32(2));
  }),
  define('KeReleaseSemaphore', DISPATCH, 'wdm/nf-wdm-kereleasesemaphore', function* (guest, call) {
    const objects = guest.part(DispatcherObjects);
    const at = checked(guest, call, 0, 'write', SEMAPHORE.size);
    yield* guest.kernel.point('NdisSetEvent');
    const state = objects.state(at) + call.i32(2);
    if (state > guest.memory.i32(at + SEMAPHORE.limit)) throw new GuestException(STATUS.SEMAPHORE_LIMIT_EXCEEDED);
    return objects.setState(at, state);
  }),
  define('KeReadStateSemaphore', DISPATCH, 'wdm/nf-wdm-kereadstatesemaphore', (guest, call) =>
    guest.part(DispatcherObjects).state(checked(guest, call, 0, 'read', SEMAPHORE.size)),
  ),
  define('KeInitializeMutex', DISPATCH, 'wdm/nf-wdm-keinitializemutex', (guest, call) => {
    guest.part(DispatcherObjects).initialise(call.pointer(0), OBJECT.mutant, MUTANT_SIZE, 1);
  }),
  define('KeInitializeMutant', DISPATCH, 'wdm/nf-wdm-keinitializemutex', (guest, call) => {
    const at = call.pointer(0);
    guest.part(DispatcherObjects).initialise(at, OBJECT.mutant, MUTANT_SIZE, 1);
    if (call.bool(1)) guest.part(DispatcherObjects).consume(at);
  }),
  define('KeReleaseMutex', DISPATCH, 'wdm/nf-wdm-kereleasemutex', releaseMutex),
  define('KeReleaseMutant', DISPATCH, 'wdm/nf-wdm-kereleasemutex', releaseMutex),
  define('KeReadStateMutex', DISPATCH, 'wdm/nf-wdm-kereadstatemutex', (guest, call) =>
    guest.part(DispatcherObjects).state(checked(guest, call, 0, 'read', MUTANT_SIZE)),
  ),
  define('KePulseEvent', DISPATCH, 'ntddk/nf-ntddk-kepulseevent', function* (guest, call) {
    const at = checked(guest, call, 0, 'write', EVENT_SIZE);
    const before = guest.part(DispatcherObjects).setState(at, 1);
    yield* guest.kernel.point('NdisSetEvent');
    guest.part(DispatcherObjects).setState(at, 0);
    return before;
  }),
  define('KeWaitForSingleObject', DISPATCH, 'wdm/nf-wdm-kewaitforsingleobject', function* (guest, call) {
    const at = checked(guest, call, 0, 'read', HEADER.size);
    const timeout = timeoutAt(guest, call.pointer(4));
    return (yield* waitFor(guest, at, timeout)) ? STATUS.SUCCESS : STATUS.TIMEOUT;
  }),
  define('ZwWaitForSingleObject', PASSIVE, 'ntifs/nf-ntifs-zwwaitforsingleobject', function* (guest, call) {
    const target = guest.part(Handles).of(call.u64(0));
    if (target?.kind !== 'event' && target?.kind !== 'thread') return STATUS.INVALID_HANDLE;
    const timeout = timeoutAt(guest, call.pointer(2));
    return (yield* waitFor(guest, guest.offset(target.object), timeout)) ? STATUS.SUCCESS : STATUS.TIMEOUT;
  }),
  define('KeWaitForMultipleObjects', DISPATCH, 'wdm/nf-wdm-kewaitformultipleobjects', function* (guest, call) {
    const objects = guest.part(DispatcherObjects);
    const count = call.u32(0);
    const array = checked(guest, call, 1, 'read', 8 * count);
    const offsets = Array.from({ length: count }, (_, index) => guest.offset(guest.memory.u64(array + 8 * index)));
    const timeout = timeoutAt(guest, call.pointer(6));
    const isAll = call.u32(2) === WAIT_ALL;
    const ready = () => {
      const signaled = (at: number) => objects.isSatisfied(at);
      return isAll ? offsets.every(signaled) : offsets.some(signaled);
    };
    if (count > (call.u64(7) === 0n ? THREAD_WAIT_OBJECTS : MAXIMUM_WAIT_OBJECTS)) {
      const reason = `${call.name} was given ${count} objects and no memory to wait for so many`;
      throw guest.stop('0xC', 'MAXIMUM_WAIT_OBJECTS_EXCEEDED', reason);
    }
    for (const at of offsets) objects.requireInitialised(at, call.name);
    requireWait(guest, call.name, timeout);
    const { kernel } = guest;
    if (!ready() && timeout !== 0) {
      yield { point: call.name, ready, ...(timeout !== undefined && { deadline: kernel.now + timeout }) };
    }
    if (!ready()) return STATUS.TIMEOUT;
    if (isAll) {
      for (const at of offsets) objects.consume(at);
      return STATUS.SUCCESS;
    }
    const index = offsets.findIndex((at) => objects.isSatisfied(at));
    objects.consume(offsets[index] ?? 0);
    return index;
  }),
  define('KeEnterCriticalRegion', APC, 'ntddk/nf-ntddk-keentercriticalregion', () => undefined),
  define('KeLeaveCriticalRegion', APC, 'ntddk/nf-ntddk-keleavecriticalregion', () => undefined),
  define('KeEnterGuardedRegion', APC, 'ntddk/nf-ntddk-keenterguardedregion', () => undefined),
  define('KeLeaveGuardedRegion', APC, 'ntddk/nf-ntddk-keleaveguardedregion', () => undefined),
  define('KeAreApcsDisabled', DISPATCH, 'wdm/nf-wdm-keareapcsdisabled', () => false),
];

/**
 * Waits for an object.
 * @param timeout in ms; undefined waits for ever, 0 only looks
 * @returns false when the time was up
 * @throws Bugcheck 0xA or 0xB8 when it would wait at DISPATCH_LEVEL
 */
export function* waitFor(guest: Guest, at: number, timeout: number | undefined): Call<boolean> {
  const objects = guest.part(DispatcherObjects);
  objects.requireInitialised(at, 'KeWaitForSingleObject');
  requireWait(guest, 'KeWaitForSingleObject', timeout);
  if (objects.isOwned(at)) {
    objects.consume(at);
    return true;
  }
  const { kernel } = guest;
  if (timeout === 0) {
    yield* kernel.point('KeWaitForSingleObject');
  } else if (kernel.thread.irql === PASSIVE) {
    // NdisWaitEvent is this function under another name: judges look for waits by it.
    yield* guest.wdk.NdisWaitEvent(objects.event(at), timeout ?? 0);
  } else if (objects.state(at) <= 0) {
    const deadline = timeout === undefined ? {} : { deadline: kernel.now + timeout };
    yield { point: 'KeWaitForSingleObject', ready: () => objects.state(at) > 0, ...deadline };
  }
  if (objects.state(at) <= 0) return false;
  objects.consume(at);
  return true;
}

function requireWait(guest: Guest, name: string, timeout: number | undefined): void {
  if (timeout !== 0) requireSwitch(guest, name);
}

/** @throws GuestException when the thread does not have it */
function* releaseMutex(guest: Guest, call: GuestCall): Call<number> {
  const at = checked(guest, call, 0, 'write', MUTANT_SIZE);
  const objects = guest.part(DispatcherObjects);
  if (!objects.isOwned(at)) throw new GuestException(STATUS.MUTANT_NOT_OWNED);
  yield* guest.kernel.point('NdisSetEvent');
  return objects.giveBack(at);
}

function* resetEvent(guest: Guest, call: GuestCall): Call<number> {
  const at = checked(guest, call, 0, 'write', EVENT_SIZE);
  yield* guest.kernel.point('NdisResetEvent');
  return guest.part(DispatcherObjects).setState(at, 0);
}
