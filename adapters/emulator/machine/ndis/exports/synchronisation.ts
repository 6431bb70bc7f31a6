import type { Call, Event } from '../../../../../src/kernel';
import type { Export, GuestCall } from '../../contract';
import type { Guest } from '../../guest';
import { SpinLocks } from '../../ntoskrnl/locks';
import { DispatcherObjects, HEADER, OBJECT } from '../../ntoskrnl/objects';
import { RwLocks } from '../rw-locks';

const MICROSECONDS = 1000;
/** A KSPIN_LOCK and the IRQL from before it was taken. */
const NDIS_SPIN_LOCK = { size: 0x10, oldIrql: 0x08 } as const;
/** NDIS_RWL_AT_DISPATCH_LEVEL: the caller is there already. */
const AT_DISPATCH_LEVEL = 1;

/** Events, sleeping, and the locks of NDIS. */
export const synchronisationExports: readonly Export<Guest>[] = [
  {
    name: 'NdisInitializeEvent',
    irql: 2,
    page: 'ndis/nf-ndis-ndisinitializeevent',
    run(guest, call) {
      guest.part(DispatcherObjects).initialise(call.pointer(0), OBJECT.notificationEvent, HEADER.size, 0);
    },
  },
  {
    name: 'NdisSetEvent',
    irql: 2,
    page: 'ndis/nf-ndis-ndissetevent',
    *run(guest, call) {
      yield* guest.wdk.NdisSetEvent(eventArgument(guest, call));
    },
  },
  {
    name: 'NdisResetEvent',
    irql: 2,
    page: 'ndis/nf-ndis-ndisresetevent',
    *run(guest, call) {
      yield* guest.wdk.NdisResetEvent(eventArgument(guest, call));
    },
  },
  {
    name: 'NdisWaitEvent',
    irql: 0,
    page: 'ndis/nf-ndis-ndiswaitevent',
    *run(guest, call) {
      return yield* guest.wdk.NdisWaitEvent(eventArgument(guest, call), call.u32(1));
    },
  },
  {
    name: 'NdisMSleep',
    irql: 0,
    page: 'ndis/nf-ndis-ndismsleep',
    *run(guest, call) {
      yield* guest.wdk.NdisMSleep(Math.ceil(call.u32(0) / MICROSECONDS));
    },
  },
  {
    name: 'NdisAllocateSpinLock',
    irql: 2,
    page: 'ndis/nf-ndis-ndisallocatespinlock',
    run(guest, call) {
      guest.part(SpinLocks).initialise(call.pointer(0));
    },
  },
  {
    name: 'NdisFreeSpinLock',
    irql: 2,
    page: 'ndis/nf-ndis-ndisfreespinlock',
    run(guest, call) {
      guest.touch('read', call.pointer(0), NDIS_SPIN_LOCK.size);
    },
  },
  {
    name: 'NdisAcquireSpinLock',
    irql: 2,
    page: 'ndis/nf-ndis-ndisacquirespinlock',
    run: acquireSpinLock,
  },
  {
    name: 'NdisReleaseSpinLock',
    irql: 2,
    page: 'ndis/nf-ndis-ndisreleasespinlock',
    *run(guest, call) {
      const at = call.pointer(0);
      guest.touch('read', at, NDIS_SPIN_LOCK.size);
      yield* guest.part(SpinLocks).release(at, guest.memory.u8(at + NDIS_SPIN_LOCK.oldIrql));
    },
  },
  {
    name: 'NdisAllocateRWLock',
    irql: 2,
    page: 'ndis/nf-ndis-ndisallocaterwlock',
    run(guest) {
      return guest.address(guest.part(RwLocks).allocate());
    },
  },
  {
    name: 'NdisFreeRWLock',
    irql: 2,
    page: 'ndis/nf-ndis-ndisfreerwlock',
    run(guest, call) {
      guest.part(RwLocks).free(call.pointer(0));
    },
  },
  {
    name: 'NdisAcquireRWLockRead',
    irql: 2,
    page: 'ndis/nf-ndis-ndisacquirerwlockread',
    *run(guest, call) {
      const raise = (call.u8(2) & AT_DISPATCH_LEVEL) === 0;
      yield* guest.part(RwLocks).acquire(call.pointer(0), call.pointer(1), { write: false, raise });
    },
  },
  {
    name: 'NdisAcquireRWLockWrite',
    irql: 2,
    page: 'ndis/nf-ndis-ndisacquirerwlockwrite',
    *run(guest, call) {
      const raise = (call.u8(2) & AT_DISPATCH_LEVEL) === 0;
      yield* guest.part(RwLocks).acquire(call.pointer(0), call.pointer(1), { write: true, raise });
    },
  },
  {
    name: 'NdisReleaseRWLock',
    irql: 2,
    page: 'ndis/nf-ndis-ndisreleaserwlock',
    *run(guest, call) {
      yield* guest.part(RwLocks).release(call.pointer(0), call.pointer(1));
    },
  },
  {
    name: 'NdisInitializeReadWriteLock',
    irql: 2,
    page: 'ndis/nf-ndis-ndisinitializereadwritelock',
    run(guest, call) {
      guest.part(RwLocks).initialize(call.pointer(0));
    },
  },
  {
    name: 'NdisAcquireReadWriteLock',
    irql: 2,
    page: 'ndis/nf-ndis-ndisacquirereadwritelock',
    *run(guest, call) {
      yield* guest.part(RwLocks).acquire(call.pointer(0), call.pointer(2), { write: call.bool(1), raise: true });
    },
  },
  {
    name: 'NdisReleaseReadWriteLock',
    irql: 2,
    page: 'ndis/nf-ndis-ndisreleasereadwritelock',
    *run(guest, call) {
      yield* guest.part(RwLocks).release(call.pointer(0), call.pointer(1));
    },
  },
  {
    name: 'NdisDprAcquireSpinLock',
    irql: 2,
    page: 'ndis/nf-ndis-ndisdpracquirespinlock',
    run: acquireSpinLock,
  },
  {
    name: 'NdisDprReleaseSpinLock',
    irql: 2,
    page: 'ndis/nf-ndis-ndisdprreleasespinlock',
    *run(guest, call) {
      yield* guest.part(SpinLocks).release(call.pointer(0), guest.kernel.thread.irql);
    },
  },
  ...(['NdisTryAcquireRWLockRead', 'NdisTryAcquireRWLockWrite'] as const).map((name): Export<Guest> => ({
    name,
    irql: 2,
    page: `ndis/nf-ndis-${name.toLowerCase()}`,
    *run(guest, call) {
      const locks = guest.part(RwLocks);
      const write = name === 'NdisTryAcquireRWLockWrite';
      if (!locks.isFree(call.pointer(0), write)) return false;
      const raise = (call.u8(2) & AT_DISPATCH_LEVEL) === 0;
      yield* locks.acquire(call.pointer(0), call.pointer(1), { write, raise });
      return true;
    },
  })),
];

function* acquireSpinLock(guest: Guest, call: GuestCall): Call<void> {
  const at = call.pointer(0);
  const irql = yield* guest.part(SpinLocks).acquire(at);
  guest.touch('write', at, NDIS_SPIN_LOCK.size);
  guest.memory.setU8(at + NDIS_SPIN_LOCK.oldIrql, irql);
}

/** NDIS_EVENT is a KEVENT. */
function eventArgument(guest: Guest, call: GuestCall): Event {
  const at = call.pointer(0);
  guest.touch('write', at, HEADER.size);
  return guest.part(DispatcherObjects).event(at);
}
