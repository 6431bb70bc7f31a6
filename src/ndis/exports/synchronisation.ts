import type { ExportContext } from './context';
import type { Implementations } from './implementations';

type SynchronisationExports = Implementations<
  | 'NdisAllocateSpinLock'
  | 'NdisAcquireSpinLock'
  | 'NdisReleaseSpinLock'
  | 'NdisInitializeEvent'
  | 'NdisSetEvent'
  | 'NdisResetEvent'
  | 'ExInitializeRundownProtection'
  | 'ExAcquireRundownProtection'
  | 'ExReleaseRundownProtection'
  | 'ExReInitializeRundownProtection'
  | 'KeFlushQueuedDpcs'
  | 'KeGetCurrentIrql'
  | 'KeRaiseIrql'
  | 'KeLowerIrql'
  | 'SharedAccess'
  | 'StartRoutine'
>;

/** Locks, events and the like. They are no crossings: a trace shows the locks held and the IRQL at the crossings around. */
export const synchronisationExports: SynchronisationExports = {
  NdisAllocateSpinLock: (cx) => cx.kernel.sync.newSpinLock(),
  NdisAcquireSpinLock: (cx, lock) => cx.kernel.sync.acquire(lock),
  NdisReleaseSpinLock: (cx, lock) => cx.kernel.sync.release(lock),
  NdisInitializeEvent: (cx) => cx.kernel.sync.newEvent(),
  *NdisSetEvent(cx, event) {
    yield* cx.kernel.point('NdisSetEvent');
    event.signaled = true;
  },
  *NdisResetEvent(cx, event) {
    yield* cx.kernel.point('NdisResetEvent');
    event.signaled = false;
  },
  ExInitializeRundownProtection: (cx) => cx.kernel.sync.newRundownRef(),
  ExAcquireRundownProtection: (cx, ref) => cx.kernel.sync.acquireRundown(ref),
  ExReleaseRundownProtection: (cx, ref) => cx.kernel.sync.releaseRundown(ref),
  *ExReInitializeRundownProtection(cx, ref) {
    yield* cx.kernel.point('ExReInitializeRundownProtection');
    ref.rundown = false;
    ref.references = 0;
  },
  *KeFlushQueuedDpcs(cx) {
    yield* cx.kernel.point('KeFlushQueuedDpcs');
    yield* cx.kernel.flushDpcs('KeFlushQueuedDpcs');
  },
  KeGetCurrentIrql: (cx) => cx.kernel.thread.irql,
  *KeRaiseIrql(cx, irql) {
    yield* cx.kernel.point('KeRaiseIrql');
    const { thread } = cx.kernel;
    const before = thread.irql;
    thread.irql = irql;
    return before;
  },
  *KeLowerIrql(cx, irql) {
    yield* cx.kernel.point('KeLowerIrql');
    cx.kernel.thread.irql = irql;
  },
  SharedAccess: (cx) => cx.kernel.point('SharedAccess'),
  StartRoutine: (cx, ddi, irql, routine) => cx.kernel.spawn(ddi, cx.ndis.boundary.enter(ddi, {}, routine), irql),
};

type WaitExports = Implementations<'NdisWaitEvent' | 'NdisMSleep' | 'ExWaitForRundownProtectionRelease'>;

/** Waits are crossings: where and at which IRQL a driver waits is judged. */
export const waitExports: WaitExports = {
  *NdisWaitEvent(cx, event, milliseconds) {
    const ddi = 'NdisWaitEvent';
    cx.requirePointer(ddi, event);
    const module = waitingModule(cx);
    cx.called(ddi, { module, args: { object: event.id, timeout: milliseconds } });
    const signaled = yield* cx.kernel.sync.wait(event, milliseconds);
    cx.returned(ddi, { module, args: { object: event.id, timeout: milliseconds, signaled } });
    return signaled;
  },

  *NdisMSleep(cx, milliseconds) {
    const ddi = 'NdisMSleep';
    const module = waitingModule(cx);
    cx.called(ddi, { module, args: { object: null, timeout: milliseconds } });
    yield* cx.kernel.sync.sleep(milliseconds);
    cx.returned(ddi, { module, args: { object: null, timeout: milliseconds } });
  },

  *ExWaitForRundownProtectionRelease(cx, ref) {
    const ddi = 'ExWaitForRundownProtectionRelease';
    cx.requirePointer(ddi, ref);
    const module = waitingModule(cx);
    cx.called(ddi, { module, args: { object: ref.id, timeout: 0 } });
    yield* cx.kernel.sync.waitForRundown(ref);
    cx.returned(ddi, { module, args: { object: ref.id, timeout: 0 } });
  },
};

function waitingModule(cx: ExportContext): string | undefined {
  return cx.kernel.thread.frames.at(-1)?.module;
}
