import type { NdisFilterDriverCharacteristics, NdisFilterPartialCharacteristics } from './wdk';

/** Member of the characteristics → name of the entry point in documentation and traces. */
const ENTRY_POINTS = {
  SetOptionsHandler: 'FilterSetOptions',
  SetFilterModuleOptionsHandler: 'FilterSetModuleOptions',
  AttachHandler: 'FilterAttach',
  DetachHandler: 'FilterDetach',
  RestartHandler: 'FilterRestart',
  PauseHandler: 'FilterPause',
  SendNetBufferListsHandler: 'FilterSendNetBufferLists',
  SendNetBufferListsCompleteHandler: 'FilterSendNetBufferListsComplete',
  CancelSendNetBufferListsHandler: 'FilterCancelSendNetBufferLists',
  ReceiveNetBufferListsHandler: 'FilterReceiveNetBufferLists',
  ReturnNetBufferListsHandler: 'FilterReturnNetBufferLists',
  OidRequestHandler: 'FilterOidRequest',
  OidRequestCompleteHandler: 'FilterOidRequestComplete',
  CancelOidRequestHandler: 'FilterCancelOidRequest',
  DirectOidRequestHandler: 'FilterDirectOidRequest',
  DirectOidRequestCompleteHandler: 'FilterDirectOidRequestComplete',
  CancelDirectOidRequestHandler: 'FilterCancelDirectOidRequest',
  SynchronousOidRequestHandler: 'FilterSynchronousOidRequest',
  SynchronousOidRequestCompleteHandler: 'FilterSynchronousOidRequestComplete',
  DevicePnPEventNotifyHandler: 'FilterDevicePnPEventNotify',
  NetPnPEventHandler: 'FilterNetPnPEvent',
  StatusHandler: 'FilterStatus',
} as const satisfies Partial<Record<keyof NdisFilterDriverCharacteristics, string>>;

const DATA_ENTRY_POINTS = [
  'SendNetBufferListsHandler',
  'SendNetBufferListsCompleteHandler',
  'CancelSendNetBufferListsHandler',
  'ReceiveNetBufferListsHandler',
  'ReturnNetBufferListsHandler',
] as const satisfies readonly (keyof NdisFilterPartialCharacteristics)[];

/** @returns the handlers of a module that has given others for its data: those that it left out are NULL */
export function withDataHandlers(
  handlers: NdisFilterDriverCharacteristics,
  partial: NdisFilterPartialCharacteristics,
): NdisFilterDriverCharacteristics {
  const changed = DATA_ENTRY_POINTS.map((member) => [member, partial[member] ?? null] as const);
  return { ...handlers, ...(Object.fromEntries(changed) as NdisFilterPartialCharacteristics) };
}

/** @returns names of the entry points that are not NULL */
export function suppliedHandlers(characteristics: NdisFilterDriverCharacteristics): string[] {
  const members = Object.keys(ENTRY_POINTS) as (keyof typeof ENTRY_POINTS)[];
  return members.filter((member) => characteristics[member]).map((member) => ENTRY_POINTS[member]);
}

/** @returns names of the data entry points that are not NULL */
export function suppliedDataHandlers(characteristics: NdisFilterPartialCharacteristics): string[] {
  return DATA_ENTRY_POINTS.filter((member) => characteristics[member]).map((member) => ENTRY_POINTS[member]);
}

/**
 * What NDIS checks when a driver registers.
 * @see https://learn.microsoft.com/windows-hardware/drivers/network/initializing-a-filter-driver
 */
export function characteristicsAreBad(handlers: NdisFilterDriverCharacteristics): boolean {
  const mandatoryMissing =
    !handlers.AttachHandler || !handlers.DetachHandler || !handlers.RestartHandler || !handlers.PauseHandler;
  const unpaired =
    !handlers.OidRequestHandler !== !handlers.OidRequestCompleteHandler ||
    !handlers.DirectOidRequestHandler !== !handlers.DirectOidRequestCompleteHandler;
  const cancelAlone =
    (handlers.CancelOidRequestHandler && !handlers.OidRequestHandler) ||
    (handlers.CancelDirectOidRequestHandler && !handlers.DirectOidRequestHandler) ||
    dataHandlersAreBad(handlers);
  return mandatoryMissing || unpaired || Boolean(cancelAlone);
}

/** A cancel handler makes no sense without a send handler. */
export function dataHandlersAreBad(handlers: NdisFilterPartialCharacteristics): boolean {
  return Boolean(handlers.CancelSendNetBufferListsHandler) && !handlers.SendNetBufferListsHandler;
}
