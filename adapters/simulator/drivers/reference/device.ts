import type { Call } from '../../../../src/kernel';
import type { NtStatus } from '../../../../src/ndis/status';
import type { Dispatch, IrpMajor, Irp, NdisHandle, NdisRequestType, Out } from '../../../../src/ndis/wdk';
import { ModuleOptions } from './options';
import type { FilterModule, OpenHandle } from './state';

export const DEVICE_NAME = '\\Device\\LwfReference';
const HANDLE_TAG = 'LwfH';

/**
 * The control device and the handles of applications. The device belongs to the driver, so a handle outlives pauses, detaches and
 * re-attaches; it knows its adapter by name only, and every IRP looks the module up again and holds a reference while it works.
 *
 * A write ends when NDIS has the NBLs, not when they are completed: the data was copied, the count of the gate keeps the pause
 * honest, and no IRP of ours is ever parked, so no IRP can hold up a pause, a detach or the exit of a process.
 */
export class ControlDevice extends ModuleOptions {
  *createDevice(driverHandle: NdisHandle): Call<boolean> {
    const out: Out<NdisHandle> = { value: undefined };
    const status = yield* this.wdk.NdisRegisterDeviceEx(
      driverHandle,
      { DeviceName: DEVICE_NAME, SymbolicName: '\\DosDevices\\LwfReference', MajorFunctions: this.dispatchTable() },
      out,
    );
    this.globals.deviceHandle = status === 'NDIS_STATUS_SUCCESS' ? (out.value ?? null) : null;
    return this.globals.deviceHandle !== null;
  }

  *deleteDevice(): Call<void> {
    if (this.globals.deviceHandle) yield* this.wdk.NdisDeregisterDeviceEx(this.globals.deviceHandle);
    this.globals.deviceHandle = null;
  }

  dispatchTable(): Partial<Record<IrpMajor, Dispatch>> {
    return {
      IRP_MJ_CREATE: (irp) => this.finish(irp, this.DispatchCreate(irp)),
      IRP_MJ_CLEANUP: (irp) => this.finish(irp, this.DispatchCleanup(irp)),
      IRP_MJ_CLOSE: (irp) => this.finish(irp, this.DispatchClose(irp)),
      IRP_MJ_WRITE: (irp) => this.finish(irp, this.DispatchWrite(irp)),
      IRP_MJ_DEVICE_CONTROL: (irp) => this.finish(irp, this.DispatchDeviceControl(irp)),
    };
  }

  *finish(irp: Irp, work: Call<NtStatus>): Call<NtStatus> {
    const status = yield* work;
    irp.Status = status;
    yield* this.wdk.IoCompleteRequest(irp);
    return status;
  }

  /** Opens a handle for the adapter that is named after the device. */
  *DispatchCreate(irp: Irp): Call<NtStatus> {
    const module = yield* this.referenceModuleOn(irp.FileName);
    if (!module) return 'STATUS_NO_SUCH_DEVICE';
    const opened = yield* this.openHandle(irp, module);
    yield* this.dereference(module);
    return opened;
  }

  *openHandle(irp: Irp, module: FilterModule): Call<NtStatus> {
    const handle: OpenHandle | null = yield* this.wdk.ExAllocatePoolWithTag(
      { adapterName: module.adapterName },
      HANDLE_TAG,
    );
    if (!handle) return 'STATUS_INSUFFICIENT_RESOURCES';
    irp.FileObject.FsContext = handle;
    return 'STATUS_SUCCESS';
  }

  /** The application closed its handle. No IRP of it is parked with us, so there is nothing to cancel. */
  *DispatchCleanup(_irp: Irp): Call<NtStatus> {
    return 'STATUS_SUCCESS';
  }

  *DispatchClose(irp: Irp): Call<NtStatus> {
    yield* this.wdk.NdisFreeMemory(irp.FileObject.FsContext as OpenHandle);
    irp.FileObject.FsContext = null;
    return 'STATUS_SUCCESS';
  }

  *DispatchWrite(irp: Irp): Call<NtStatus> {
    return yield* this.withModule(irp, (module) => this.write(module, irp));
  }

  *DispatchDeviceControl(irp: Irp): Call<NtStatus> {
    return yield* this.withModule(irp, (module) => this.control(module, irp));
  }

