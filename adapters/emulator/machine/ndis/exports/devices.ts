import type { IrpMajor, NdisDeviceObjectAttributes, NdisHandle, Out } from '../../../../../src/ndis';
import type { Export } from '../../contract';
import type { Guest } from '../../guest';
import { GuestDevices } from '../../io/devices';
import { GuestIrps } from '../../io/irps';
import { DEVICE_OBJECT, MAJOR_FUNCTIONS } from '../../io/layouts';
import { readUnicodeString } from '../../text';
import { statusValue } from '../constants';
import { DEVICE_OBJECT_ATTRIBUTES } from '../layouts';
import { NdisPart } from '../part';

const FILE_DEVICE_NETWORK = 0x12;
const FILE_DEVICE_SECURE_OPEN = 0x100;
/** Offset of the DEVICE_OBJECT behind each handle of NdisRegisterDeviceEx. */
class RegisteredDevices {
  readonly offsets = new Map<NdisHandle, number>();
}

/** Control devices that NDIS makes for a driver, with dispatch routines of their own. */
export const deviceExports: readonly Export<Guest>[] = [
  {
    name: 'NdisRegisterDeviceEx',
    irql: 0,
    page: 'ndis/nf-ndis-ndisregisterdeviceex',
    *run(guest, call) {
      const at = call.pointer(1);
      guest.touch('read', at, DEVICE_OBJECT_ATTRIBUTES.size);
      const { memory } = guest;
      const ndis = guest.part(NdisPart);
      const devices = guest.part(GuestDevices);
      const text = (member: number): string => {
        const pointer = memory.u64(at + member);
        return pointer === 0n ? '' : readUnicodeString(guest, guest.offset(pointer));
      };
      const device = devices.newObject({
        name: text(DEVICE_OBJECT_ATTRIBUTES.deviceName),
        extensionSize: memory.u32(at + DEVICE_OBJECT_ATTRIBUTES.extensionSize),
        type: FILE_DEVICE_NETWORK,
        characteristics: FILE_DEVICE_SECURE_OPEN,
        exclusive: false,
      });
      const attributes: NdisDeviceObjectAttributes = {
        DeviceName: text(DEVICE_OBJECT_ATTRIBUTES.deviceName),
        SymbolicName: text(DEVICE_OBJECT_ATTRIBUTES.symbolicName),
        MajorFunctions: dispatchTable(guest, device, memory.u64(at + DEVICE_OBJECT_ATTRIBUTES.majorFunctions)),
      };
      // A driver's dispatch routine may run before this returns: the out parameters are filled first.
      ndis.writePointer(call.pointer(2), device);
      const handle: Out<NdisHandle> = { value: undefined };
      const status = yield* guest.wdk.NdisRegisterDeviceEx(ndis.handleArgument(call.u64(0)), attributes, handle);
      if (handle.value) guest.part(RegisteredDevices).offsets.set(handle.value, device);
      else devices.discard(device);
      if (!handle.value) ndis.writePointer(call.pointer(2), 0);
      ndis.writeHandle(call.pointer(3), handle.value);
      return statusValue(status);
    },
  },
  {
    name: 'NdisDeregisterDeviceEx',
    irql: 0,
    page: 'ndis/nf-ndis-ndisderegisterdeviceex',
    *run(guest, call) {
      const handle = guest.part(NdisPart).handleArgument(call.u64(0));
      yield* guest.wdk.NdisDeregisterDeviceEx(handle);
      const { offsets } = guest.part(RegisteredDevices);
      const device = offsets.get(handle);
      if (device !== undefined) guest.part(GuestDevices).discard(device);
      offsets.delete(handle);
    },
  },
  {
    name: 'NdisGetDeviceReservedExtension',
    irql: 2,
    page: 'ndis/nf-ndis-ndisgetdevicereservedextension',
    run(guest, call) {
      const device = call.pointer(0);
      guest.touch('read', device, DEVICE_OBJECT.size);
      return guest.memory.u64(device + DEVICE_OBJECT.deviceExtension);
    },
  },
];

/** NDIS copies the table of the driver; what is NULL in it is left to the I/O manager. */
function dispatchTable(guest: Guest, device: number, table: bigint): NdisDeviceObjectAttributes['MajorFunctions'] {
  const irps = guest.part(GuestIrps);
  const functions: NdisDeviceObjectAttributes['MajorFunctions'] = {};
  for (const [major, number] of Object.entries(MAJOR_FUNCTIONS)) {
    const routine = guest.readU64(table + BigInt(8 * number));
    if (routine !== 0n) functions[major as IrpMajor] = irps.dispatcher(device, () => routine);
  }
  return functions;
}
