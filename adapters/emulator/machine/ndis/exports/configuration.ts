import type { NdisHandle, NdisStatus, Out } from '../../../../../src/ndis';
import type { Export, GuestCall } from '../../contract';
import type { Guest } from '../../guest';
import { newUnicodeString, readUnicodeString } from '../../text';
import { Configurations, PARAMETER, registryText } from '../configurations';
import { statusValue } from '../constants';
import { CONFIGURATION_OBJECT, CONFIGURATION_PARAMETER } from '../layouts';
import { NdisPart } from '../part';

/** What the driver finds and writes in the registry through NDIS. */
export const configurationExports: readonly Export<Guest>[] = [
  {
    name: 'NdisOpenConfigurationEx',
    irql: 0,
    page: 'ndis/nf-ndis-ndisopenconfigurationex',
    *run(guest, call) {
      const at = call.pointer(0);
      guest.touch('read', at, CONFIGURATION_OBJECT.size);
      const ndis = guest.part(NdisPart);
      const out: Out<NdisHandle> = { value: undefined };
      const owner = ndis.handleArgument(guest.memory.u64(at + CONFIGURATION_OBJECT.ndisHandle));
      const status = yield* guest.wdk.NdisOpenConfigurationEx(owner, out);
      ndis.writeHandle(call.pointer(1), out.value);
      return statusValue(status);
    },
  },
  {
    name: 'NdisOpenConfigurationKeyByName',
    irql: 0,
    page: 'ndis/nf-ndis-ndisopenconfigurationkeybyname',
    run(guest, call) {
      openBelow(guest, call, readUnicodeString(guest, call.pointer(2)), 3);
    },
  },
  {
    name: 'NdisOpenConfigurationKeyByIndex',
    irql: 0,
    page: 'ndis/nf-ndis-ndisopenconfigurationkeybyindex',
    run(guest, call) {
      const name = guest.part(Configurations).namesBelow(call.u64(1))[call.u32(2)];
      if (name === undefined) return putStatus(guest, call, 'NDIS_STATUS_FAILURE');
      const out = call.pointer(3);
      guest.touch('write', out, 0x10);
      guest.memory.write(out, guest.memory.bytes.slice(newUnicodeString(guest, name)).subarray(0, 0x10));
      openBelow(guest, call, name, 4);
    },
  },
  {
    name: 'NdisReadConfiguration',
    irql: 0,
    page: 'ndis/nf-ndis-ndisreadconfiguration',
    run(guest, call) {
      const name = readUnicodeString(guest, call.pointer(3));
      const parameter = guest.part(Configurations).read(call.u64(2), name, call.u32(4));
      guest.part(NdisPart).writePointer(call.pointer(1), parameter);
      putStatus(guest, call, parameter === 0 ? 'NDIS_STATUS_FAILURE' : 'NDIS_STATUS_SUCCESS');
    },
  },
  {
    name: 'NdisWriteConfiguration',
    irql: 0,
    page: 'ndis/nf-ndis-ndiswriteconfiguration',
    run(guest, call) {
      const parameter = call.pointer(3);
      guest.touch('read', parameter, CONFIGURATION_PARAMETER.size);
      const type = guest.memory.u32(parameter + CONFIGURATION_PARAMETER.type);
      const name = readUnicodeString(guest, call.pointer(2));
      const data = dataOf(guest, type, parameter + CONFIGURATION_PARAMETER.data);
      const isWritten = guest.part(Configurations).write(call.u64(1), name, type, data);
      putStatus(guest, call, isWritten ? 'NDIS_STATUS_SUCCESS' : 'NDIS_STATUS_NOT_SUPPORTED');
    },
  },
  {
    name: 'NdisReadNetworkAddress',
    irql: 0,
    page: 'ndis/nf-ndis-ndisreadnetworkaddress',
    run(guest, call) {
      const parameter = guest.part(Configurations).read(call.u64(3), 'NetworkAddress', PARAMETER.string);
      const text = parameter === 0 ? '' : readUnicodeString(guest, parameter + CONFIGURATION_PARAMETER.data);
      const digits = text.replace(/[-:]/g, '');
      if (!/^([0-9a-f]{2})+$/i.test(digits)) return putStatus(guest, call, 'NDIS_STATUS_FAILURE');
      const bytes = Buffer.from(digits, 'hex');
      const at = guest.allocate(bytes.length);
      guest.memory.write(at, bytes);
      guest.part(NdisPart).writePointer(call.pointer(1), at);
      const length = call.pointer(2);
      guest.touch('write', length, 4);
      guest.memory.setU32(length, bytes.length);
      putStatus(guest, call, 'NDIS_STATUS_SUCCESS');
    },
  },
  {
    name: 'NdisCloseConfiguration',
    irql: 0,
    page: 'ndis/nf-ndis-ndiscloseconfiguration',
    *run(guest, call) {
      if (guest.part(Configurations).closeBelow(call.u64(0))) return;
      yield* guest.wdk.NdisCloseConfiguration(guest.part(NdisPart).handleArgument(call.u64(0)));
    },
  },
];

/** The status of a call is where its first argument says. */
function putStatus(guest: Guest, call: GuestCall, status: NdisStatus): void {
  const at = call.pointer(0);
  guest.touch('write', at, 4);
  guest.memory.setU32(at, statusValue(status));
}

function openBelow(guest: Guest, call: GuestCall, name: string, out: number): void {
  const handle = guest.part(Configurations).openBelow(call.u64(1), name);
  const at = call.pointer(out);
  guest.touch('write', at, 8);
  guest.memory.setU64(at, handle ?? 0n);
  putStatus(guest, call, handle === undefined ? 'NDIS_STATUS_FAILURE' : 'NDIS_STATUS_SUCCESS');
}

function dataOf(guest: Guest, type: number, at: number): Uint8Array {
  const { memory } = guest;
  if (type === PARAMETER.integer || type === PARAMETER.hexInteger) return memory.bytes.slice(at, at + 4);
  if (type === PARAMETER.string) return registryText(readUnicodeString(guest, at));
  const length = memory.u16(at);
  if (length === 0) return new Uint8Array();
  const buffer = guest.offset(memory.u64(at + 8));
  guest.touch('read', buffer, length);
  return memory.bytes.slice(buffer, buffer + length);
}
