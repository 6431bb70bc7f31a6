/** IRQ-01: the level at which each NDIS function may be called. */
import { DISPATCH_LEVEL, PASSIVE_LEVEL } from '../../trace';
import { NBL_ALLOCATIONS, NBL_FREES } from './books/nbl-calls';
import type { Court, Hearing, Judge } from './court';
import { callsOf } from './filter-calls';

const PASSIVE_ONLY = [
  'NdisFRegisterFilterDriver',
  'NdisFDeregisterFilterDriver',
  'NdisFSetAttributes',
  'NdisSetOptionalHandlers',
  'NdisFRestartComplete',
  'NdisFNetPnPEvent',
  'NdisFDevicePnPEventNotify',
  'NdisRegisterDeviceEx',
  'NdisDeregisterDeviceEx',
  'NdisOpenConfigurationEx',
  'NdisCloseConfiguration',
  'NdisEnumerateFilterModules',
  'NdisWaitEvent',
  'NdisMSleep',
  'NdisAllocateSharedMemory',
] as const;

const UP_TO_DISPATCH = [
  'NdisFPauseComplete',
  'NdisFRestartFilter',
  'NdisFSendNetBufferLists',
  'NdisFSendNetBufferListsComplete',
  'NdisFCancelSendNetBufferLists',
  'NdisFIndicateReceiveNetBufferLists',
  'NdisFReturnNetBufferLists',
  'NdisFOidRequest',
  'NdisFOidRequestComplete',
  'NdisFCancelOidRequest',
  'NdisFDirectOidRequest',
  'NdisFDirectOidRequestComplete',
  'NdisFCancelDirectOidRequest',
  'NdisFSynchronousOidRequest',
  'NdisAllocateCloneOidRequest',
  'NdisFreeCloneOidRequest',
  'NdisFIndicateStatus',
  'NdisAllocateNetBufferListPool',
  'NdisFreeNetBufferListPool',
  ...NBL_ALLOCATIONS,
  ...NBL_FREES,
  'NdisAllocateNetBufferListContext',
  'NdisFreeNetBufferListContext',
  'NdisRetreatNetBufferDataStart',
  'NdisAdvanceNetBufferDataStart',
  'NdisAllocateTimerObject',
  'NdisSetTimerObject',
  'NdisFreeTimerObject',
  'NdisAllocateIoWorkItem',
  'NdisQueueIoWorkItem',
  'NdisFreeIoWorkItem',
  'NdisGeneratePartialCancelId',
  'NdisWriteEventLogEntry',
] as const;

const PASSIVE_ONLY_CALLS = callsOf(PASSIVE_ONLY);
const UP_TO_DISPATCH_CALLS = callsOf(UP_TO_DISPATCH);

export function judgeCallIrql(court: Court): Judge {
  const tested = court.tested('IRQ-01');
  const upTo =
    (highest: number, name: string): Hearing =>
    (crossing) => {
      const { irql } = crossing;
      if (irql === undefined) return;
      tested.count += 1;
      if (irql <= highest) return;
      court.charge('IRQ-01', {
        at: crossing,
        witnesses: [court.books.threads.rootOf(crossing)],
        message: `The driver called ${crossing.ddi} at IRQL ${irql} (#${crossing.seq}); it is for ${name}`,
      });
    };
  return {
    beforeAny: [
      { keys: PASSIVE_ONLY_CALLS, hear: upTo(PASSIVE_LEVEL, 'PASSIVE_LEVEL') },
      { keys: UP_TO_DISPATCH_CALLS, hear: upTo(DISPATCH_LEVEL, 'DISPATCH_LEVEL and below') },
    ],
  };
}
