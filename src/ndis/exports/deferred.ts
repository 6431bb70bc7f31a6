import { Timer, WorkItem } from '../deferred';
import { badPointer } from '../faults';
import { targetOf } from '../handle';
import type { Wdk } from '../wdk';
import type { ExportContext } from './context';

type DeferredExports = Pick<
  Wdk,
  | 'NdisAllocateTimerObject'
  | 'NdisSetTimerObject'
  | 'NdisCancelTimerObject'
  | 'NdisFreeTimerObject'
  | 'NdisAllocateIoWorkItem'
  | 'NdisQueueIoWorkItem'
  | 'NdisFreeIoWorkItem'
>;

/** Timers and work items. */
export function deferredExports(cx: ExportContext): DeferredExports {
  const { ndis, kernel } = cx;

  const onTimer = (ddi: string, handle: unknown, args: Record<string, number> = {}): Timer => {
    const timer = targetOf(handle, Timer);
    cx.called(ddi, { module: timer?.module, args: { timer: timer?.id ?? null, ...args } });
    if (!timer?.usable) throw badPointer(kernel, `${ddi} was given a timer that does not exist or was freed`, 'timer');
    return timer;
  };

  const onWorkItem = (ddi: string, handle: unknown): WorkItem => {
    const item = targetOf(handle, WorkItem);
    cx.called(ddi, { module: item?.module, args: { workItem: item?.id ?? null } });
    if (!item?.usable)
      throw badPointer(kernel, `${ddi} was given a work item that does not exist or was freed`, 'item');
    return item;
  };

  return {
    *NdisAllocateTimerObject(handle, characteristics) {
      const ddi = 'NdisAllocateTimerObject';
      cx.requirePointer(ddi, characteristics);
      const { module } = cx.onOwner(ddi, handle);
      const timer = ndis.shortage.strikes('other')
        ? undefined
        : new Timer(ndis, kernel.identity('timer'), module, { ...characteristics });
      cx.returned(ddi, { module, args: { timer: timer?.id ?? null } });
      return timer?.handle ?? null;
    },

    *NdisSetTimerObject(handle, dueMs, periodMs) {
      const ddi = 'NdisSetTimerObject';
      const timer = onTimer(ddi, handle, { due: dueMs, period: periodMs });
      const wasArmed = timer.set(dueMs, periodMs);
      cx.returned(ddi, { module: timer.module, args: { timer: timer.id } });
      return wasArmed;
    },

    *NdisCancelTimerObject(handle) {
      const ddi = 'NdisCancelTimerObject';
      const timer = onTimer(ddi, handle);
      const cancelled = timer.cancel();
      cx.returned(ddi, { module: timer.module, args: { timer: timer.id, cancelled } });
      return cancelled;
    },

    *NdisFreeTimerObject(handle) {
      const ddi = 'NdisFreeTimerObject';
      const timer = onTimer(ddi, handle);
      timer.free();
      cx.returned(ddi, { module: timer.module, args: { timer: timer.id } });
    },

    *NdisAllocateIoWorkItem(handle) {
      const ddi = 'NdisAllocateIoWorkItem';
      const { module } = cx.onOwner(ddi, handle);
      const item = ndis.shortage.strikes('other') ? undefined : new WorkItem(ndis, kernel.identity('work'), module);
      cx.returned(ddi, { module, args: { workItem: item?.id ?? null } });
      return item?.handle ?? null;
    },

    *NdisQueueIoWorkItem(handle, routine, context) {
      const ddi = 'NdisQueueIoWorkItem';
      const item = onWorkItem(ddi, handle);
      item.queue(routine, context);
      cx.returned(ddi, { module: item.module, args: { workItem: item.id } });
    },

    *NdisFreeIoWorkItem(handle) {
      const ddi = 'NdisFreeIoWorkItem';
      const item = onWorkItem(ddi, handle);
      item.free();
      cx.returned(ddi, { module: item.module, args: { workItem: item.id } });
    },
  };
}
