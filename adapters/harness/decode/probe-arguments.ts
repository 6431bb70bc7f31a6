/** What the values of a record are called in a trace: one entry a function, and one for each of its two ends. */
import { devicePnPEventOf, INDICATIONS, netPnPEventOf, OIDS, requestTypeOf } from '../../../src/ndis/numbers';
import type { ArgValue } from '../../../src/trace';
import type { Kind } from './probe-objects';
import type { ProbeRecord } from './probe-record';

export type Args = Record<string, ArgValue>;

/** What the arguments of one record are made from. */
export interface ArgumentTools {
  /** Its value at an index; 0 where it has fewer. */
  readonly value: (index: number) => bigint;
  /** The object at an address; null for NULL. */
  readonly object: (kind: Kind, address: bigint) => string | null;
  /** A handle of NDIS: of a module or of the driver. */
  readonly handle: (address: bigint) => string | null;
  /** The status in the record, by name. */
  readonly status: string | undefined;
  readonly record: ProbeRecord;
}

type Maker = (tools: ArgumentTools) => Args;

/** In the order of the probe's bits for them. */
export const ENTRY_POINTS = [
  ...['SetOptions', 'SetModuleOptions', 'Attach', 'Detach', 'Restart', 'Pause'],
  ...['SendNetBufferLists', 'SendNetBufferListsComplete', 'CancelSendNetBufferLists'],
  ...['ReceiveNetBufferLists', 'ReturnNetBufferLists'],
  ...['OidRequest', 'OidRequestComplete', 'CancelOidRequest'],
  ...['DirectOidRequest', 'DirectOidRequestComplete', 'CancelDirectOidRequest'],
  ...['SynchronousOidRequest', 'SynchronousOidRequestComplete'],
  ...['DevicePnPEventNotify', 'NetPnPEvent', 'Status'],
].map((name) => `Filter${name}`);

const nothing: Maker = () => ({});
const number =
  (index: number, name: string): Maker =>
  ({ value }) => ({ [name]: Number(value(index)) });
const object =
  (index: number, name: string, kind: Kind): Maker =>
  ({ value, object: of }) => ({
    [name]: of(kind, value(index)),
  });
const together =
  (...makers: readonly Maker[]): Maker =>
  (tools) =>
    Object.assign({}, ...makers.map((make) => make(tools))) as Args;

const handle: Maker = ({ record, handle: nameOf }) => ({ handle: nameOf(record.handle) });
const status: Maker = (tools): Args => (tools.status === undefined ? {} : { status: tools.status });
const handlers: Maker = ({ value }) => ({
  handlers: ENTRY_POINTS.filter((_name, bit) => ((value(0) >> BigInt(bit)) & 1n) !== 0n),
});
const flags = number(0, 'flags');
const received = together(number(0, 'count'), number(1, 'flags'));
const cancelId: Maker = ({ value, object: of }) => ({ cancelId: of('id', value(0)) ?? 'NULL' });
const requestId: Maker = ({ value, object: of }) => ({ requestId: of('id', value(0)) ?? 'an object' });
const code: Maker = ({ value, handle: nameOf }) => ({
  code: INDICATIONS.nameOf(Number(value(0))),
  source: nameOf(value(1)),
});
const deviceEvent: Maker = ({ value }) => ({ event: devicePnPEventOf(Number(value(0))) });
const netEvent: Maker = ({ value }) => ({
  event: netPnPEventOf(Number(value(0))),
  // NdisDeviceStateD0 is 1, and the probe adds 1.
  ...(value(1) >= 2n && { power: `D${value(1) - 2n}` }),
});
const attributes: Maker = ({ record, value }) => ({
  attributes:
    record.values.length === 0 ? null : `mtu=${value(0)} lookahead=${value(1)} digest=${value(2).toString(16)}`,
});
const request = object(0, 'request', 'o');
const oid: Maker = ({ value }) => ({ oid: OIDS.nameOf(Number(value(1))) });
const counts: Maker = together(number(5, 'bytesWritten'), number(6, 'bytesRead'), number(7, 'bytesNeeded'));
const requestOver: Maker = (tools) =>
  tools.status === 'NDIS_STATUS_PENDING' ? request(tools) : together(request, counts)(tools);
