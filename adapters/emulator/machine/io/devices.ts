import type { Call } from '../../../../src/kernel';
import type { DriverObject, NdisDeviceObjectAttributes, NdisHandle, Out } from '../../../../src/ndis';
import type { Guest } from '../guest';
import { IMAGE_BASE } from '../layout';
import { STATUS } from '../status';
import { fillUnicodeString, newUnicodeString } from '../text';
import { GuestFiles } from './files';
import { GuestIrps } from './irps';
import { DEVICE_FLAGS, DEVICE_OBJECT, DRIVER_OBJECT, MAJOR_FUNCTIONS } from './layouts';

/** How a device is made. */
export interface NewDevice {
  readonly name: string;
  readonly extensionSize: number;
  readonly type: number;
  readonly characteristics: number;
  readonly exclusive: boolean;
}

/** The DRIVER_OBJECT of the image and its devices. */
export class GuestDevices {
  /** Offset of the DRIVER_OBJECT. */
  readonly driver: number;
  private readonly handles = new Map<number, NdisHandle>();
  private readonly extensions = new Map<number, { readonly offset: number; readonly length: number }>();
  private readonly invalidRequest: bigint;

  constructor(private readonly guest: Guest) {
    const { memory, image } = guest;
    this.invalidRequest = guest.imports.resolve('ntoskrnl.exe', 'IopInvalidDeviceRequest') ?? 0n;
    const driver = guest.allocate(DRIVER_OBJECT.size);
    memory.setU16(driver, DRIVER_OBJECT.type);
    memory.setU16(driver + 2, DRIVER_OBJECT.size);
    memory.setU64(driver + DRIVER_OBJECT.driverStart, guest.address(IMAGE_BASE));
    memory.setU32(driver + DRIVER_OBJECT.driverSize, image.sizeOfImage);
    memory.setU64(driver + DRIVER_OBJECT.driverExtension, guest.address(guest.allocate(0x50)));
    memory.setU64(driver + DRIVER_OBJECT.driverInit, guest.address(IMAGE_BASE + image.entryPoint));
    fillUnicodeString(guest, driver + DRIVER_OBJECT.driverName, `\\Driver\\${guest.name}`);
    for (let major = 0; major < DRIVER_OBJECT.majorFunctions; major += 1) {
      memory.setU64(driver + DRIVER_OBJECT.majorFunction + 8 * major, this.invalidRequest);
    }
    this.driver = driver;
  }

  /** Runs DriverEntry. @returns NTSTATUS. @param object what the model calls when the driver is unloaded */
  *start(object: DriverObject, registryPath: string): Call<number> {
    const { guest } = this;
    const entry = guest.address(IMAGE_BASE + guest.image.entryPoint);
    const path = newUnicodeString(guest, registryPath);
    const result = yield* guest.call(entry, guest.address(this.driver), guest.address(path));
    const status = Number(result & 0xffff_ffffn);
    if (status >= 0x8000_0000) return status;
    this.finishDevices();
    guest.discardInit();
    const at = this.driver + DRIVER_OBJECT.driverUnload;
    if (guest.memory.u64(at) !== 0n) {
      const unload = (): Call<void> => this.unload(at);
      // Written right into the assignment, the function would keep this guest and its memory until a full collection.
      object.DriverUnload = unload;
    }
    return status;
  }

  /** @param at where the routine is, as it is then: a driver may put another one there later */
  private *unload(at: number): Call<void> {
    const { guest } = this;
    yield* guest.call(guest.memory.u64(at), guest.address(this.driver));
  }

  /** IoCreateDevice. @returns NTSTATUS, and the offset of the DEVICE_OBJECT in `out` */
  *create(options: NewDevice, out: { device: number }): Call<number> {
    const { guest } = this;
    const device = this.newObject(options);
    const handle: Out<NdisHandle> = { value: undefined };
    const status = yield* guest.wdk.IoCreateDevice(this.attributes(options.name, device), handle);
    if (!handle.value) {
      return status === 'STATUS_OBJECT_NAME_COLLISION' ? STATUS.OBJECT_NAME_COLLISION : STATUS.INSUFFICIENT_RESOURCES;
    }
    this.handles.set(device, handle.value);
    out.device = device;
    return STATUS.SUCCESS;
  }

