/** IRQ-01: the level at which each NDIS function may be called. */
import type { Crossing } from '../../trace';
import { DISPATCH_LEVEL, PASSIVE_LEVEL } from '../../trace';
import { NBL_ALLOCATIONS, NBL_FREES } from './books/nbl-calls';
import type { Court, Judge } from './court';

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

export function judgeCallIrql(court: Court): Judge {
  const tested = court.tested('IRQ-01');
  const upTo =
    (highest: number, name: string) =>
    (crossing: Crossing): void => {
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
    before: {
      ...Object.fromEntries(PASSIVE_ONLY.map((ddi) => [`=>${ddi}`, upTo(PASSIVE_LEVEL, 'PASSIVE_LEVEL')])),
      ...Object.fromEntries(
        UP_TO_DISPATCH.map((ddi) => [`=>${ddi}`, upTo(DISPATCH_LEVEL, 'DISPATCH_LEVEL and below')]),
      ),
    },
  };
}