const issued: Maker = together(handle, request, oid, ({ value, object: of }) => ({
  requestHandle: of('pointer', value(4)),
}));
const typed: Maker = together(request, oid, ({ value }) => ({ type: requestTypeOf(Number(value(2))) }));
const asked: Maker = together(typed, ({ value, object: of }) => ({
  ...(value(3) !== 0n && { requestId: of('id', value(3)) }),
}));
const finished = together(request, status, counts);
const pool = object(0, 'pool', 'pool');
const derived: Maker = together(pool, object(1, 'original', 'n'));
const tag =
  (index: number): Maker =>
  ({ value }) => ({ tag: tagText(Number(value(index))) });
const memory = together(object(0, 'memory', 'memory'), tag(1));
const waits = together(object(0, 'object', 'object'), number(1, 'timeout'));
const slept: Maker = ({ value }) => ({ object: null, timeout: Number(value(0)) });
const rundown: Maker = together(object(0, 'object', 'object'), () => ({ timeout: 0 }));
const timer = object(0, 'timer', 'timer');
const workItem = object(0, 'workItem', 'work');
const irp = object(0, 'irp', 'irp');
const configuration = object(0, 'configuration', 'configuration');
const start: Maker = together(object(0, 'nb', 'b'), number(1, 'delta'));

/** How an end of a call is made into arguments: on the way in, and on the way out. */
const CALLS: Readonly<Record<string, readonly [Maker, Maker]>> = {
  NdisFRegisterFilterDriver: [
    together(handlers, number(1, 'major'), number(2, 'minor')),
    ({ value, handle: nameOf }) => ({ handle: nameOf(value(0)) }),
  ],
  NdisFDeregisterFilterDriver: [handle, nothing],
  NdisSetOptionalHandlers: [together(handle, handlers), nothing],
  NdisFSetAttributes: [together(handle, object(0, 'context', 'context')), nothing],
  NdisFPauseComplete: [handle, nothing],
  NdisFRestartComplete: [together(handle, status), nothing],
  NdisFRestartFilter: [handle, nothing],
  NdisFSendNetBufferLists: [together(handle, flags), nothing],
  NdisFSendNetBufferListsComplete: [together(handle, flags), nothing],
  NdisFCancelSendNetBufferLists: [together(handle, cancelId), nothing],
  NdisFIndicateReceiveNetBufferLists: [together(handle, received), nothing],
  NdisFReturnNetBufferLists: [together(handle, flags), nothing],
  NdisFOidRequest: [issued, requestOver],
  NdisFDirectOidRequest: [issued, requestOver],
  NdisFSynchronousOidRequest: [issued, requestOver],
  NdisFOidRequestComplete: [together(handle, finished), nothing],
  NdisFDirectOidRequestComplete: [together(handle, finished), nothing],
  NdisFCancelOidRequest: [together(handle, requestId), nothing],
  NdisFCancelDirectOidRequest: [together(handle, requestId), nothing],
  NdisAllocateCloneOidRequest: [together(handle, request, tag(1)), object(0, 'clone', 'o')],
  NdisFreeCloneOidRequest: [together(handle, object(0, 'clone', 'o')), nothing],
  NdisFIndicateStatus: [together(handle, code), nothing],
  NdisFNetPnPEvent: [together(handle, netEvent), nothing],
  NdisFDevicePnPEventNotify: [together(handle, deviceEvent), nothing],
  NdisFGetOptionalSwitchHandlers: [handle, nothing],
  NdisAllocateNetBufferListPool: [
    together(tag(0), number(1, 'contextSize'), number(2, 'dataSize'), ({ value }) => ({ netBuffers: value(3) !== 0n })),
    pool,
  ],
  NdisFreeNetBufferListPool: [pool, nothing],
  NdisAllocateNetBufferAndNetBufferList: [pool, pool],
  NdisAllocateCloneNetBufferList: [derived, derived],
  NdisAllocateFragmentNetBufferList: [derived, derived],
  NdisAllocateReassembledNetBufferList: [derived, derived],
  NdisFreeNetBufferList: [pool, nothing],
  NdisFreeCloneNetBufferList: [pool, nothing],
  NdisFreeFragmentNetBufferList: [pool, nothing],
  NdisFreeReassembledNetBufferList: [pool, nothing],
  NdisAllocateNetBufferListContext: [number(0, 'size'), number(0, 'size')],
  NdisFreeNetBufferListContext: [number(0, 'size'), nothing],
  NdisAllocateMdl: [number(0, 'length'), object(0, 'mdl', 'd')],
  NdisFreeMdl: [object(0, 'mdl', 'd'), nothing],
  NdisRetreatNetBufferDataStart: [start, nothing],
  NdisAdvanceNetBufferDataStart: [start, nothing],
  NdisAllocateMemoryWithTagPriority: [tag(0), memory],
  ExAllocatePoolWithTag: [tag(0), memory],
  NdisFreeMemory: [object(0, 'memory', 'memory'), nothing],
  NdisWaitEvent: [waits, together(waits, ({ value }) => ({ signaled: value(2) !== 0n }))],
  NdisMSleep: [slept, slept],
  ExWaitForRundownProtectionRelease: [rundown, rundown],
  NdisAllocateTimerObject: [nothing, timer],
  NdisSetTimerObject: [together(timer, number(1, 'due'), number(2, 'period')), timer],
  NdisCancelTimerObject: [timer, together(timer, ({ value }) => ({ cancelled: value(1) !== 0n }))],
  NdisFreeTimerObject: [timer, timer],
  NdisAllocateIoWorkItem: [nothing, workItem],
  NdisQueueIoWorkItem: [workItem, workItem],
  NdisFreeIoWorkItem: [workItem, workItem],
  NdisRegisterDeviceEx: [together(handle, ({ record }) => ({ name: record.text })), object(0, 'device', 'device')],
  NdisDeregisterDeviceEx: [({ value, object: of }) => ({ handle: of('device', value(0)) }), nothing],
  IoMarkIrpPending: [irp, nothing],
  IoCompleteRequest: [together(irp, status), nothing],
  NdisOpenConfigurationEx: [nothing, configuration],
  NdisCloseConfiguration: [configuration, nothing],
};

