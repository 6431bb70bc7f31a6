import type { Call } from '../../../../src/kernel';
import type { Dispatch, Irp, IrpMajor, NtStatus } from '../../../../src/ndis';
import type { Guest } from '../guest';
import { ntStatusOf, STATUS } from '../status';
import { GuestFiles } from './files';
import { buildIrp, type BuiltIrp } from './build';
import { BuiltIrps } from './built';
import { CONTROL, IRP, STACK_LOCATION } from './layouts';
import { completeOwn } from './own';

/** An IRP in guest memory and the model's IRP that it stands for. */
interface GuestIrp extends BuiltIrp {
  readonly irp: Irp;
  marked: boolean;
  completed: boolean;
}

/** NT_ERROR begins here. */
const FIRST_ERROR = 0xc000_0000;

/** IRPs that the I/O manager sends to the driver. */
export class GuestIrps {
  private readonly byOffset = new Map<number, GuestIrp>();
  private readonly files: GuestFiles;
  private readonly cancelLock;

  constructor(private readonly guest: Guest) {
    this.files = guest.part(GuestFiles);
    this.cancelLock = guest.kernel.sync.newSpinLock();
  }

  /**
   * @param device offset of the DEVICE_OBJECT
   * @param routine address of the driver's dispatch routine, looked up when an IRP comes
   * @returns the dispatch routine as the model calls it
   */
  dispatcher(device: number, routine: () => bigint): Dispatch {
    return (irp) => this.dispatch(device, routine(), irp);
  }

  /** @param id what the model calls an IRP */
  offsetOfId(id: string): number | undefined {
    return [...this.byOffset].find(([, { irp }]) => 'id' in irp && irp.id === id)?.[0];
  }

  /**
   * IofCompleteRequest.
   * @throws Bugcheck 0x44 when the IRP was completed before, 0x50 when it is none
   */
  *complete(offset: number): Call<void> {
    const { guest } = this;
    const known = this.byOffset.get(offset);
    if (!known) {
      if (yield* completeOwn(guest, offset)) yield* guest.part(BuiltIrps).finish(offset);
      return;
    }
    const { irp } = known;
    if (!known.completed) {
      yield* this.noteMark(known);
      const { memory } = guest;
      if (memory.u64(offset + IRP.cancelRoutine) !== 0n) {
        throw guest.stop('0x48', 'CANCEL_STATE_IN_COMPLETED_IRP', 'an IRP was completed with its cancel routine set', [
          `0x${guest.address(offset).toString(16)}`,
        ]);
      }
      irp.Status = ntStatusOf(memory.u32(offset + IRP.status));
      irp.Output = known.output(Number(memory.u64(offset + IRP.information)));
      known.completed = true;
      guest.bury(offset, known.length, 'an IRP that has been completed');
    }
    yield* guest.wdk.IoCompleteRequest(irp);
  }

  /** IoAcquireCancelSpinLock. @returns the IRQL before */
  *acquireCancelLock(): Call<number> {
    const { irql } = this.guest.kernel.thread;
    yield* this.guest.kernel.sync.acquire(this.cancelLock);
    return irql;
  }

  /** IoReleaseCancelSpinLock. @param irql to go back to */
  *releaseCancelLock(irql: number): Call<void> {
    yield* this.guest.kernel.sync.release(this.cancelLock);
    this.guest.kernel.thread.irql = irql;
  }

  /** IoCancelIrp. @returns false when the IRP has no cancel routine */
  *cancel(offset: number): Call<boolean> {
    const { guest } = this;
    const { memory } = guest;
    const irql = yield* this.acquireCancelLock();
    memory.setU8(offset + IRP.cancel, 1);
    const routine = memory.u64(offset + IRP.cancelRoutine);
    memory.setU64(offset + IRP.cancelRoutine, 0n);
    if (routine === 0n) {
      yield* this.releaseCancelLock(irql);
      return false;
    }
    memory.setU8(offset + IRP.cancelIrql, irql);
    const isSent = memory.u8(offset + IRP.currentLocation) <= memory.u8(offset + IRP.stackCount);
    const device = isSent
      ? guest.readU64(memory.u64(offset + IRP.currentStackLocation) + BigInt(STACK_LOCATION.deviceObject))
      : 0n;
    yield* guest.call(routine, device, guest.address(offset));
    return true;
  }

  private *dispatch(device: number, routine: bigint, irp: Irp): Call<NtStatus> {
    const { guest } = this;
    const file = this.files.of(irp.FileObject, device, irp.FileName);
    const built = buildIrp(guest, irp, device, file);
    const known: GuestIrp = { ...built, irp, marked: false, completed: false };
    this.byOffset.set(built.offset, known);
    const take: Irp['TakeCancelRoutine'] = () => this.takeCancelRoutine(known, device);
    irp.TakeCancelRoutine = take;
    const status = Number(
      (yield* guest.call(routine, guest.address(device), guest.address(built.offset))) & 0xffff_ffffn,
    );
    if (!known.completed) yield* this.noteMark(known);
    const isClosed = irp.MajorFunction === ('IRP_MJ_CLOSE' satisfies IrpMajor) && status !== STATUS.PENDING;
    const isRefused = irp.MajorFunction === ('IRP_MJ_CREATE' satisfies IrpMajor) && status >= FIRST_ERROR;
    if (isClosed || isRefused) this.files.close(irp.FileObject);
    return ntStatusOf(status);
  }

  /** IoMarkIrpPending is an inline function: the mark is seen when the IRP is next looked at. */
  private *noteMark(known: GuestIrp): Call<void> {
    const { memory, wdk } = this.guest;
    const location = known.stackLocation;
    const isMarked = (memory.u8(location + STACK_LOCATION.control) & CONTROL.pendingReturned) !== 0;
    if (!isMarked || known.marked) return;
    known.marked = true;
    yield* wdk.IoMarkIrpPending(known.irp);
  }

  /** The I/O manager cancels: it takes the routine out of the IRP and calls it with the cancel spin lock held. */
  private takeCancelRoutine({ offset, completed }: GuestIrp, device: number): ((irp: Irp) => Call<void>) | null {
    const { guest } = this;
    const { memory } = guest;
    if (completed) return null;
    memory.setU8(offset + IRP.cancel, 1);
    const routine = memory.u64(offset + IRP.cancelRoutine);
    memory.setU64(offset + IRP.cancelRoutine, 0n);
    if (routine === 0n) return null;
    const { cancelLock } = this;
    return function* () {
      guest.kernel.thread.irql = 0;
      yield* guest.kernel.sync.acquire(cancelLock);
      memory.setU8(offset + IRP.cancelIrql, 0);
      yield* guest.call(routine, guest.address(device), guest.address(offset));
    };
  }
}
