/** Random numbers of the system: the same in every run. No other algorithm is there, and nothing has a handle of one. */
import type { ExportModule } from '../contract';
import type { Guest } from '../guest';
import { STATUS } from '../status';
import { Random } from './crt-numbers';
import { checked, define, DISPATCH, type GuestExport } from './define';

const USE_SYSTEM_PREFERRED = 2;
const BITS = 8;

const cryptographyExports: readonly GuestExport[] = [
  define('BCryptGenRandom', DISPATCH, 'bcrypt/nf-bcrypt-bcryptgenrandom', (guest, call) => {
    if (call.u64(0) !== 0n) return STATUS.INVALID_HANDLE;
    if ((call.u32(3) & USE_SYSTEM_PREFERRED) === 0) return STATUS.INVALID_HANDLE;
    const length = call.u32(2);
    const at = checked(guest, call, 1, 'write', length);
    const random = guest.part(Random);
    guest.memory.write(
      at,
      Uint8Array.from({ length }, () => random.next() >>> (15 - BITS)),
    );
    return STATUS.SUCCESS;
  }),
];

/** The import library names the one or the other. */
export const cryptographyModules: readonly ExportModule<Guest>[] = ['cng.sys', 'ksecdd.sys'].map((module) => ({
  module,
  exports: cryptographyExports,
}));
