/** The network module registrar: whoever registers finds nobody to attach to here, and is never kept waiting. */
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { checked, define, PASSIVE, type GuestExport } from '../ntoskrnl/define';
import { STATUS } from '../status';

const page = (name: string): string => `netioddk/nf-netioddk-${name.toLowerCase()}`;

function register(guest: Guest, call: GuestCall): number {
  guest.memory.setU64(checked(guest, call, 2, 'write', 8), guest.address(guest.allocate(0x40)));
  return STATUS.SUCCESS;
}

export const moduleRegistrarExports: readonly GuestExport[] = ['Client', 'Provider'].flatMap((role) => [
  define(`NmrRegister${role}`, PASSIVE, page(`NmrRegister${role}`), register),
  define(`NmrDeregister${role}`, PASSIVE, page(`NmrDeregister${role}`), () => STATUS.PENDING),
  define(
    `NmrWaitFor${role}DeregisterComplete`,
    PASSIVE,
    page(`NmrWaitFor${role}DeregisterComplete`),
    () => STATUS.SUCCESS,
  ),
]);
