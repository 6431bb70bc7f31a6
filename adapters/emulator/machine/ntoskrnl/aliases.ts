/** Exports that are others under a second name: an older one, or one of another module's. */
import type { GuestExport } from './define';
import { listExports } from './lists';
import { lockExports } from './locks';
import { sharedSpinLockExports } from './shared-spin-locks';

/**
 * @param known exports
 * @param names of new exports, with what each of them is
 * @returns exports that do the same under other names
 */
export function renamed(known: readonly GuestExport[], names: Readonly<Record<string, string>>): GuestExport[] {
  return Object.entries(names).flatMap(([name, of]) =>
    known.filter((one) => one.name === of).map((one) => ({ ...one, name })),
  );
}

export const aliasExports: readonly GuestExport[] = [
  ...renamed([...listExports], {
    ExInterlockedPushEntrySList: 'ExpInterlockedPushEntrySList',
    ExInterlockedPopEntrySList: 'ExpInterlockedPopEntrySList',
    ExInterlockedFlushSList: 'ExpInterlockedFlushSList',
  }),
  // In a DPC that is not a threaded one, and none is here, they do what the plain ones do.
  ...renamed([...lockExports, ...sharedSpinLockExports], {
    KeAcquireSpinLockForDpc: 'KeAcquireSpinLockRaiseToDpc',
    KeReleaseSpinLockForDpc: 'KeReleaseSpinLock',
    KeAcquireInStackQueuedSpinLockForDpc: 'KeAcquireInStackQueuedSpinLock',
    KeReleaseInStackQueuedSpinLockForDpc: 'KeReleaseInStackQueuedSpinLock',
  }),
];
