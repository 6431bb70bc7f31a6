import type { Call } from '../../../../src/kernel';
import type { NtStatus } from '../../../../src/ndis/status';
import type { DriverObject, NdisFilterDriverCharacteristics, NdisHandle, Out } from '../../../../src/ndis/wdk';
import { ControlDevice } from './device';
import type { FilterModule, Globals } from './state';

const GLOBALS_TAG = 'LwfG';

/** DriverEntry and DriverUnload. */
export class ReferenceFilter extends ControlDevice {
  /** Everything the handlers need is ready before NDIS knows them; what was done is undone, in reverse, when a step fails. */
  *DriverEntry(driver: DriverObject): Call<NtStatus> {
    if (!(yield* this.allocateGlobals())) return 'STATUS_INSUFFICIENT_RESOURCES';
    const unload = (): Call<void> => this.FilterDriverUnload();
    // A function written right into the assignment would have this machine outlive its scenario: V8 takes it for one that stays.
    driver.DriverUnload = unload;
    const driverHandle = yield* this.register(driver);
    if (!driverHandle) {
      yield* this.freeGlobals();
      return 'STATUS_UNSUCCESSFUL';
    }
    if (!(yield* this.createDevice(driverHandle))) {
      yield* this.deregister();
      yield* this.freeGlobals();
      return 'STATUS_UNSUCCESSFUL';
    }
    return 'STATUS_SUCCESS';
  }

  *register(driver: DriverObject): Call<NdisHandle | null> {
    const out: Out<NdisHandle> = { value: undefined };
    const status = yield* this.wdk.NdisFRegisterFilterDriver(driver, null, this.characteristics(), out);
    this.globals.driverHandle = status === 'NDIS_STATUS_SUCCESS' ? (out.value ?? null) : null;
    return this.globals.driverHandle;
  }

  /** First no application can ask for anything any more, then NDIS lets go of the modules, and only then the globals go. */
  *FilterDriverUnload(): Call<void> {
    yield* this.deleteDevice();
    yield* this.deregister();
    yield* this.freeGlobals();
  }

  /** NDIS pauses and detaches every module that is still attached before this returns. */
  *deregister(): Call<void> {
    if (this.globals.driverHandle) yield* this.wdk.NdisFDeregisterFilterDriver(this.globals.driverHandle);
  }

  *allocateGlobals(): Call<boolean> {
    const initial: Globals = {
      lock: this.wdk.NdisAllocateSpinLock(),
      modules: [],
      driverHandle: null,
      deviceHandle: null,
    };
    const globals = yield* this.wdk.ExAllocatePoolWithTag(initial, GLOBALS_TAG);
    if (globals) this.globals = globals;
    return globals !== null;
  }

  *freeGlobals(): Call<void> {
    yield* this.wdk.NdisFreeMemory(this.globals);
  }

  characteristics(): NdisFilterDriverCharacteristics {
    return {
      MajorNdisVersion: 6,
      MinorNdisVersion: 30,
      FriendlyName: 'Reference lightweight filter',
      UniqueName: '{5cbf81bd-5055-47cd-9055-a76b2b4e3697}',
      ServiceName: 'LwfReference',
      SetFilterModuleOptionsHandler: (module) => this.FilterSetModuleOptions(module as FilterModule),
      AttachHandler: (filter, context, parameters) => this.FilterAttach(filter, context, parameters),
      DetachHandler: (module) => this.FilterDetach(module as FilterModule),
      RestartHandler: (module, parameters) => this.FilterRestart(module as FilterModule, parameters),
      PauseHandler: (module, parameters) => this.FilterPause(module as FilterModule, parameters),
      ...this.dataHandlers(),
      OidRequestHandler: (module, request) => this.FilterOidRequest(module as FilterModule, request),
      OidRequestCompleteHandler: (module, request, status) =>
        this.FilterOidRequestComplete(module as FilterModule, request, status),
      CancelOidRequestHandler: (module, requestId) => this.FilterCancelOidRequest(module as FilterModule, requestId),
      DevicePnPEventNotifyHandler: (module, event) => this.FilterDevicePnPEventNotify(module as FilterModule, event),
      NetPnPEventHandler: (module, event) => this.FilterNetPnPEvent(module as FilterModule, event),
      StatusHandler: (module, indication) => this.FilterStatus(module as FilterModule, indication),
    };
  }
}
