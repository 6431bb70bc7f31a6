import type { Call } from '../../../../../src/kernel';
import type { NtStatus } from '../../../../../src/ndis/status';
import type { DriverObject, NdisHandle, Out } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class RegistersBeforeItsGlobalsAreReady extends ReferenceFilter {
  override *DriverEntry(driver: DriverObject): Call<NtStatus> {
    const unload = (): Call<void> => this.FilterDriverUnload();
    driver.DriverUnload = unload;
    const out: Out<NdisHandle> = { value: undefined };
    const status = yield* this.wdk.NdisFRegisterFilterDriver(driver, null, this.characteristics(), out);
    if (status !== 'NDIS_STATUS_SUCCESS' || !out.value) return 'STATUS_UNSUCCESSFUL';
    if (!(yield* this.allocateGlobals())) return 'STATUS_INSUFFICIENT_RESOURCES';
    this.globals.driverHandle = out.value;
    return (yield* this.createDevice(out.value)) ? 'STATUS_SUCCESS' : 'STATUS_UNSUCCESSFUL';
  }
}

export const registersBeforeItsGlobalsAreReady = defect({
  name: 'registers-before-its-globals-are-ready',
  breaks: 'REG-13',
  story:
    'DriverEntry registers first and allocates the global list afterwards. NDIS attaches to adapters that are ' +
    'already there before the registration call returns, so FilterAttach goes through a pointer that is still ' +
    "NULL. On a test machine the adapter usually comes later; on the customer's, at boot, it does not.",
  Filter: RegistersBeforeItsGlobalsAreReady,
});
