/** What lwf_probe.h puts into `values` for each function, on the way in and on the way out, made from the arguments of a crossing. */
import { ENTRY_POINTS } from '../../../adapters/harness/decode/probe-arguments';
import { devicePnPEventValue, INDICATIONS, netPnPEventValue, OIDS, requestTypeValue } from '../../../src/ndis/numbers';
import type { NdisRequestType, NetPnPEventCode } from '../../../src/ndis/wdk';
import type { Crossing } from '../../../src/trace';
import type { Addresses } from './addresses';

type Args = NonNullable<Crossing['args']>;
type Value = (args: Args, addresses: Addresses) => bigint;
type Values = readonly Value[];

const object =
  (name: string): Value =>
  (args, addresses) =>
    addresses.of(args[name]);
const number =
  (name: string): Value =>
  (args) =>
    BigInt(Math.max(0, Number(args[name] ?? 0)));
const truth =
  (name: string): Value =>
  (args) =>
    args[name] === true ? 1n : 0n;
const zero: Value = () => 0n;
const handlers: Value = ({ handlers: registered }) =>
  ENTRY_POINTS.reduce(
    (mask, name, bit) => (Array.isArray(registered) && registered.includes(name) ? mask | (1n << BigInt(bit)) : mask),
    0n,
  );
const tag: Value = ({ tag: text }) =>
  [...String(text ?? '')].reduce(
    (value, letter, at) => value | (BigInt(letter.charCodeAt(0) & 0xff) << BigInt(8 * at)),
    0n,
  );
const oid: Value = ({ oid: name }) => BigInt(OIDS.valueOf(String(name)) ?? 0);
const type: Value = ({ type: name }) => BigInt(name === undefined ? 0 : requestTypeValue(name as NdisRequestType));
const code: Value = ({ code: name }) => BigInt(INDICATIONS.valueOf(String(name)) ?? 0);
const netEvent: Value = ({ event }) => BigInt(netPnPEventValue(event as NetPnPEventCode));
const deviceEvent: Value = ({ event }) => BigInt(devicePnPEventValue(String(event)));
const power: Value = ({ power: state }) => (typeof state === 'string' ? BigInt(state.slice(1)) + 2n : 0n);

const request = object('request');
const counts: Values = [number('bytesWritten'), number('bytesRead'), number('bytesNeeded')];
const issued: Values = [request, oid, type, zero, object('requestHandle')];
const over: Values = [request, zero, zero, zero, zero, ...counts];
const asked: Values = [request, oid, type, object('requestId')];
const memory: Values = [object('memory'), tag];
const slept: Values = [number('timeout')];
const waits: Values = [object('object'), number('timeout')];

/** The two ends; one that is not there is empty. */
type Ends = readonly [Values, Values?];

