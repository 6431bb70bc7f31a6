import type { Wdk } from '../wdk';
import type { ExportContext } from './context';

type SynchronisationExports = Pick<
  Wdk,
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
  | 'KeGetCurrentIrql'
  | 'KeRaiseIrql'
  | 'KeLowerIrql'
  | 'SharedAccess'
>;

/** Locks, events and the like. They are no crossings: a trace shows the locks held and the IRQL at the crossings around. */
export function synchronisationExports(cx: ExportContext): SynchronisationExports {
  const { kernel } = cx;
  return {
    NdisAllocateSpinLock: () => kernel.newSpinLock(),
    NdisAcquireSpinLock: (lock) => kernel.acquire(lock),
    NdisReleaseSpinLock: (lock) => kernel.release(lock),
    NdisInitializeEvent: () => kernel.newEvent(),
    *NdisSetEvent(event) {
      yield* kernel.point('NdisSetEvent');
      event.signaled = true;
    },
    *NdisResetEvent(event) {
      yield* kernel.point('NdisResetEvent');
      event.signaled = false;
    },
    ExInitializeRundownProtection: () => kernel.newRundownRef(),
    ExAcquireRundownProtection: (ref) => kernel.acquireRundown(ref),
    ExReleaseRundownProtection: (ref) => kernel.releaseRundown(ref),
    *ExReInitializeRundownProtection(ref) {
      yield* kernel.point('ExReInitializeRundownProtection');
      ref.rundown = false;
      ref.references = 0;
    },
    KeGetCurrentIrql: () => kernel.thread.irql,
    *KeRaiseIrql(irql) {
      yield* kernel.point('KeRaiseIrql');
      const { thread } = kernel;
      const before = thread.irql;
      thread.irql = irql;
      return before;
    },
    *KeLowerIrql(irql) {
      kernel.thread.irql = irql;
      yield* kernel.point('KeLowerIrql');
    },
    SharedAccess: () => kernel.point('SharedAccess'),
  };
}

type WaitExports = Pick<Wdk, 'NdisWaitEvent' | 'NdisMSleep' | 'ExWaitForRundownProtectionRelease'>;

/** Waits are crossings: where and at which IRQL a driver waits is judged. */
export function waitExports(cx: ExportContext): WaitExports {
  const { kernel } = cx;
  return {
    *NdisWaitEvent(event, milliseconds) {
      const ddi = 'NdisWaitEvent';
      cx.requirePointer(ddi, event);
      const module = waitingModule(cx);
      cx.called(ddi, { module, args: { object: event.id, timeout: milliseconds } });
      const signaled = yield* kernel.wait(event, milliseconds);
      cx.returned(ddi, { module, args: { object: event.id, timeout: milliseconds, signaled } });
      return signaled;
    },

    *NdisMSleep(milliseconds) {
      const ddi = 'NdisMSleep';
      const module = waitingModule(cx);
      cx.called(ddi, { module, args: { object: null, timeout: milliseconds } });
      yield* kernel.sleep(milliseconds);
      cx.returned(ddi, { module, args: { object: null, timeout: milliseconds } });
    },

    *ExWaitForRundownProtectionRelease(ref) {
      const ddi = 'ExWaitForRundownProtectionRelease';
      cx.requirePointer(ddi, ref);
      const module = waitingModule(cx);
      cx.called(ddi, { module, args: { object: ref.id, timeout: 0 } });
      yield* kernel.waitForRundown(ref);
      cx.returned(ddi, { module, args: { object: ref.id, timeout: 0 } });
    },
  };
}

function waitingModule(cx: ExportContext): string | undefined {
  return cx.kernel.thread.frames.at(-1)?.module;
}
