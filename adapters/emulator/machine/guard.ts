/** Control-flow guard, as the kernel enforces it where virtualization protects it: what guarded code calls on its way. */
import type { Registers } from '../cpu/contract';
import { hexOf } from './faults';
import type { Guest } from './guest';
import { GUARD_CHECK, GUARD_DISPATCH, IMAGE_BASE, IMPORT_AREA, IMPORT_AREA_END } from './layout';

/** Fast-fail code: an indirect call through the guard to what is no function. */
const GUARD_ICALL_CHECK_FAILURE = '0xA';

/**
 * Serves a fetch from a place of the guard: looks at the target, and goes there or back to the caller. No register changes.
 * @param place where the fetch was from
 * @param caller reads the return address
 * @returns false when the place is none of the guard
 * @throws Bugcheck 0x139, KERNEL_SECURITY_CHECK_FAILURE, for a target that is no function
 */
export function passGuard(guest: Guest, place: number, registers: Registers, caller: () => bigint): boolean {
  if (place === GUARD_DISPATCH) {
    const target = registers.get('rax');
    requireTarget(guest, target);
    registers.rip = target;
    return true;
  }
  if (place !== GUARD_CHECK) return false;
  requireTarget(guest, registers.get('rcx'));
  registers.returnTo(caller());
  return true;
}

function requireTarget(guest: Guest, target: bigint): void {
  if (isTarget(guest, target)) return;
  throw guest.stop(
    '0x139',
    'KERNEL_SECURITY_CHECK_FAILURE',
    `the driver called ${hexOf(target)} through a pointer, and no function begins there (control-flow guard)`,
    [GUARD_ICALL_CHECK_FAILURE, '0x0', '0x0', hexOf(target)],
  );
}

/** Functions of the image are in its table; what other modules export may be called anywhere. */
function isTarget({ memory, image }: Guest, target: bigint): boolean {
  const offset = memory.offsetOf(target);
  if (offset === undefined) return false;
  if (offset >= IMPORT_AREA && offset < IMPORT_AREA_END) return true;
  return image.guardFunctions?.has(offset - IMAGE_BASE) ?? true;
}
