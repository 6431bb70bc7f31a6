import type { Step, Thread } from '../../src/kernel';
import type { StopPoint } from '../contract';

/** Steps that are no crossings; a driver takes its lock before and after what it does. */
const SILENT: ReadonlySet<string> = new Set([
  'NdisAcquireSpinLock',
  'NdisReleaseSpinLock',
  'NdisSetEvent',
  'NdisResetEvent',
  'ExAcquireRundownProtection',
  'ExReleaseRundownProtection',
  'ExReInitializeRundownProtection',
  'KeFlushQueuedDpcs',
  'KeRaiseIrql',
  'KeLowerIrql',
  'SharedAccess',
]);

/** @returns whether a thread that is about to take a step has come to a point */
export function isAt({ point, inside }: StopPoint, step: Step, thread: Thread): boolean {
  if (point === '*') {
    return thread.frames.at(-1)?.ddi === inside && step.point !== `->${inside}` && !SILENT.has(step.point);
  }
  return step.point === point && (inside === undefined || thread.frames.some((frame) => frame.ddi === inside));
}

/** @returns the point at which a thread is stopped, as `StopPoint` spells it */
export function stoppedAt(thread: Thread): string {
  return thread.step?.point ?? thread.name;
}