const CALLS: Readonly<Record<string, Ends>> = {
  NdisFRegisterFilterDriver: [[handlers, number('major'), number('minor')], [object('handle')]],
  NdisSetOptionalHandlers: [[handlers]],
  NdisFSetAttributes: [[object('context')]],
  NdisFSendNetBufferLists: [[number('flags')]],
  NdisFSendNetBufferListsComplete: [[number('flags')]],
  NdisFCancelSendNetBufferLists: [[object('cancelId')]],
  NdisFIndicateReceiveNetBufferLists: [[number('count'), number('flags')]],
  NdisFReturnNetBufferLists: [[number('flags')]],
  NdisFOidRequest: [issued, over],
  NdisFDirectOidRequest: [issued, over],
  NdisFSynchronousOidRequest: [issued, over],
  NdisFOidRequestComplete: [over],
  NdisFDirectOidRequestComplete: [over],
  NdisFCancelOidRequest: [[object('requestId')]],
  NdisFCancelDirectOidRequest: [[object('requestId')]],
  NdisAllocateCloneOidRequest: [[request, tag], [object('clone')]],
  NdisFreeCloneOidRequest: [[object('clone')]],
  NdisFIndicateStatus: [[code, object('source')]],
  NdisFNetPnPEvent: [[netEvent, power]],
  NdisFDevicePnPEventNotify: [[deviceEvent]],
  NdisAllocateNetBufferListPool: [
    [tag, number('contextSize'), number('dataSize'), truth('netBuffers')],
    [object('pool')],
  ],
  NdisFreeNetBufferListPool: [[object('pool')]],
  NdisAllocateNetBufferAndNetBufferList: [[object('pool')], [object('pool')]],
  NdisAllocateCloneNetBufferList: [
    [object('pool'), object('original')],
    [object('pool'), object('original')],
  ],
  NdisAllocateFragmentNetBufferList: [
    [object('pool'), object('original')],
    [object('pool'), object('original')],
  ],
  NdisAllocateReassembledNetBufferList: [
    [object('pool'), object('original')],
    [object('pool'), object('original')],
  ],
  NdisFreeNetBufferList: [[object('pool')]],
  NdisFreeCloneNetBufferList: [[object('pool')]],
  NdisFreeFragmentNetBufferList: [[object('pool')]],
  NdisFreeReassembledNetBufferList: [[object('pool')]],
  NdisAllocateNetBufferListContext: [[number('size')], [number('size')]],
  NdisFreeNetBufferListContext: [[number('size')]],
  NdisAllocateMdl: [[number('length')], [object('mdl')]],
  NdisFreeMdl: [[object('mdl')]],
  NdisRetreatNetBufferDataStart: [[object('nb'), number('delta')]],
  NdisAdvanceNetBufferDataStart: [[object('nb'), number('delta')]],
  NdisAllocateMemoryWithTagPriority: [[tag], memory],
  ExAllocatePoolWithTag: [[tag], memory],
  NdisFreeMemory: [[object('memory')]],
  NdisWaitEvent: [waits, [...waits, truth('signaled')]],
  NdisMSleep: [slept, slept],
  ExWaitForRundownProtectionRelease: [[object('object')], [object('object')]],
  NdisAllocateTimerObject: [[], [object('timer')]],
  NdisSetTimerObject: [[object('timer'), number('due'), number('period')], [object('timer')]],
  NdisCancelTimerObject: [[object('timer')], [object('timer'), truth('cancelled')]],
  NdisFreeTimerObject: [[object('timer')], [object('timer')]],
  NdisAllocateIoWorkItem: [[], [object('workItem')]],
  NdisQueueIoWorkItem: [[object('workItem')], [object('workItem')]],
  NdisFreeIoWorkItem: [[object('workItem')], [object('workItem')]],
  NdisRegisterDeviceEx: [[], [object('device')]],
  NdisDeregisterDeviceEx: [[object('handle')]],
  IoMarkIrpPending: [[object('irp')]],
  IoCompleteRequest: [[object('irp')]],
  NdisOpenConfigurationEx: [[], [object('configuration')]],
  NdisCloseConfiguration: [[object('configuration')]],
};

const HANDLERS: Readonly<Record<string, Ends>> = {
  FilterSendNetBufferLists: [[number('flags')]],
  FilterSendNetBufferListsComplete: [[number('flags')]],
  FilterCancelSendNetBufferLists: [[object('cancelId')]],
  FilterReceiveNetBufferLists: [[number('count'), number('flags')]],
  FilterReturnNetBufferLists: [[number('flags')]],
  FilterOidRequest: [asked, over],
  FilterDirectOidRequest: [asked, over],
  FilterSynchronousOidRequest: [asked, over],
  FilterOidRequestComplete: [over],
  FilterDirectOidRequestComplete: [over],
  FilterSynchronousOidRequestComplete: [over, over],
  FilterCancelOidRequest: [[object('requestId')]],
  FilterCancelDirectOidRequest: [[object('requestId')]],
  FilterDevicePnPEventNotify: [[deviceEvent]],
  FilterNetPnPEvent: [[netEvent, power]],
  FilterStatus: [[code, object('source')]],
  NdisTimerFunction: [[object('timer')]],
  NdisIoWorkItemFunction: [[object('workItem')]],
};

const OF_IRP: Values = [object('irp'), object('file')];

/** @returns the words */
export function valuesOf({ dir, ddi, args = {} }: Crossing, addresses: Addresses): bigint[] {
  if (ddi === 'FilterRestart') return attributes(args['attributes']);
  const isIn = dir === '->' || dir === '=>';
  const isHandler = dir === '->' || dir === '<-';
  const ends = isHandler
    ? (HANDLERS[ddi] ?? (ddi.startsWith('IRP_MJ_') ? [OF_IRP, OF_IRP] : [[]]))
    : (CALLS[ddi] ?? [[]]);
  return (isIn ? ends[0] : (ends[1] ?? [])).map((value) => value(args, addresses));
}

/** `mtu=1500 lookahead=256`; a probe adds a digest of all of them. */
function attributes(text: unknown): bigint[] {
  if (typeof text !== 'string') return [];
  return [...[...text.matchAll(/=(\d+)/g)].map(([, digits]) => BigInt(digits ?? 0)), 0n];
}
