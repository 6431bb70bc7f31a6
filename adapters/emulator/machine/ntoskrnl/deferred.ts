import type { Call } from '../../../../src/kernel';
import type { GuestCall } from '../contract';
import { hexOf } from '../faults';
import type { Guest } from '../guest';
import { PROCESSORS } from '../layout';
import type { GuestBlock } from '../pool';
import { STATUS } from '../status';
import { checked, define, DISPATCH, HIGH, PASSIVE, type GuestExport } from './define';
import { DispatcherObjects, OBJECT } from './objects';
import { millisecondsUntil } from './time';

const KDPC = { size: 0x40, routine: 0x18, context: 0x20, argument1: 0x28, argument2: 0x30 } as const;
const DPC_TYPE = 0x13;
const KTIMER = { size: 0x40, dpc: 0x30 } as const;
const WORK_QUEUE_ITEM = { size: 0x20, routine: 0x10, parameter: 0x18 } as const;

/** An IO_WORKITEM. */
interface WorkItem {
  readonly object: bigint;
  queued: boolean;
}

/** DPCs, timers and work items that are under way. */
class Deferred {
  /** Those in the queue, each with what stands for its place there. */
  readonly queuedDpcs = new Map<number, object>();
  /** The processors that those run on which do not run where they were queued. */
  readonly targets = new Map<number, number>();
  /** Tokens of timers that are armed. */
  readonly timers = new Map<number, number>();
  readonly workItems = new Map<bigint, WorkItem>();

  constructor(private readonly guest: Guest) {
    guest.pool.beforeFree.push((block) => this.requireNone(block));
  }

  /** @throws Bugcheck 0xC7 when a timer that is set, or a DPC that is queued, is in memory that is about to be freed */
  private requireNone({ offset, length, model }: GuestBlock): void {
    const isInside = (at: number): boolean => at >= offset && at < offset + length;
    const timer = [...this.timers.keys()].find(isInside);
    const dpc = [...this.queuedDpcs.keys()].find(isInside);
    const found = timer ?? dpc;
    if (found === undefined) return;
    const { guest } = this;
    const [kind, what] = timer === undefined ? ['0x1', 'a DPC in the queue'] : ['0x0', 'a timer that is set'];
    const places = [found, offset, offset + length].map((at) => hexOf(guest.address(at)));
    throw guest.stop('0xC7', 'TIMER_OR_DPC_INVALID', `${model.id} was freed with ${what} in it`, [kind, ...places]);
  }

  /** @returns false when it is in the queue already */
  queueDpc(dpc: number, argument1: bigint, argument2: bigint): boolean {
    if (this.queuedDpcs.has(dpc)) return false;
    const place = {};
    this.queuedDpcs.set(dpc, place);
    const { wdk, kernel, processors } = this.guest;
    const thread = wdk.StartRoutine('CustomDpc', DISPATCH, () => this.runDpc(dpc, place, argument1, argument2));
    const target = this.targets.get(dpc);
    if (target !== undefined) kernel.move(thread, (cpu) => processors.number(cpu) === target);
    return true;
  }

  private *runDpc(dpc: number, place: object, argument1: bigint, argument2: bigint): Call<void> {
    const { guest, queuedDpcs } = this;
    const { memory } = guest;
    if (queuedDpcs.get(dpc) !== place) return;
    queuedDpcs.delete(dpc);
    guest.touch('read', dpc, KDPC.size);
    const [routine, context] = [memory.u64(dpc + KDPC.routine), memory.u64(dpc + KDPC.context)];
    yield* guest.call(routine, guest.address(dpc), context, argument1, argument2);
  }

  /** @returns true when it was armed already */
  setTimer(timer: number, due: bigint, period: number, dpc: number): boolean {
    const wasArmed = this.cancelTimer(timer);
    const { guest } = this;
    const objects = guest.part(DispatcherObjects);
    objects.setState(timer, 0);
    guest.memory.setU64(timer + KTIMER.dpc, guest.address(dpc));
    const token = guest.kernel.setTimer(millisecondsUntil(guest, due), period, () => {
      if (period === 0) this.timers.delete(timer);
      objects.setState(timer, 1);
      if (dpc !== 0) this.queueDpc(dpc, 0n, 0n);
    });
    this.timers.set(timer, token);
    return wasArmed;
  }