  /** Resolves the handle to the module that is attached now, and keeps that one for as long as the work takes. */
  *withModule(irp: Irp, work: (module: FilterModule) => Call<NtStatus>): Call<NtStatus> {
    const module = yield* this.referenceModuleOn((irp.FileObject.FsContext as OpenHandle).adapterName);
    if (!module) return 'STATUS_NO_SUCH_DEVICE';
    const status = yield* work(module);
    yield* this.dereference(module);
    return status;
  }

  *write(module: FilterModule, irp: Irp): Call<NtStatus> {
    return irp.Input.chain === true
      ? yield* this.originateSendChain(module, countOf(irp))
      : yield* this.originateSends(module, countOf(irp));
  }

  *control(module: FilterModule, irp: Irp): Call<NtStatus> {
    switch (irp.IoControlCode) {
      case 'IOCTL_LWF_RECEIVE':
        return yield* this.originateReceives(module, countOf(irp));
      case 'IOCTL_LWF_RECEIVE_LOW_RESOURCES':
        return yield* this.originateLowResourcesReceives(module, countOf(irp));
      case 'IOCTL_LWF_OID':
        return yield* this.repeat(countOf(irp), () =>
          this.originateOid(module, oidOf(irp), typeOf(irp), irp.Input.value),
        );
      case 'IOCTL_LWF_SYNCHRONOUS_OID':
        return yield* this.repeat(countOf(irp), () => this.originateSynchronousOid(module));
      case 'IOCTL_LWF_STATUS':
        return yield* this.repeat(countOf(irp), () => this.originateStatus(module));
      case 'IOCTL_LWF_SEND_BY_TIMER':
        return yield* this.startTimer(module, module.sendTimer);
      case 'IOCTL_LWF_STATUS_BY_TIMER':
        return yield* this.startTimer(module, module.statusTimer);
      case 'IOCTL_LWF_SEND_BY_WORK_ITEM':
        return yield* this.queueWork(module, (target) => this.sendFromWorkItem(target));
      case 'IOCTL_LWF_OID_BY_WORK_ITEM':
        return yield* this.queueWork(module, (target) =>
          this.originateOid(target, oidOf(irp), typeOf(irp), irp.Input.value),
        );
      case 'IOCTL_LWF_HOLD_SENDS':
        return yield* this.setSwitch(module, 'holdingSends', true);
      case 'IOCTL_LWF_RELEASE_SENDS':
        yield* this.setSwitch(module, 'holdingSends', false);
        yield* this.passHeldSends(module, 0);
        return 'STATUS_SUCCESS';
      case 'IOCTL_LWF_HOLD_RECEIVES':
        return yield* this.setSwitch(module, 'holdingReceives', true);
      case 'IOCTL_LWF_RELEASE_RECEIVES':
        yield* this.setSwitch(module, 'holdingReceives', false);
        yield* this.passHeldReceives(module, 0);
        return 'STATUS_SUCCESS';
      case 'IOCTL_LWF_MODIFY_DATA':
        return yield* this.setSwitch(module, 'modifyingData', true);
      case 'IOCTL_LWF_BYPASS':
        return yield* this.toggleBypass(module);
      default:
        return 'STATUS_INVALID_DEVICE_REQUEST';
    }
  }

  *setSwitch(
    module: FilterModule,
    name: 'holdingSends' | 'holdingReceives' | 'modifyingData',
    value: boolean,
  ): Call<NtStatus> {
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    module[name] = value;
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
    return 'STATUS_SUCCESS';
  }

  /** Does the work `count` times, as long as it succeeds. */
  *repeat(count: number, work: () => Call<NtStatus>): Call<NtStatus> {
    for (let done = 0; done < count; done += 1) {
      const status = yield* work();
      if (status !== 'STATUS_SUCCESS') return status;
    }
    return 'STATUS_SUCCESS';
  }
}

function countOf(irp: Irp): number {
  return typeof irp.Input.count === 'number' ? irp.Input.count : 1;
}

function oidOf(irp: Irp): string {
  return typeof irp.Input.oid === 'string' ? irp.Input.oid : 'OID_GEN_STATISTICS';
}

function typeOf(irp: Irp): NdisRequestType {
  return irp.Input.type === 'set' ? 'NdisRequestSetInformation' : 'NdisRequestQueryInformation';
}
