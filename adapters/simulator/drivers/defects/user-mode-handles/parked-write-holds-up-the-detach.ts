import type { Call } from '../../../../../src/kernel';
import type { NtStatus } from '../../../../../src/ndis/status';
import type { Irp } from '../../../../../src/ndis/wdk';
import { ReferenceFilter } from '../../reference';
import type { FilterModule } from '../../reference';
import { defect } from '../define';

class ParkedWriteHoldsUpTheDetach extends ReferenceFilter {
  private readonly parked = new Map<FilterModule, Irp[]>();

  override *write(module: FilterModule, irp: Irp): Call<NtStatus> {
    const status = yield* super.write(module, irp);
    if (status !== 'STATUS_DEVICE_NOT_READY' || !(yield* this.reference(module))) return status;
    this.parked.set(module, [...(this.parked.get(module) ?? []), irp]);
    return 'STATUS_PENDING';
  }

  override *finish(irp: Irp, work: Call<NtStatus>): Call<NtStatus> {
    const status = yield* work;
    if (status === 'STATUS_PENDING') yield* this.wdk.IoMarkIrpPending(irp);
    else yield* this.complete(irp, status);
    return status;
  }

  override *openGate(module: FilterModule): Call<void> {
    yield* super.openGate(module);
    const parked = this.parked.get(module) ?? [];
    this.parked.delete(module);
    for (const irp of parked) yield* this.queueWork(module, (target) => this.resume(target, irp));
  }

  *resume(module: FilterModule, irp: Irp): Call<void> {
    yield* this.complete(irp, yield* super.write(module, irp));
    yield* this.dereference(module);
  }

  *complete(irp: Irp, status: NtStatus): Call<void> {
    irp.Status = status;
    yield* this.wdk.IoCompleteRequest(irp);
  }
}

export const parkedWriteHoldsUpTheDetach = defect({
  name: 'parked-write-holds-up-the-detach',
  breaks: 'DEV-04',
  story:
    'A write to a module that is not Running is parked until the next restart. It keeps its reference on the ' +
    'module and has no cancel routine: FilterDetach waits for a write that waits for a restart which will never ' +
    'come, and the process that wrote cannot be ended.',
  Filter: ParkedWriteHoldsUpTheDetach,
});
