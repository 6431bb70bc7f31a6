/**
 * Cancel-safe IRP queues: the driver keeps the IRPs and the lock, by routines of its own; the kernel sees to it that an IRP is
 * either taken out or cancelled.
 * @see https://learn.microsoft.com/windows-hardware/drivers/kernel/cancel-safe-irp-queues
 */
import type { Call } from '../../../../src/kernel';
import type { GuestCall, Result } from '../contract';
import type { Guest } from '../guest';
import { GuestIrps } from '../io/irps';
import { CONTROL, IRP, STACK_LOCATION } from '../io/layouts';
import { STATUS } from '../status';
import { checked, define, DISPATCH, type GuestExport } from './define';

/** IO_CSQ: its routines are one behind the other. */
const CSQ = {
  size: 0x40,
  type: 0x00,
  insert: 0x08,
  remove: 0x10,
  peek: 0x18,
  acquire: 0x20,
  release: 0x28,
  cancel: 0x30,
};
const TYPE_CSQ_CONTEXT = 1;
const TYPE_CSQ = 2;
const TYPE_CSQ_EX = 3;
/** IO_CSQ_IRP_CONTEXT. */
const CONTEXT = { size: 0x18, type: 0x00, irp: 0x08, csq: 0x10 };
/** Tail.Overlay.DriverContext[3] of the IRP, where the cancel routine finds its queue. */
const DRIVER_CONTEXT = 0x78 + 3 * 8;

export const cancelSafeQueueExports: readonly GuestExport[] = [
  ...(['IoCsqInitialize', 'IoCsqInitializeEx'] as const).map((name) =>
    define(name, DISPATCH, `wdm/nf-wdm-${name.toLowerCase()}`, (guest, call) => {
      const csq = checked(guest, call, 0, 'write', CSQ.size);
      guest.memory.fill(csq, CSQ.size, 0);
      guest.memory.setU32(csq + CSQ.type, name === 'IoCsqInitialize' ? TYPE_CSQ : TYPE_CSQ_EX);
      for (let index = 0; index < 6; index += 1) {
        guest.memory.setU64(csq + CSQ.insert + 8 * index, call.u64(1 + index));
      }
      return STATUS.SUCCESS;
    }),
  ),
  define('IoCsqInsertIrp', DISPATCH, 'wdm/nf-wdm-iocsqinsertirp', function* (guest, call) {
    yield* new Queue(guest, call.u64(0)).insert(call.u64(1), call.u64(2), 0n);
  }),
  define('IoCsqInsertIrpEx', DISPATCH, 'wdm/nf-wdm-iocsqinsertirpex', (guest, call) =>
    new Queue(guest, call.u64(0)).insert(call.u64(1), call.u64(2), call.u64(3)),
  ),
  define('IoCsqRemoveNextIrp', DISPATCH, 'wdm/nf-wdm-iocsqremovenextirp', (guest, call) =>
    new Queue(guest, call.u64(0)).removeNext(call.u64(1)),
  ),
  define('IoCsqRemoveIrp', DISPATCH, 'wdm/nf-wdm-iocsqremoveirp', (guest, call) =>
    new Queue(guest, call.u64(0)).removeKnown(call.u64(1)),
  ),
  define('IopCsqCancelRoutine', DISPATCH, 'wdm/nc-wdm-driver_cancel', cancelled),
  define('IoCancelIrp', DISPATCH, 'wdm/nf-wdm-iocancelirp', function* (guest, call) {
    const irp = checked(guest, call, 0, 'write', IRP.size);
    return yield* guest.part(GuestIrps).cancel(irp);
  }),
];

class Queue {
  private readonly at: number;

  /** @param csq address of an IO_CSQ */
  constructor(
    private readonly guest: Guest,
    private readonly csq: bigint,
  ) {
    this.at = guest.offset(csq);
    guest.touch('read', this.at, CSQ.size);
  }

  /** @returns NTSTATUS: what the insert routine of an extended queue says */
  *insert(irp: bigint, context: bigint, insertContext: bigint): Call<number> {
    const { guest } = this;
    const { memory } = guest;
    const offset = guest.offset(irp);
    guest.touch('write', offset, IRP.size);
    if (context === 0n) memory.setU64(offset + DRIVER_CONTEXT, this.csq);
    else this.remember(context, irp, offset);
    const irql = yield* this.lock();
    let status = STATUS.SUCCESS as number;
    if (memory.u32(this.at + CSQ.type) === TYPE_CSQ_EX) {
      status = Number((yield* this.call(CSQ.insert, irp, insertContext)) & 0xffff_ffffn);
    } else {
      yield* this.call(CSQ.insert, irp);
    }
    if (status >= 0xc000_0000) {
      yield* this.unlock(irql);
      return status;
    }
    const location = guest.offset(memory.u64(offset + IRP.currentStackLocation));
    memory.setU8(
      location + STACK_LOCATION.control,
      memory.u8(location + STACK_LOCATION.control) | CONTROL.pendingReturned,
    );
    memory.setU64(offset + IRP.cancelRoutine, guest.imports.resolve('ntoskrnl.exe', 'IopCsqCancelRoutine') ?? 0n);
    const isCancelled = memory.u8(offset + IRP.cancel) !== 0 && this.disarm(offset);
    if (!isCancelled) {
      yield* this.unlock(irql);
      return status;
    }
    this.forget(offset);
    yield* this.call(CSQ.remove, irp);
    yield* this.unlock(irql);
    yield* this.call(CSQ.cancel, irp);
    return status;
  }

