import type { Kernel } from '../kernel';
import { Bugcheck } from '../kernel';
import { DISPATCH_LEVEL } from '../trace';

/** The instruction, which would be the second parameter, is one of NDIS and not modelled. */
const ACCESS_VIOLATION = '0xC0000005';

/**
 * What a machine shows when code follows a bad pointer: 0xD1 at DISPATCH_LEVEL, 0x3B in a request of an application, 0x7E on a
 * thread of the system.
 * @param object what the pointer was to lead to
 * @returns the bugcheck, already recorded, to be thrown
 */
export function badPointer(kernel: Kernel, reason: string, object: string): Bugcheck {
  const thread = kernel.running;
  if (thread && thread.irql >= DISPATCH_LEVEL) {
    return kernel.stop(new Bugcheck('0xD1', 'DRIVER_IRQL_NOT_LESS_OR_EQUAL', reason, [object, '0x2', '0x0']));
  }
  const inService = thread?.frames[0]?.ddi.startsWith('IRP_MJ_') === true;
  return kernel.stop(
    inService
      ? new Bugcheck('0x3B', 'SYSTEM_SERVICE_EXCEPTION', reason, [ACCESS_VIOLATION])
      : new Bugcheck('0x7E', 'SYSTEM_THREAD_EXCEPTION_NOT_HANDLED', reason, [ACCESS_VIOLATION]),
  );
}

/** A neighbour found in its books what it never handed out, or missed what it did. */
export function alienObject(kernel: Kernel, reason: string, object: string): Bugcheck {
  return kernel.stop(new Bugcheck('0xD1', 'DRIVER_IRQL_NOT_LESS_OR_EQUAL', reason, [object, '0x2', '0x0']));
}

/** One of the checks that NDIS itself makes. @param subcode first parameter of bugcheck 0x7C */
export function ndisBugcheck(kernel: Kernel, subcode: string, reason: string): Bugcheck {
  return kernel.stop(new Bugcheck('0x7C', 'BUGCODE_NDIS_DRIVER', reason, [subcode]));
}
