import type { Export, GuestCall } from '../../contract';
import type { Guest } from '../../guest';
import { interruptTimeAt, systemTimeAt, UNITS_PER_MS } from '../../time';
import { statusValue } from '../constants';
import { indexOfLuid, luidOfIndex } from '../parameters';
import { NdisPart } from '../part';

/** Processors, clocks, and the names of interfaces. */
export const processorExports: readonly Export<Guest>[] = [
  ...(['NdisActiveGroupCount', 'NdisMaxGroupCount'] as const).map((name) => answering(name, () => 1)),
  ...(
    [
      'NdisSystemProcessorCount',
      'NdisGroupMaxProcessorCount',
      'NdisGroupActiveProcessorCount',
      'NdisSystemActiveProcessorCount',
    ] as const
  ).map((name) => answering(name, (guest) => guest.part(NdisPart).processors)),
  answering('NdisGroupActiveProcessorMask', (guest) => (1n << BigInt(guest.part(NdisPart).processors)) - 1n),
  answering('NdisCurrentProcessorIndex', (guest) => guest.processors.number(guest.kernel.thread.cpu)),
  // A PROCESSOR_NUMBER: the group, the number in it, and a byte that is reserved.
  answering('NdisCurrentGroupAndProcessor', (guest) => guest.processors.number(guest.kernel.thread.cpu) << 16),
  answering('NdisProcessorIndexToNumber', (guest, call) => {
    if (call.u32(0) >= guest.part(NdisPart).processors) return statusValue('NDIS_STATUS_INVALID_PARAMETER');
    put(guest, call.pointer(1), 4, BigInt(call.u32(0) << 16));
    return statusValue('NDIS_STATUS_SUCCESS');
  }),
  answering('NdisProcessorNumberToIndex', (guest, call) => {
    const at = call.pointer(0);
    guest.touch('read', at, 4);
    const [group, number] = [guest.memory.u16(at), guest.memory.u8(at + 2)];
    return group === 0 && number < guest.part(NdisPart).processors ? number : 0xffff_ffff;
  }),
  answering('NdisGetRssProcessorInformation', () => statusValue('NDIS_STATUS_NOT_SUPPORTED')),
  answering('NdisGetCurrentProcessorCpuUsage', (guest, call) => put(guest, call.pointer(0), 4, 0n)),

  answering('NdisGetSystemUpTime', (guest, call) => put(guest, call.pointer(0), 4, uptime(guest) & 0xffff_ffffn)),
  answering('NdisGetSystemUpTimeEx', (guest, call) => put(guest, call.pointer(0), 8, uptime(guest))),
  answering('NdisGetCurrentSystemTime', (guest, call) =>
    put(guest, call.pointer(0), 8, systemTimeAt(guest.kernel.now)),
  ),

  answering('NdisIfGetInterfaceIndexFromNetLuid', (guest, call) => {
    put(guest, call.pointer(1), 4, BigInt(indexOfLuid(call.u64(0))));
    return statusValue('NDIS_STATUS_SUCCESS');
  }),
  answering('NdisIfGetNetLuidFromInterfaceIndex', (guest, call) => {
    put(guest, call.pointer(1), 8, luidOfIndex(call.u32(0)));
    return statusValue('NDIS_STATUS_SUCCESS');
  }),
  // Everything is in the default compartment.
  ...(
    [
      'NdisGetThreadObjectCompartmentId',
      'NdisGetProcessObjectCompartmentId',
      'NdisGetSessionCompartmentId',
      'NdisGetJobObjectCompartmentId',
    ] as const
  ).map((name) => answering(name, () => 1)),
];

/** An export that asks nothing of the model. */
function answering(name: string, run: (guest: Guest, call: GuestCall) => number | bigint | void): Export<Guest> {
  return { name, irql: 2, page: `ndis/nf-ndis-${name.toLowerCase()}`, run };
}

function put(guest: Guest, at: number, length: 4 | 8, value: bigint): void {
  guest.touch('write', at, length);
  if (length === 8) guest.memory.setU64(at, value);
  else guest.memory.setU32(at, Number(value));
}

/** @returns milliseconds since the machine booted */
function uptime(guest: Guest): bigint {
  return interruptTimeAt(guest.kernel.now) / UNITS_PER_MS;
}
