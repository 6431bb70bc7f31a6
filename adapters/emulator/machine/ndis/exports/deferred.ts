import type { Call } from '../../../../../src/kernel';
import type { NdisHandle } from '../../../../../src/ndis';
import type { Export, GuestCall } from '../../contract';
import type { Guest } from '../../guest';
import { millisecondsUntil } from '../../ntoskrnl/time';
import { statusValue } from '../constants';
import { TIMER_CHARACTERISTICS } from '../layouts';
import { NdisPart } from '../part';

/** Contexts that the last NdisSetTimerObject gave in place of those of the characteristics. */
class TimerContexts {
  readonly byTimer = new Map<NdisHandle, bigint>();
}

/** Timers and work items. */
export const deferredExports: readonly Export<Guest>[] = [
  {
    name: 'NdisAllocateTimerObject',
    irql: 2,
    page: 'ndis/nf-ndis-ndisallocatetimerobject',
    *run(guest, call) {
      const at = call.pointer(1);
      guest.touch('read', at, TIMER_CHARACTERISTICS.size);
      const ndis = guest.part(NdisPart);
      const { byTimer } = guest.part(TimerContexts);
      const routine = guest.memory.u64(at + TIMER_CHARACTERISTICS.timerFunction);
      const context = guest.memory.u64(at + TIMER_CHARACTERISTICS.functionContext);
      const timer: NdisHandle | null = yield* guest.wdk.NdisAllocateTimerObject(ndis.ownerAt(call.u64(0)), {
        FunctionContext: ndis.contextAt(context),
        *TimerFunction(): Call<void> {
          yield* guest.call(routine, 0n, (timer && byTimer.get(timer)) ?? context, 0n, 0n);
        },
      });
      ndis.writeHandle(call.pointer(2), timer);
      return statusValue(timer ? 'NDIS_STATUS_SUCCESS' : 'NDIS_STATUS_RESOURCES');
    },
  },
  {
    name: 'NdisSetTimerObject',
    irql: 2,
    page: 'ndis/nf-ndis-ndissettimerobject',
    run: setTimer,
  },
  {
    name: 'NdisSetCoalescableTimerObject',
    irql: 2,
    page: 'ndis/nf-ndis-ndissetcoalescabletimerobject',
    run: setTimer,
  },
  {
    name: 'NdisCancelTimerObject',
    irql: 2,
    page: 'ndis/nf-ndis-ndiscanceltimerobject',
    *run(guest, call) {
      return yield* guest.wdk.NdisCancelTimerObject(guest.part(NdisPart).handleArgument(call.u64(0)));
    },
  },
  {
    name: 'NdisFreeTimerObject',
    irql: 2,
    page: 'ndis/nf-ndis-ndisfreetimerobject',
    *run(guest, call) {
      yield* guest.wdk.NdisFreeTimerObject(guest.part(NdisPart).handleArgument(call.u64(0)));
    },
  },
  {
    name: 'NdisAllocateIoWorkItem',
    irql: 2,
    page: 'ndis/nf-ndis-ndisallocateioworkitem',
    *run(guest, call) {
      const ndis = guest.part(NdisPart);
      return ndis.handles.addressOf(yield* guest.wdk.NdisAllocateIoWorkItem(ndis.ownerAt(call.u64(0))));
    },
  },
  {
    name: 'NdisQueueIoWorkItem',
    irql: 2,
    page: 'ndis/nf-ndis-ndisqueueioworkitem',
    *run(guest, call) {
      const ndis = guest.part(NdisPart);
      const item = call.u64(0);
      const routine = call.u64(1);
      const context = call.u64(2);
      const work = function* (): Call<void> {
        yield* guest.call(routine, context, item);
      };
      yield* guest.wdk.NdisQueueIoWorkItem(ndis.handleArgument(item), work, ndis.contextAt(context));
    },
  },
  {
    name: 'NdisFreeIoWorkItem',
    irql: 2,
    page: 'ndis/nf-ndis-ndisfreeioworkitem',
    *run(guest, call) {
      yield* guest.wdk.NdisFreeIoWorkItem(guest.part(NdisPart).handleArgument(call.u64(0)));
    },
  },
];

/** The tolerance, which comes last where there is one, is not used: the timer is as exact as it can be. */
function* setTimer(guest: Guest, call: GuestCall): Call<boolean> {
  const timer = guest.part(NdisPart).handleArgument(call.u64(0));
  const { byTimer } = guest.part(TimerContexts);
  if (call.u64(3) === 0n) byTimer.delete(timer);
  else byTimer.set(timer, call.u64(3));
  return yield* guest.wdk.NdisSetTimerObject(timer, millisecondsUntil(guest, call.u64(1)), call.u32(2));
}
