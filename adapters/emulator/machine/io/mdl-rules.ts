/** What may be done with an MDL in which state, as Driver Verifier has it. */
import { hexOf } from '../faults';
import type { Guest } from '../guest';
import { MDL, MDL_FLAGS } from './layouts';

const MAPPABLE = MDL_FLAGS.locked | MDL_FLAGS.nonpagedPool | MDL_FLAGS.partial;
const NOT_TO_BE_LOCKED = MDL_FLAGS.locked | MDL_FLAGS.nonpagedPool | MDL_FLAGS.mapped | MDL_FLAGS.partial;

/** MmUnlockPages. @throws Bugcheck 0xC4 */
export function requireLocked(guest: Guest, mdl: number): void {
  const flags = flagsOf(guest, mdl);
  if ((flags & MDL_FLAGS.nonpagedPool) !== 0) {
    violated(guest, mdl, 'the pages of an MDL of nonpaged pool were unlocked', '0x7D', ['mdl', 'flags']);
  }
  if ((flags & MDL_FLAGS.locked) === 0) {
    violated(guest, mdl, 'the pages of an MDL were unlocked that had not been locked', '0x7C', ['mdl', 'flags']);
  }
}

/** MmProbeAndLockPages. @throws Bugcheck 0xC4 */
export function requireUnlocked(guest: Guest, mdl: number): void {
  const wrong = flagsOf(guest, mdl) & NOT_TO_BE_LOCKED;
  if (wrong === 0) return;
  violated(guest, mdl, 'the pages of an MDL were to be locked that is locked, mapped or of nonpaged pool', '0xB0', [
    'mdl',
    'flags',
    wrong,
  ]);
}

/** MmMapLockedPages. @throws Bugcheck 0xC4 */
export function requireMappable(guest: Guest, mdl: number): void {
  if ((flagsOf(guest, mdl) & MAPPABLE) !== 0) return;
  violated(guest, mdl, 'the pages of an MDL were mapped that had not been locked', '0xB3', ['mdl', 'flags', MAPPABLE]);
}

/** MmBuildMdlForNonPagedPool. @throws Bugcheck 0xC4 */
export function requireNonpaged(guest: Guest, mdl: number): void {
  const { memory, pool, kernel } = guest;
  const begin = memory.offsetOf(memory.u64(mdl + MDL.startVa));
  const block = begin === undefined ? undefined : pool.blockNear(begin + memory.u32(mdl + MDL.byteOffset));
  if (block?.pageable !== true) return;
  pool.noteHit(block.offset);
  const reason = `an MDL was built as one of nonpaged pool for ${block.model.id} (${block.tag}), which is paged`;
  violated(guest, mdl, reason, '0x7F', [kernel.thread.irql, 'mdl', 'flags']);
}

function flagsOf({ memory }: Guest, mdl: number): number {
  return memory.u16(mdl + MDL.flags);
}

/** @param rest the parameters behind the first */
function violated(guest: Guest, mdl: number, reason: string, kind: string, rest: readonly (number | string)[]): never {
  const values = rest.map((one) => {
    if (one === 'mdl') return hexOf(guest.address(mdl));
    return `0x${(one === 'flags' ? flagsOf(guest, mdl) : Number(one)).toString(16)}`;
  });
  throw guest.stop('0xC4', 'DRIVER_VERIFIER_DETECTED_VIOLATION', reason, [kind, ...values]);
}
