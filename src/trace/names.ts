import { OBSERVATION } from './crossing';

/**
 * The crossings that rules know by name (docs/trace-format.md, "What each crossing carries"). Drivers call much else, so an
 * unknown name is no mistake; but a slip in a known one would hide the crossing from every judge, without a word.
 */
const OF_NDIS = [
  ...['SetOptions', 'DriverUnload', 'Attach', 'Detach', 'Restart', 'Pause', 'SetModuleOptions', 'Status'],
  ...['SendNetBufferLists', 'SendNetBufferListsComplete', 'CancelSendNetBufferLists'],
  ...['ReceiveNetBufferLists', 'ReturnNetBufferLists'],
  ...['OidRequest', 'OidRequestComplete', 'CancelOidRequest'],
  ...['DirectOidRequest', 'DirectOidRequestComplete', 'CancelDirectOidRequest'],
  ...['SynchronousOidRequest', 'SynchronousOidRequestComplete'],
  ...['NetPnPEvent', 'DevicePnPEventNotify'],
].map((name) => `Filter${name}`);

const BY_THE_FILTER = [
  ...['RegisterFilterDriver', 'DeregisterFilterDriver', 'SetAttributes'],
  ...['RestartComplete', 'RestartFilter', 'PauseComplete', 'IndicateStatus'],
  ...['SendNetBufferLists', 'SendNetBufferListsComplete', 'CancelSendNetBufferLists'],
  ...['IndicateReceiveNetBufferLists', 'ReturnNetBufferLists'],
  ...['OidRequest', 'OidRequestComplete', 'CancelOidRequest'],
  ...['DirectOidRequest', 'DirectOidRequestComplete', 'CancelDirectOidRequest', 'SynchronousOidRequest'],
  ...['NetPnPEvent', 'DevicePnPEventNotify'],
].map((name) => `NdisF${name}`);

const BY_ANY_DRIVER = [
  'SetOptionalHandlers',
  ...['AllocateNetBufferListPool', 'FreeNetBufferListPool', 'AllocateNetBufferAndNetBufferList', 'FreeNetBufferList'],
  ...['AllocateNetBufferListContext', 'FreeNetBufferListContext', 'AllocateMdl', 'FreeMdl'],
  ...['RetreatNetBufferDataStart', 'AdvanceNetBufferDataStart'],
  ...['AllocateCloneOidRequest', 'FreeCloneOidRequest', 'AllocateMemoryWithTagPriority', 'FreeMemory'],
  ...['WaitEvent', 'MSleep'],
  ...['AllocateTimerObject', 'SetTimerObject', 'CancelTimerObject', 'FreeTimerObject', 'TimerFunction'],
  ...['AllocateIoWorkItem', 'QueueIoWorkItem', 'FreeIoWorkItem', 'IoWorkItemFunction'],
  ...['RegisterDeviceEx', 'DeregisterDeviceEx', 'OpenConfigurationEx', 'CloseConfiguration'],
].map((name) => `Ndis${name}`);

const OF_THE_KERNEL = [
  ...['DriverEntry', 'ExAllocatePoolWithTag', 'ExWaitForRundownProtectionRelease'],
  ...['CREATE', 'CLEANUP', 'CLOSE', 'READ', 'WRITE', 'DEVICE_CONTROL'].map((name) => `IRP_MJ_${name}`),
  ...['IoMarkIrpPending', 'IoCompleteRequest', 'IrpCancelRoutine'],
];

const OBSERVATIONS: readonly string[] = Object.values(OBSERVATION);

export const KNOWN_NAMES: ReadonlySet<string> = new Set([
  ...OF_NDIS,
  ...BY_THE_FILTER,
  ...BY_ANY_DRIVER,
  ...OF_THE_KERNEL,
  ...OBSERVATIONS,
]);

/**
 * One letter too many, too few, wrong or swapped with its neighbour, or only the case differs. A capital for another one is
 * no slip: `NdisMPauseComplete` is a real function beside `NdisFPauseComplete`.
 */
function isSlip(written: string, known: string): boolean {
  if (Math.abs(written.length - known.length) > 1) return false;
  if (written.toLowerCase() === known.toLowerCase()) return true;
  let at = 0;
  while (written[at] === known[at]) at += 1;
  const [rest, right] = [written.slice(at), known.slice(at)];
  if (written.length > known.length) return rest.slice(1) === right;
  if (written.length < known.length) return rest === right.slice(1);
  if (rest.slice(1) === right.slice(1)) return /^[a-z]/.test(rest) && /^[a-z]/.test(right);
  return rest[0] === right[1] && rest[1] === right[0] && rest.slice(2) === right.slice(2);
}

/** @returns the known name that somebody probably meant, undefined for a known name and for one that resembles none */
export function probablyMeant(written: string): string | undefined {
  if (KNOWN_NAMES.has(written)) return undefined;
  return [...KNOWN_NAMES].find((known) => isSlip(written, known));
}
