/**
 * Remove locks: who uses a device holds one, and who removes the device waits for all.
 * @see https://learn.microsoft.com/windows-hardware/drivers/kernel/using-remove-locks
 */
import type { Guest } from '../guest';
import { STATUS } from '../status';
import { checked, define, DISPATCH, PASSIVE, type GuestExport } from './define';

/** IO_REMOVE_LOCK_COMMON_BLOCK, which every form begins with. */
const LOCK = { size: 0x20, removed: 0x00, ioCount: 0x04 };

export const removeLockExports: readonly GuestExport[] = [
  define('IoInitializeRemoveLockEx', PASSIVE, 'wdm/nf-wdm-ioinitializeremovelock', (guest, call) => {
    const lock = checked(guest, call, 0, 'write', LOCK.size);
    guest.memory.fill(lock, LOCK.size, 0);
    guest.memory.setU32(lock + LOCK.ioCount, 1);
  }),
  define('IoAcquireRemoveLockEx', DISPATCH, 'wdm/nf-wdm-ioacquireremovelock', function* (guest, call) {
    const lock = checked(guest, call, 0, 'write', LOCK.size);
    yield* guest.kernel.point(call.name);
    if (guest.memory.u8(lock + LOCK.removed) !== 0) return STATUS.DELETE_PENDING;
    guest.memory.setU32(lock + LOCK.ioCount, guest.memory.u32(lock + LOCK.ioCount) + 1);
    return STATUS.SUCCESS;
  }),
  define('IoReleaseRemoveLockEx', DISPATCH, 'wdm/nf-wdm-ioreleaseremovelock', function* (guest, call) {
    const lock = checked(guest, call, 0, 'write', LOCK.size);
    yield* guest.kernel.point(call.name);
    release(guest, lock);
  }),
  define('IoReleaseRemoveLockAndWaitEx', PASSIVE, 'wdm/nf-wdm-ioreleaseremovelockandwait', function* (guest, call) {
    const lock = checked(guest, call, 0, 'write', LOCK.size);
    guest.memory.setU8(lock + LOCK.removed, 1);
    // The caller's own, and the one from the beginning.
    release(guest, lock);
    release(guest, lock);
    yield* guest.kernel.until(call.name, () => guest.memory.i32(lock + LOCK.ioCount) <= 0);
  }),
];

function release({ memory }: Guest, lock: number): void {
  memory.setU32(lock + LOCK.ioCount, (memory.i32(lock + LOCK.ioCount) - 1) >>> 0);
}
