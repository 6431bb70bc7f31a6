import type { Export } from '../../contract';
import type { Guest } from '../../guest';
import { NdisEvents } from '../ndis-events';
import { NdisPart } from '../part';
import { RwLocks } from '../rw-locks';
import { SpinLocks } from '../spin-locks';

const MICROSECONDS = 1000;
/** NDIS_RWL_AT_DISPATCH_LEVEL: the caller is there already. */
const AT_DISPATCH_LEVEL = 1;

/** Events, sleeping, and the locks of NDIS. */
export const synchronisationExports: readonly Export<Guest>[] = [
  {
    name: 'NdisInitializeEvent',
    irql: 2,
    page: 'ndis/nf-ndis-ndisinitializeevent',
    run(guest, call) {
      guest.part(NdisEvents).initialize(call.pointer(0));
    },
  },
  {
    name: 'NdisSetEvent',
    irql: 2,
    page: 'ndis/nf-ndis-ndissetevent',
    *run(guest, call) {
      const events = guest.part(NdisEvents);
      yield* guest.wdk.NdisSetEvent(events.at(call.pointer(0)));
      events.show(call.pointer(0));
    },
  },
  {
    name: 'NdisResetEvent',
    irql: 2,
    page: 'ndis/nf-ndis-ndisresetevent',
    *run(guest, call) {
      const events = guest.part(NdisEvents);
      yield* guest.wdk.NdisResetEvent(events.at(call.pointer(0)));
      events.show(call.pointer(0));
    },
  },
  {
    name: 'NdisWaitEvent',
    irql: 0,
    page: 'ndis/nf-ndis-ndiswaitevent',
    *run(guest, call) {
      return yield* guest.wdk.NdisWaitEvent(guest.part(NdisEvents).at(call.pointer(0)), call.u32(1));
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
      guest.part(SpinLocks).initialize(call.pointer(0));
    },
  },
  {
    name: 'NdisFreeSpinLock',
    irql: 2,
    page: 'ndis/nf-ndis-ndisfreespinlock',
    run(guest, call) {
      guest.part(SpinLocks).at(call.pointer(0));
    },
  },
  {
    name: 'NdisAcquireSpinLock',
    irql: 2,
    page: 'ndis/nf-ndis-ndisacquirespinlock',
    *run(guest, call) {
      yield* guest.wdk.NdisAcquireSpinLock(guest.part(SpinLocks).at(call.pointer(0)));
    },
  },
  {
    name: 'NdisReleaseSpinLock',
    irql: 2,
    page: 'ndis/nf-ndis-ndisreleasespinlock',
    *run(guest, call) {
      yield* guest.wdk.NdisReleaseSpinLock(guest.part(SpinLocks).at(call.pointer(0)));
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
    name: 'NdisSystemProcessorCount',
    irql: 2,
    page: 'ndis/nf-ndis-ndissystemprocessorcount',
    run(guest) {
      return guest.part(NdisPart).processors;
    },
  },
  {
    name: 'NdisGroupMaxProcessorCount',
    irql: 2,
    page: 'ndis/nf-ndis-ndisgroupmaxprocessorcount',
    run(guest) {
      return guest.part(NdisPart).processors;
    },
  },
];
