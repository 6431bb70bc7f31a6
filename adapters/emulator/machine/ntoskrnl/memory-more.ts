import type { Call } from '../../../../src/kernel';
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { MDL, MDL_FLAGS } from '../io/layouts';
import { describeBuffer, mdlSize } from '../io/mdl';
import { APC, checked, define, DISPATCH, HIGH, PASSIVE, type GuestExport } from './define';

const PAGE = 4096;
/** More is a mistake: a negative number taken for a length. */
const LARGEST = 0x0100_0000n;

/** Memory by pages: contiguous, and behind MDLs that the system makes. Physical addresses are offsets into the window. */
export const pageExports: readonly GuestExport[] = [
  ...(
    ['MmAllocateContiguousMemory', 'MmAllocateContiguousMemorySpecifyCache', 'MmAllocateContiguousNodeMemory'] as const
  ).map((name) =>
    define(name, DISPATCH, `wdm/nf-wdm-${name.toLowerCase()}`, (guest, call) => pages(guest, call, call.u64(0))),
  ),
  ...(['MmFreeContiguousMemory', 'MmFreeContiguousMemorySpecifyCache', 'MmFreeNonCachedMemory'] as const).map((name) =>
    define(name, DISPATCH, `wdm/nf-wdm-${name.toLowerCase()}`, (guest, call) =>
      guest.pool.free(call.u64(0), call.caller),
    ),
  ),
  define('MmGetPhysicalAddress', HIGH, 'ntddk/nf-ntddk-mmgetphysicaladdress', (guest, call) =>
    BigInt(guest.memory.offsetOf(call.u64(0)) ?? 0),
  ),
  define('MmSizeOfMdl', HIGH, 'wdm/nf-wdm-mmsizeofmdl', (_, call) =>
    BigInt(mdlSize(call.u64(0), Number(call.u64(1) & 0xffff_ffffn))),
  ),
  ...(['MmAllocatePagesForMdl', 'MmAllocatePagesForMdlEx'] as const).map((name) =>
    define(name, APC, `wdm/nf-wdm-${name.toLowerCase()}`, function* (guest, call) {
      const length = call.u64(3);
      const data = yield* pages(guest, call, length);
      if (data === 0n) return 0n;
      const size = mdlSize(data, Number(length));
      const mdl = yield* guest.pool.allocate({ length: size, tag: 'Mdl ', zeroed: true, caller: call.caller });
      if (mdl === 0) return 0n;
      describeBuffer(guest, mdl, data, Number(length), MDL_FLAGS.locked);
      return guest.address(mdl);
    }),
  ),
  // The MDL itself is freed by the driver.
  define('MmFreePagesFromMdl', APC, 'wdm/nf-wdm-mmfreepagesfrommdl', (guest, call) => {
    const mdl = checked(guest, call, 0, 'read', MDL.size);
    return guest.pool.free(guest.memory.u64(mdl + MDL.startVa), call.caller);
  }),
  define('MmUnmapIoSpace', PASSIVE, 'wdm/nf-wdm-mmunmapiospace', () => undefined),
];

function* pages(guest: Guest, call: GuestCall, length: bigint): Call<bigint> {
  if (length === 0n || length > LARGEST) return 0n;
  const rounded = Math.ceil(Number(length) / PAGE) * PAGE;
  return guest.address(yield* guest.pool.allocate({ length: rounded, tag: 'MmPg', zeroed: true, caller: call.caller }));
}