  /** @param peekContext what the driver's routine looks for. @returns the IRP; 0 when there is none */
  *removeNext(peekContext: bigint): Call<bigint> {
    const irql = yield* this.lock();
    let irp = yield* this.call(CSQ.peek, 0n, peekContext);
    // What is being cancelled is left to its cancel routine.
    while (irp !== 0n && !this.disarm(this.guest.offset(irp))) irp = yield* this.call(CSQ.peek, irp, peekContext);
    if (irp !== 0n) yield* this.take(irp);
    yield* this.unlock(irql);
    return irp;
  }

  /** @param context address of the IO_CSQ_IRP_CONTEXT of an IRP. @returns 0 when it is gone, or being cancelled */
  *removeKnown(context: bigint): Call<bigint> {
    const { guest } = this;
    const irql = yield* this.lock();
    const irp = guest.readU64(context + BigInt(CONTEXT.irp));
    const isMine = irp !== 0n && this.disarm(guest.offset(irp));
    if (isMine) yield* this.take(irp);
    yield* this.unlock(irql);
    return isMine ? irp : 0n;
  }

  /** The cancel routine has the IRP to itself. */
  *cancel(irp: bigint): Call<void> {
    const irql = yield* this.lock();
    this.forget(this.guest.offset(irp));
    yield* this.call(CSQ.remove, irp);
    yield* this.unlock(irql);
    yield* this.call(CSQ.cancel, irp);
  }

  private *take(irp: bigint): Call<void> {
    this.forget(this.guest.offset(irp));
    yield* this.call(CSQ.remove, irp);
  }

  private call(routine: number, ...args: readonly bigint[]): Call<bigint> {
    return this.guest.call(this.guest.memory.u64(this.at + routine), this.csq, ...args);
  }

  /** @returns the IRQL that the driver's routine wants back */
  private *lock(): Call<bigint> {
    const old = this.guest.allocate(8);
    yield* this.call(CSQ.acquire, this.guest.address(old));
    return BigInt(this.guest.memory.u8(old));
  }

  private *unlock(irql: bigint): Call<void> {
    yield* this.call(CSQ.release, irql);
  }

  /** IoSetCancelRoutine(irp, NULL). @returns false when somebody has taken the routine before: the IRP is being cancelled */
  private disarm(irp: number): boolean {
    const { memory } = this.guest;
    const before = memory.u64(irp + IRP.cancelRoutine);
    memory.setU64(irp + IRP.cancelRoutine, 0n);
    return before !== 0n;
  }

  private remember(context: bigint, irp: bigint, offset: number): void {
    const { memory } = this.guest;
    const at = this.guest.offset(context);
    this.guest.touch('write', at, CONTEXT.size);
    memory.setU32(at + CONTEXT.type, TYPE_CSQ_CONTEXT);
    memory.setU64(at + CONTEXT.irp, irp);
    memory.setU64(at + CONTEXT.csq, this.csq);
    memory.setU64(offset + DRIVER_CONTEXT, context);
  }

  /** The context, if the IRP has one, no longer leads to it. */
  private forget(irp: number): void {
    const { memory } = this.guest;
    const known = memory.u64(irp + DRIVER_CONTEXT);
    memory.setU64(irp + DRIVER_CONTEXT, 0n);
    if (known === 0n || known === this.csq) return;
    const at = this.guest.offset(known);
    this.guest.touch('write', at, CONTEXT.size);
    memory.setU64(at + CONTEXT.irp, 0n);
  }
}

/** What the queue has put into the IRP: called with the cancel spin lock held. */
function* cancelled(guest: Guest, call: GuestCall): Call<Result> {
  const irp = checked(guest, call, 1, 'read', IRP.size);
  yield* guest.part(GuestIrps).releaseCancelLock(guest.memory.u8(irp + IRP.cancelIrql));
  const known = guest.memory.u64(irp + DRIVER_CONTEXT);
  const at = guest.offset(known);
  guest.touch('read', at, CONTEXT.size);
  const isContext = guest.memory.u32(at + CONTEXT.type) === TYPE_CSQ_CONTEXT;
  const csq = isContext ? guest.memory.u64(at + CONTEXT.csq) : known;
  yield* new Queue(guest, csq).cancel(call.u64(1));
}
