import type { Call } from '../../../../../src/kernel';
import type { NtStatus } from '../../../../../src/ndis/status';
import type { DriverObject } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import { defect } from '../define';

class UnloadWithASpareNbl extends ReferenceFilter {
  override *DriverEntry(driver: DriverObject): Call<NtStatus> {
    const status = yield* super.DriverEntry(driver);
    if (status !== 'STATUS_SUCCESS' || !this.globals.driverHandle) return status;
    const pool = yield* this.createPool(this.globals.driverHandle);
    if (pool) yield* this.wdk.NdisAllocateNetBufferAndNetBufferList(pool, 0, null, 0, 0);
    return status;
  }
}

export const unloadWithASpareNbl = defect({
  name: 'unload-with-a-spare-nbl',
  breaks: 'UNL-04',
  story:
    'DriverEntry sets an NBL aside for hard times, in a pool of the driver, and nobody frees it. NDIS finds it ' +
    'alive when the driver deregisters (bugcheck 0x7C, leaked NBL).',
  Filter: UnloadWithASpareNbl,
});