  /** @returns false when it was not armed */
  cancelTimer(timer: number): boolean {
    const token = this.timers.get(timer);
    if (token === undefined) return false;
    this.timers.delete(timer);
    return this.guest.kernel.cancelTimer(token);
  }
}

export const deferredExports: readonly GuestExport[] = [
  define('KeInitializeDpc', HIGH, 'wdm/nf-wdm-keinitializedpc', initialiseDpc),
  define('KeInitializeThreadedDpc', HIGH, 'wdm/nf-wdm-keinitializethreadeddpc', initialiseDpc),
  define('KeInsertQueueDpc', HIGH, 'wdm/nf-wdm-keinsertqueuedpc', (guest, call) =>
    guest.part(Deferred).queueDpc(checked(guest, call, 0, 'write', KDPC.size), call.u64(1), call.u64(2)),
  ),
  define('KeRemoveQueueDpc', HIGH, 'wdm/nf-wdm-keremovequeuedpc', (guest, call) =>
    guest.part(Deferred).queuedDpcs.delete(checked(guest, call, 0, 'write', KDPC.size)),
  ),
  define('KeFlushQueuedDpcs', PASSIVE, 'wdm/nf-wdm-keflushqueueddpcs', (guest) => guest.wdk.KeFlushQueuedDpcs()),
  define('KeSetTargetProcessorDpc', HIGH, 'ntddk/nf-ntddk-kesettargetprocessordpc', (guest, call) => {
    guest.part(Deferred).targets.set(checked(guest, call, 0, 'write', KDPC.size), call.u8(1));
  }),
  define('KeSetTargetProcessorDpcEx', HIGH, 'wdm/nf-wdm-kesettargetprocessordpcex', (guest, call) => {
    const number = guest.memory.u8(checked(guest, call, 1, 'read', 4) + 2);
    if (number >= PROCESSORS) return STATUS.INVALID_PARAMETER;
    guest.part(Deferred).targets.set(checked(guest, call, 0, 'write', KDPC.size), number);
    return STATUS.SUCCESS;
  }),
  define('KeSetImportanceDpc', HIGH, 'wdm/nf-wdm-kesetimportancedpc', () => undefined),

  define('KeInitializeTimer', HIGH, 'wdm/nf-wdm-keinitializetimer', (guest, call) =>
    guest.part(DispatcherObjects).initialise(call.pointer(0), OBJECT.notificationTimer, KTIMER.size, 0),
  ),
  define('KeInitializeTimerEx', HIGH, 'wdm/nf-wdm-keinitializetimerex', (guest, call) => {
    const type = call.u32(1) === 0 ? OBJECT.notificationTimer : OBJECT.synchronizationTimer;
    guest.part(DispatcherObjects).initialise(call.pointer(0), type, KTIMER.size, 0);
  }),
  define('KeSetTimer', DISPATCH, 'wdm/nf-wdm-kesettimer', (guest, call) =>
    guest.part(Deferred).setTimer(checked(guest, call, 0, 'write', KTIMER.size), call.u64(1), 0, call.pointer(2)),
  ),
  define('KeSetTimerEx', DISPATCH, 'wdm/nf-wdm-kesettimerex', (guest, call) =>
    guest
      .part(Deferred)
      .setTimer(checked(guest, call, 0, 'write', KTIMER.size), call.u64(1), call.i32(2), call.pointer(3)),
  ),
  define('KeSetCoalescableTimer', DISPATCH, 'wdm/nf-wdm-kesetcoalescabletimer', (guest, call) =>
    guest
      .part(Deferred)
      .setTimer(checked(guest, call, 0, 'write', KTIMER.size), call.u64(1), call.i32(2), call.pointer(4)),
  ),
  define('KeCancelTimer', DISPATCH, 'wdm/nf-wdm-kecanceltimer', (guest, call) =>
    guest.part(Deferred).cancelTimer(checked(guest, call, 0, 'write', KTIMER.size)),
  ),
  define(
    'KeReadStateTimer',
    DISPATCH,
    'wdm/nf-wdm-kereadstatetimer',
    (guest, call) => guest.part(DispatcherObjects).state(checked(guest, call, 0, 'read', KTIMER.size)) > 0,
  ),

  define('IoAllocateWorkItem', DISPATCH, 'wdm/nf-wdm-ioallocateworkitem', function* (guest, call) {
    const at = yield* guest.pool.allocate({ length: 0x58, tag: 'Wrk ', zeroed: true, caller: call.caller });
    if (at !== 0) guest.part(Deferred).workItems.set(guest.address(at), { object: call.u64(0), queued: false });
    return guest.address(at);
  }),
  define('IoSizeofWorkItem', HIGH, 'wdm/nf-wdm-iosizeofworkitem', () => 0x58),
  define('IoInitializeWorkItem', DISPATCH, 'wdm/nf-wdm-ioinitializeworkitem', (guest, call) => {
    guest.part(Deferred).workItems.set(call.u64(1), { object: call.u64(0), queued: false });
  }),
  define('IoUninitializeWorkItem', DISPATCH, 'wdm/nf-wdm-iouninitializeworkitem', (guest, call) => {
    idle(guest, call);
    guest.part(Deferred).workItems.delete(call.u64(0));
  }),
  define('IoFreeWorkItem', DISPATCH, 'wdm/nf-wdm-iofreeworkitem', function* (guest, call) {
    idle(guest, call);
    guest.part(Deferred).workItems.delete(call.u64(0));
    yield* guest.pool.free(call.u64(0), call.caller);
  }),
  define('IoQueueWorkItem', DISPATCH, 'wdm/nf-wdm-ioqueueworkitem', (guest, call) => queueItem(guest, call, false)),
  define('IoQueueWorkItemEx', DISPATCH, 'wdm/nf-wdm-ioqueueworkitemex', (guest, call) => queueItem(guest, call, true)),
  define('ExQueueWorkItem', DISPATCH, 'wdm/nf-wdm-exqueueworkitem', (guest, call) => {
    const item = checked(guest, call, 0, 'write', WORK_QUEUE_ITEM.size);
    const routine = guest.memory.u64(item + WORK_QUEUE_ITEM.routine);
    const parameter = guest.memory.u64(item + WORK_QUEUE_ITEM.parameter);
    guest.wdk.StartRoutine('WorkItemRoutine', PASSIVE, function* (): Call<void> {
      yield* guest.call(routine, parameter);
    });
  }),
];