const HANDLERS: Readonly<Record<string, readonly [Maker, Maker]>> = {
  FilterAttach: [handle, nothing],
  FilterRestart: [attributes, attributes],
  FilterSendNetBufferLists: [flags, nothing],
  FilterSendNetBufferListsComplete: [flags, nothing],
  FilterCancelSendNetBufferLists: [cancelId, nothing],
  FilterReceiveNetBufferLists: [received, nothing],
  FilterReturnNetBufferLists: [flags, nothing],
  FilterOidRequest: [asked, requestOver],
  FilterDirectOidRequest: [asked, requestOver],
  // It cannot be cancelled, so that its id says nothing.
  FilterSynchronousOidRequest: [typed, request],
  FilterOidRequestComplete: [finished, nothing],
  FilterDirectOidRequestComplete: [finished, nothing],
  FilterSynchronousOidRequestComplete: [finished, request],
  FilterCancelOidRequest: [requestId, nothing],
  FilterCancelDirectOidRequest: [requestId, nothing],
  FilterDevicePnPEventNotify: [deviceEvent, nothing],
  FilterNetPnPEvent: [netEvent, nothing],
  FilterStatus: [code, nothing],
  NdisTimerFunction: [timer, nothing],
  NdisIoWorkItemFunction: [workItem, nothing],
};

const ofIrp: readonly [Maker, Maker] = [
  together(irp, object(1, 'file', 'file'), ({ record, value }) => ({
    // What follows the name of the device.
    ...(record.ddi === 'IRP_MJ_CREATE' && { name: record.text.replace(/^\\/, '') }),
    ...(record.values.length > 2 && { code: `0x${value(2).toString(16)}` }),
  })),
  together(irp, object(1, 'file', 'file')),
];

/** @returns the arguments of a crossing; none for a function that says nothing but that it was crossed */
export function argumentsOf(tools: ArgumentTools): Args {
  const { direction, ddi } = tools.record;
  const isHandler = direction === '->' || direction === '<-';
  const ends = isHandler ? (HANDLERS[ddi] ?? (ddi.startsWith('IRP_MJ_') ? ofIrp : undefined)) : CALLS[ddi];
  return ends?.[direction === '->' || direction === '=>' ? 0 : 1](tools) ?? {};
}

/** Functions whose status is an argument, and not what they return. */
export function isPassedStatus({ direction }: ProbeRecord): boolean {
  return direction === '->' || direction === '=>';
}

/** Four characters, in the order in which a debugger shows them. */
function tagText(value: number): string {
  return [0, 8, 16, 24]
    .map((shift) => (value >>> shift) & 0xff)
    .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '?'))
    .join('');
}

/** Crossings that say nothing but that they happened, and at whose end perhaps a status. */
const PLAIN = new Set([
  ...['DriverEntry', 'FilterDriverUnload', 'FilterSetOptions', 'FilterSetModuleOptions', 'FilterPause', 'FilterDetach'],
]);

/** @returns whether a probe reports the crossings of a function */
export function isProbed(ddi: string): boolean {
  return ddi in CALLS || ddi in HANDLERS || PLAIN.has(ddi) || ddi.startsWith('IRP_MJ_');
}