  /** IoDeleteDevice. */
  *delete(device: number): Call<void> {
    const { guest } = this;
    const handle = this.handles.get(device);
    guest.touch('read', device, DEVICE_OBJECT.size);
    if (!handle) throw guest.faults.badAccess('read', guest.address(device), 1);
    yield* guest.wdk.IoDeleteDevice(handle);
    this.discard(device);
  }

  /**
   * A DEVICE_OBJECT with its extension, linked to the driver object.
   * @returns its offset
   */
  newObject({ extensionSize, type, characteristics, exclusive }: NewDevice): number {
    const { guest } = this;
    const { memory } = guest;
    const device = guest.allocate(DEVICE_OBJECT.size);
    memory.setU16(device, DEVICE_OBJECT.type);
    memory.setU16(device + 2, DEVICE_OBJECT.size + extensionSize);
    memory.setU64(device + DEVICE_OBJECT.driverObject, guest.address(this.driver));
    memory.setU64(device + DEVICE_OBJECT.nextDevice, memory.u64(this.driver + DRIVER_OBJECT.deviceObject));
    memory.setU64(this.driver + DRIVER_OBJECT.deviceObject, guest.address(device));
    memory.setU32(device + DEVICE_OBJECT.flags, DEVICE_FLAGS.initializing | (exclusive ? DEVICE_FLAGS.exclusive : 0));
    memory.setU32(device + DEVICE_OBJECT.characteristics, characteristics);
    memory.setU32(device + DEVICE_OBJECT.deviceType, type);
    memory.setU8(device + DEVICE_OBJECT.stackSize, 1);
    if (extensionSize > 0) {
      const extension = guest.allocate(extensionSize);
      memory.setU64(device + DEVICE_OBJECT.deviceExtension, guest.address(extension));
      this.extensions.set(device, { offset: extension, length: extensionSize });
    }
    return device;
  }

  /** Takes a DEVICE_OBJECT out of the driver's list; its memory is gone with the last handle that is open on it. */
  discard(device: number): void {
    const { guest } = this;
    const { memory } = guest;
    this.handles.delete(device);
    let link = this.driver + DRIVER_OBJECT.deviceObject;
    for (;;) {
      const next = memory.u64(link);
      if (next === 0n) break;
      if (next === guest.address(device)) {
        memory.setU64(link, memory.u64(device + DEVICE_OBJECT.nextDevice));
        break;
      }
      link = guest.offset(next) + DEVICE_OBJECT.nextDevice;
    }
    guest.part(GuestFiles).onceClosed(device, () => {
      guest.bury(device, DEVICE_OBJECT.size, 'a DEVICE_OBJECT that has been deleted');
      const extension = this.extensions.get(device);
      if (extension) guest.bury(extension.offset, extension.length, 'the extension of a device that has been deleted');
    });
  }

  /** Dispatch routines are looked up when an IRP comes: a driver may set them after it has made the device. */
  private attributes(name: string, device: number): NdisDeviceObjectAttributes {
    const { guest, driver, invalidRequest } = this;
    const irps = guest.part(GuestIrps);
    const MajorFunctions: NdisDeviceObjectAttributes['MajorFunctions'] = {};
    for (const [major, number] of Object.entries(MAJOR_FUNCTIONS)) {
      const slot = driver + DRIVER_OBJECT.majorFunction + 8 * number;
      Object.defineProperty(MajorFunctions, major, {
        enumerable: true,
        get: () => {
          const routine = guest.memory.u64(slot);
          return routine === invalidRequest ? undefined : irps.dispatcher(device, () => routine);
        },
      });
    }
    return { DeviceName: name, SymbolicName: '', MajorFunctions };
  }

  /** The I/O manager does it once DriverEntry has returned. */
  private finishDevices(): void {
    const { memory } = this.guest;
    for (const device of this.handles.keys()) {
      memory.setU32(
        device + DEVICE_OBJECT.flags,
        memory.u32(device + DEVICE_OBJECT.flags) & ~DEVICE_FLAGS.initializing,
      );
    }
  }
}
