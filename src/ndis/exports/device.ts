import { FilterDriver } from '../driver';
import { badPointer } from '../faults';
import { Handle, handleName, targetOf } from '../handle';
import { Device, IrpObject } from '../io-manager';
import type { NdisStatus, NtStatus } from '../status';
import type { ExportContext } from './context';
import type { Implementations } from './implementations';

type DeviceExports = Implementations<
  | 'NdisRegisterDeviceEx'
  | 'NdisDeregisterDeviceEx'
  | 'IoCreateDevice'
  | 'IoDeleteDevice'
  | 'IoCreateSymbolicLink'
  | 'IoDeleteSymbolicLink'
  | 'IoMarkIrpPending'
  | 'IoCompleteRequest'
  | 'IoSetCancelRoutine'
  | 'NdisOpenConfigurationEx'
  | 'NdisCloseConfiguration'
  | 'NdisWriteEventLogEntry'
>;

/** An open configuration handle. */
class Configuration {
  closed = false;

  constructor(
    readonly id: string,
    readonly module: string | undefined,
  ) {}
}

/** The control device, IRPs, configuration and the event log. */
export const deviceExports: DeviceExports = {
  *NdisRegisterDeviceEx(cx, driver, attributes, out) {
    const ddi = 'NdisRegisterDeviceEx';
    cx.requirePointer(ddi, attributes);
    cx.requirePointer(ddi, attributes.MajorFunctions);
    cx.requirePointer(ddi, out);
    cx.called(ddi, { args: { handle: handleName(driver), name: attributes.DeviceName } });
    const owner = targetOf(driver, FilterDriver);
    const taken = [...cx.io.devices].some((device) => device.isNamed(attributes.DeviceName));
    const status: NdisStatus = !owner?.registered
      ? 'NDIS_STATUS_NOT_SUPPORTED'
      : taken || cx.ndis.shortage.strikes('other')
        ? 'NDIS_STATUS_RESOURCES'
        : 'NDIS_STATUS_SUCCESS';
    const device = status === 'NDIS_STATUS_SUCCESS' ? addDevice(cx, attributes) : undefined;
    if (device) out.value = device.handle;
    cx.returned(ddi, { status, args: { device: device?.id ?? null } });
    return status;
  },

  *NdisDeregisterDeviceEx(cx, handle) {
    deleteDevice(cx, 'NdisDeregisterDeviceEx', handle);
  },

  *IoCreateDevice(cx, attributes, out) {
    const ddi = 'IoCreateDevice';
    cx.called(ddi, { args: { name: attributes.DeviceName } });
    const name = attributes.DeviceName;
    const taken = name !== '' && [...cx.io.devices].some((device) => device.isNamed(name));
    const status: NtStatus = taken
      ? 'STATUS_OBJECT_NAME_COLLISION'
      : cx.ndis.shortage.strikes('other')
        ? 'STATUS_INSUFFICIENT_RESOURCES'
        : 'STATUS_SUCCESS';
    const device = status === 'STATUS_SUCCESS' ? addDevice(cx, attributes) : undefined;
    if (device) out.value = device.handle;
    cx.returned(ddi, { status, args: { device: device?.id ?? null } });
    return status;
  },

  *IoDeleteDevice(cx, handle) {
    deleteDevice(cx, 'IoDeleteDevice', handle);
  },

  *IoCreateSymbolicLink(cx, symbolicName, deviceName) {
    const ddi = 'IoCreateSymbolicLink';
    cx.called(ddi, { args: { link: symbolicName, name: deviceName } });
    const status: NtStatus = cx.io.links.has(symbolicName) ? 'STATUS_OBJECT_NAME_COLLISION' : 'STATUS_SUCCESS';
    if (status === 'STATUS_SUCCESS') cx.io.links.set(symbolicName, deviceName);
    cx.returned(ddi, { status });
    return status;
  },

  *IoDeleteSymbolicLink(cx, symbolicName) {
    const ddi = 'IoDeleteSymbolicLink';
    cx.called(ddi, { args: { link: symbolicName } });
    const status: NtStatus = cx.io.links.delete(symbolicName) ? 'STATUS_SUCCESS' : 'STATUS_OBJECT_NAME_NOT_FOUND';
    cx.returned(ddi, { status });
    return status;
  },

  *IoMarkIrpPending(cx, pointer) {
    const ddi = 'IoMarkIrpPending';
    const irp = requireIrp(cx, ddi, pointer);
    cx.called(ddi, { args: { irp: irp.id } });
    cx.returned(ddi);
  },

  *IoCompleteRequest(cx, pointer) {
    const ddi = 'IoCompleteRequest';
    const irp = requireIrp(cx, ddi, pointer);
    cx.called(ddi, { args: { irp: irp.id, status: irp.Status } });
    cx.io.complete(irp);
    cx.returned(ddi);
  },

  *IoSetCancelRoutine(cx, pointer, routine) {
    const irp = requireIrp(cx, 'IoSetCancelRoutine', pointer);
    if (routine === null) {
      const wasSet = irp.cancelRoutine !== null;
      irp.cancelRoutine = null;
      return wasSet;
    }
    if (irp.cancelled) return false;
    irp.cancelRoutine = routine;
    return true;
  },

  *NdisOpenConfigurationEx(cx, handle, out) {
    const ddi = 'NdisOpenConfigurationEx';
    cx.requirePointer(ddi, out);
    const { module } = cx.onOwner(ddi, handle);
    if (cx.ndis.shortage.strikes('other')) {
      cx.returned(ddi, { module, status: 'NDIS_STATUS_RESOURCES', args: { configuration: null } });
      return 'NDIS_STATUS_RESOURCES';
    }
    const configuration = new Configuration(cx.kernel.identity('configuration'), module);
    out.value = new Handle(configuration.id, configuration);
    cx.returned(ddi, { module, status: 'NDIS_STATUS_SUCCESS', args: { configuration: configuration.id } });
    return 'NDIS_STATUS_SUCCESS';
  },

  *NdisCloseConfiguration(cx, handle) {
    const ddi = 'NdisCloseConfiguration';
    const configuration = targetOf(handle, Configuration);
    cx.called(ddi, { module: configuration?.module, args: { configuration: configuration?.id ?? null } });
    if (!configuration || configuration.closed) {
      throw badPointer(cx.kernel, `${ddi} was given a handle that is not open`, 'configuration');
    }
    configuration.closed = true;
    cx.returned(ddi, { module: configuration.module });
  },

  *NdisWriteEventLogEntry(cx, handle, message) {
    const ddi = 'NdisWriteEventLogEntry';
    const { module } = cx.onOwner(ddi, handle, { args: { message } });
    cx.returned(ddi, { module });
  },
};

function requireIrp(cx: ExportContext, ddi: string, irp: unknown): IrpObject {
  if (irp instanceof IrpObject) return irp;
  throw badPointer(cx.kernel, `${ddi} was given an address that is no IRP`, String(irp));
}

function addDevice(cx: ExportContext, attributes: Device['attributes']): Device {
  const device = new Device(cx.kernel.identity('device'), { ...attributes });
  cx.io.devices.add(device);
  return device;
}

/** @throws Bugcheck when the handle is stale or none */
function deleteDevice(cx: ExportContext, ddi: string, handle: unknown): void {
  const device = targetOf(handle, Device);
  cx.called(ddi, { args: { handle: device?.id ?? null, name: device?.attributes.DeviceName ?? null } });
  if (!device || device.deleted) {
    throw badPointer(cx.kernel, `${ddi} was given a device that does not exist or was deleted`, 'device');
  }
  device.deleted = true;
  cx.io.devices.delete(device);
  cx.returned(ddi);
}
