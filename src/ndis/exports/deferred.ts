import { PASSIVE_LEVEL } from '../../trace';
import { Timer, WorkItem } from '../deferred';
import { badPointer } from '../faults';
import { targetOf } from '../handle';
import type { ExportContext } from './context';
import type { Implementations } from './implementations';

type DeferredExports = Implementations<
  | 'NdisAllocateTimerObject'
  | 'NdisSetTimerObject'
  | 'NdisCancelTimerObject'
  | 'NdisFreeTimerObject'
  | 'NdisAllocateIoWorkItem'
  | 'NdisQueueIoWorkItem'
  | 'NdisFreeIoWorkItem'
>;

/** Timers and work items. */
export const deferredExports: DeferredExports = {
  *NdisAllocateTimerObject(cx, handle, characteristics) {
    const ddi = 'NdisAllocateTimerObject';
    cx.requirePointer(ddi, characteristics);
    const { module } = cx.onOwner(ddi, handle);
    const timer = cx.ndis.shortage.strikes('other')
      ? undefined
      : new Timer(cx.ndis, cx.kernel.identity('timer'), module, { ...characteristics });
    cx.returned(ddi, { module, args: { timer: timer?.id ?? null } });
    return timer?.handle ?? null;
  },

  *NdisSetTimerObject(cx, handle, dueMs, periodMs) {
    const ddi = 'NdisSetTimerObject';
    const timer = onTimer(cx, ddi, handle, { due: dueMs, period: periodMs });
    const wasArmed = timer.set(dueMs, periodMs);
    cx.returned(ddi, { module: timer.module, args: { timer: timer.id } });
    return wasArmed;
  },

  *NdisCancelTimerObject(cx, handle) {
    const ddi = 'NdisCancelTimerObject';
    const timer = onTimer(cx, ddi, handle);
    const cancelled = timer.cancel();
    if (timer.isPeriodic && cx.kernel.thread.irql === PASSIVE_LEVEL) yield* cx.kernel.flushDpcs(ddi);
    cx.returned(ddi, { module: timer.module, args: { timer: timer.id, cancelled } });
    return cancelled;
  },

  *NdisFreeTimerObject(cx, handle) {
    const ddi = 'NdisFreeTimerObject';
    const timer = onTimer(cx, ddi, handle);
    timer.free();
    cx.returned(ddi, { module: timer.module, args: { timer: timer.id } });
  },

  *NdisAllocateIoWorkItem(cx, handle) {
    const ddi = 'NdisAllocateIoWorkItem';
    const { module } = cx.onOwner(ddi, handle);
    const item = cx.ndis.shortage.strikes('other')
      ? undefined
      : new WorkItem(cx.ndis, cx.kernel.identity('work'), module);
    cx.returned(ddi, { module, args: { workItem: item?.id ?? null } });
    return item?.handle ?? null;
  },

  *NdisQueueIoWorkItem(cx, handle, routine, context) {
    const ddi = 'NdisQueueIoWorkItem';
    const item = onWorkItem(cx, ddi, handle);
    item.queue(routine, context);
    cx.returned(ddi, { module: item.module, args: { workItem: item.id } });
  },

  *NdisFreeIoWorkItem(cx, handle) {
    const ddi = 'NdisFreeIoWorkItem';
    const item = onWorkItem(cx, ddi, handle);
    item.free();
    cx.returned(ddi, { module: item.module, args: { workItem: item.id } });
  },
};

function onTimer(cx: ExportContext, ddi: string, handle: unknown, args: Record<string, number> = {}): Timer {
  const timer = targetOf(handle, Timer);
  cx.called(ddi, { module: timer?.module, args: { timer: timer?.id ?? null, ...args } });
  if (!timer?.usable) throw badPointer(cx.kernel, `${ddi} was given a timer that does not exist or was freed`, 'timer');
  return timer;
}

function onWorkItem(cx: ExportContext, ddi: string, handle: unknown): WorkItem {
  const item = targetOf(handle, WorkItem);
  cx.called(ddi, { module: item?.module, args: { workItem: item?.id ?? null } });
  if (!item?.usable)
    throw badPointer(cx.kernel, `${ddi} was given a work item that does not exist or was freed`, 'item');
  return item;
}
