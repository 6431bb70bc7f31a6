import type { Call } from '../../../../src/kernel';
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { GuestDevices } from '../io/devices';
import { STATUS } from '../status';
import { fillUnicodeString, readUnicodeString } from '../text';
import { checked, define, DISPATCH, PASSIVE, type GuestExport } from './define';
import { Handles } from './handles';
import { OBJECT } from './objects';

/** IO_ERROR_LOG_PACKET, and how long one may be with what is dumped in it. */
const ERROR_PACKET = { header: 0x28, longest: 0xf0 } as const;

/** Space that drivers keep with their DRIVER_OBJECT, by the address that names it. */
class Extensions {
  readonly offsets = new Map<bigint, number>();
}

/** The driver object's extensions, the error log, and what the system would tell the driver some day. */
export const driverObjectExports: readonly GuestExport[] = [
  define('IoAllocateDriverObjectExtension', PASSIVE, 'wdm/nf-wdm-ioallocatedriverobjectextension', (guest, call) => {
    const out = checked(guest, call, 3, 'write', 8);
    guest.memory.setU64(out, 0n);
    const { offsets } = guest.part(Extensions);
    if (offsets.has(call.u64(1))) return STATUS.OBJECT_NAME_COLLISION;
    // The I/O manager frees it with the driver object, so it is no memory of the driver's to give back.
    const at = guest.allocate(call.u32(2));
    offsets.set(call.u64(1), at);
    guest.memory.setU64(out, guest.address(at));
    return STATUS.SUCCESS;
  }),
  define('IoGetDriverObjectExtension', DISPATCH, 'wdm/nf-wdm-iogetdriverobjectextension', (guest, call) =>
    guest.address(guest.part(Extensions).offsets.get(call.u64(1)) ?? 0),
  ),

  define('IoAllocateErrorLogEntry', DISPATCH, 'wdm/nf-wdm-ioallocateerrorlogentry', function* (guest, call) {
    const length = call.u8(1);
    if (length < ERROR_PACKET.header || length > ERROR_PACKET.longest) return 0n;
    const at = yield* guest.pool.allocate({ length, tag: 'IoEr', zeroed: true, caller: call.caller });
    return guest.address(at);
  }),
  // The log takes the packet over; what is in it is nobody's business here.
  define('IoWriteErrorLogEntry', DISPATCH, 'wdm/nf-wdm-iowriteerrorlogentry', (guest, call) =>
    guest.pool.free(call.u64(0), call.caller),
  ),
  define('IoFreeErrorLogEntry', DISPATCH, 'wdm/nf-wdm-iofreeerrorlogentry', (guest, call) =>
    guest.pool.free(call.u64(0), call.caller),
  ),

  define('IoCreateSynchronizationEvent', PASSIVE, 'wdm/nf-wdm-iocreatesynchronizationevent', (guest, call) => {
    const out = checked(guest, call, 1, 'write', 8);
    const event = guest
      .part(Handles)
      .newEvent(OBJECT.synchronizationEvent, true, readUnicodeString(guest, call.pointer(0)));
    guest.memory.setU64(out, event.handle);
    return guest.address(event.object);
  }),

  // The machine is never shut down, no device comes or goes for these, and DriverEntry runs once.
  ...(
    [
      ['IoRegisterShutdownNotification', 'wdm/nf-wdm-ioregistershutdownnotification'],
      ['IoRegisterLastChanceShutdownNotification', 'wdm/nf-wdm-ioregisterlastchanceshutdownnotification'],
      ['IoUnregisterPlugPlayNotification', 'wdm/nf-wdm-iounregisterplugplaynotification'],
      ['IoUnregisterPlugPlayNotificationEx', 'wdm/nf-wdm-iounregisterplugplaynotificationex'],
    ] as const
  ).map(([name, page]) => define(name, PASSIVE, page, () => STATUS.SUCCESS)),
  ...(
    [
      ['IoUnregisterShutdownNotification', 'wdm/nf-wdm-iounregistershutdownnotification'],
      ['IoRegisterDriverReinitialization', 'ntddk/nf-ntddk-ioregisterdriverreinitialization'],
      ['IoRegisterBootDriverReinitialization', 'ntddk/nf-ntddk-ioregisterbootdriverreinitialization'],
      ['IoDetachDevice', 'wdm/nf-wdm-iodetachdevice'],
    ] as const
  ).map(([name, page]) => define(name, PASSIVE, page, () => undefined)),
  define('IoInvalidateDeviceState', DISPATCH, 'wdm/nf-wdm-ioinvalidatedevicestate', () => undefined),
  define('IoRegisterPlugPlayNotification', PASSIVE, 'wdm/nf-wdm-ioregisterplugplaynotification', (guest, call) => {
    guest.memory.setU64(checked(guest, call, 6, 'write', 8), guest.address(guest.allocate(0x40)));
    return STATUS.SUCCESS;
  }),
  ...(
    [
      ['IoRegisterDeviceInterface', 'wdm/nf-wdm-ioregisterdeviceinterface'],
      ['IoSetDeviceInterfaceState', 'wdm/nf-wdm-iosetdeviceinterfacestate'],
      ['IoGetDeviceProperty', 'wdm/nf-wdm-iogetdeviceproperty'],
      ['IoOpenDeviceRegistryKey', 'wdm/nf-wdm-ioopendeviceregistrykey'],
      ['IoAttachDevice', 'wdm/nf-wdm-ioattachdevice'],
    ] as const
  )
    // They want a device of Plug and Play, and a control device is none.
    .map(([name, page]) => define(name, PASSIVE, page, () => STATUS.INVALID_DEVICE_REQUEST)),
  define('IoGetDeviceInterfaces', PASSIVE, 'wdm/nf-wdm-iogetdeviceinterfaces', emptyList),
  define(
    'IoGetDeviceObjectPointer',
    PASSIVE,
    'wdm/nf-wdm-iogetdeviceobjectpointer',
    () => STATUS.OBJECT_NAME_NOT_FOUND,
  ),
  define('IoAttachDeviceToDeviceStack', DISPATCH, 'wdm/nf-wdm-ioattachdevicetodevicestack', () => 0n),
  ...(['IoGetAttachedDevice', 'IoGetAttachedDeviceReference'] as const).map((name) =>
    define(name, DISPATCH, `ntifs/nf-ntifs-${name.toLowerCase()}`, (_, call) => call.u64(0)),
  ),
  define('ObQueryNameString', PASSIVE, 'ntifs/nf-ntifs-obquerynamestring', nameOf),
];

/** A list of texts that is empty: its final zero. */
function* emptyList(guest: Guest, call: GuestCall): Call<number> {
  const out = checked(guest, call, 3, 'write', 8);
  const at = yield* guest.pool.allocate({ length: 2, tag: 'Strg', pageable: true, zeroed: true, caller: call.caller });
  guest.memory.setU64(out, guest.address(at));
  return at === 0 ? STATUS.INSUFFICIENT_RESOURCES : STATUS.SUCCESS;
}

/** The driver object has a name; other objects are not known by theirs. */
function nameOf(guest: Guest, call: GuestCall): number {
  const isDriver = call.pointer(0) === guest.part(GuestDevices).driver;
  const name = isDriver ? `\\Driver\\${guest.name}` : '';
  const length = 0x10 + (name === '' ? 0 : 2 * name.length + 2);
  if (call.u64(3) !== 0n) guest.memory.setU32(checked(guest, call, 3, 'write', 4), length);
  if (call.u32(2) < length) return STATUS.INFO_LENGTH_MISMATCH;
  const at = checked(guest, call, 1, 'write', length);
  if (name === '') guest.memory.fill(at, 0x10, 0);
  else fillUnicodeString(guest, at, name);
  return STATUS.SUCCESS;
}