function initialiseDpc(guest: Guest, call: GuestCall): void {
  const dpc = checked(guest, call, 0, 'write', KDPC.size);
  guest.memory.fill(dpc, KDPC.size, 0);
  guest.memory.setU8(dpc, DPC_TYPE);
  guest.memory.setU64(dpc + KDPC.routine, call.u64(1));
  guest.memory.setU64(dpc + KDPC.context, call.u64(2));
  guest.part(Deferred).targets.delete(dpc);
}

function itemOf(guest: Guest, call: GuestCall): WorkItem {
  const item = guest.part(Deferred).workItems.get(call.u64(0));
  if (!item) throw guest.faults.badAccess('read', call.u64(0), 1);
  return item;
}

/** @throws Bugcheck 0xE4 when the work item is in the queue */
function idle(guest: Guest, call: GuestCall): void {
  if (itemOf(guest, call).queued) throw invalid(guest, call, 'was freed while it was in the queue');
}

function queueItem(guest: Guest, call: GuestCall, isExtended: boolean): void {
  const item = itemOf(guest, call);
  if (item.queued) throw invalid(guest, call, 'was queued while it was in the queue');
  item.queued = true;
  const [address, routine, context] = [call.u64(0), call.u64(1), call.u64(3)];
  guest.wdk.StartRoutine('WorkItemRoutine', PASSIVE, function* (): Call<void> {
    item.queued = false;
    yield* guest.call(routine, item.object, context, ...(isExtended ? [address] : []));
  });
}

function invalid(guest: Guest, call: GuestCall, what: string): Error {
  return guest.stop('0xE4', 'WORKER_INVALID', `a work item ${what}`, ['0x1', `0x${call.u64(0).toString(16)}`]);
}
