/** Entries that can lead to an origination: a request of an application, a timer, a work item, traffic, a request from above. */
export const ATTEMPT_ENTRIES = [
  '->IRP_MJ_WRITE',
  '->IRP_MJ_READ',
  '->IRP_MJ_DEVICE_CONTROL',
  '->NdisTimerFunction',
  '->NdisIoWorkItemFunction',
  '->FilterSendNetBufferLists',
  '->FilterReceiveNetBufferLists',
  '->FilterOidRequest',
  '->FilterStatus',
] as const;
