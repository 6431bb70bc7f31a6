import type { Call } from '../../../../src/kernel';
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { APC, define, DISPATCH, type GuestExport } from './define';

/** POOL_TYPE: bit 0 is paged memory. */
const PAGED = 1;
/** POOL_FLAGS. */
const POOL_FLAG_UNINITIALIZED = 0x2n;
const POOL_FLAG_PAGED = 0x100n;
const NO_TAG = 'None';

/** @returns a pool tag as a debugger shows it */
export function tagText(tag: number): string {
  if (tag === 0) return NO_TAG;
  return [0, 8, 16, 24]
    .map((shift) => (tag >>> shift) & 0xff)
    .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'))
    .join('');
}

/** Pool memory. */
export const memoryExports: readonly GuestExport[] = [
  define('ExAllocatePoolWithTag', DISPATCH, 'wdm/nf-wdm-exallocatepoolwithtag', (guest, call) =>
    allocate(guest, call, (call.u32(0) & PAGED) !== 0, false, call.u32(2)),
  ),
  define('ExAllocatePool', DISPATCH, 'wdm/nf-wdm-exallocatepool', (guest, call) =>
    allocate(guest, call, (call.u32(0) & PAGED) !== 0, false, 0),
  ),
  define('ExAllocatePoolWithQuotaTag', DISPATCH, 'wdm/nf-wdm-exallocatepoolwithquotatag', (guest, call) =>
    allocate(guest, call, (call.u32(0) & PAGED) !== 0, false, call.u32(2)),
  ),
  define('ExAllocatePoolWithTagPriority', DISPATCH, 'wdm/nf-wdm-exallocatepoolwithtagpriority', (guest, call) =>
    allocate(guest, call, (call.u32(0) & PAGED) !== 0, false, call.u32(2)),
  ),
  define('ExAllocatePoolZero', DISPATCH, 'wdm/nf-wdm-exallocatepoolzero', (guest, call) =>
    allocate(guest, call, (call.u32(0) & PAGED) !== 0, true, call.u32(2)),
  ),
  ...(['ExAllocatePool2', 'ExAllocatePool3'] as const).map((name) =>
    define(name, DISPATCH, `wdm/nf-wdm-${name.toLowerCase()}`, (guest, call) => {
      const flags = call.u64(0);
      const isPaged = (flags & POOL_FLAG_PAGED) !== 0n;
      return allocate(guest, call, isPaged, (flags & POOL_FLAG_UNINITIALIZED) === 0n, call.u32(2));
    }),
  ),
  define('ExFreePoolWithTag', DISPATCH, 'wdm/nf-wdm-exfreepoolwithtag', (guest, call) =>
    guest.pool.free(call.u64(0), call.caller, call.u32(1) === 0 ? '' : tagText(call.u32(1))),
  ),
  define('ExFreePool', DISPATCH, 'wdm/nf-wdm-exfreepool', (guest, call) => guest.pool.free(call.u64(0), call.caller)),
  define('ExFreePool2', DISPATCH, 'wdm/nf-wdm-exfreepool2', (guest, call) =>
    guest.pool.free(call.u64(0), call.caller, call.u32(1) === 0 ? '' : tagText(call.u32(1))),
  ),
  define('MmAllocateNonCachedMemory', APC, 'wdm/nf-wdm-mmallocatenoncachedmemory', function* (guest, call) {
    const length = Number(call.u64(0));
    return guest.address(yield* guest.pool.allocate({ length, tag: 'MmPg', zeroed: true, caller: call.caller }));
  }),
  define('MmIsAddressValid', DISPATCH, 'ntddk/nf-ntddk-mmisaddressvalid', (guest, call) => {
    const offset = guest.memory.offsetOf(call.u64(0));
    return offset !== undefined && guest.memory.firstDenied('read', offset, 1, 0) === undefined;
  }),
];

/** Sizes above are mistakes: a negative number taken for a length. */
const LARGEST = 0x0100_0000n;

function* allocate(guest: Guest, call: GuestCall, pageable: boolean, zeroed: boolean, tag: number): Call<bigint> {
  const { irql } = guest.kernel.thread;
  if (pageable && irql >= DISPATCH) {
    throw guest.stop(
      '0xC4',
      'DRIVER_VERIFIER_DETECTED_VIOLATION',
      `${call.name} was asked for paged pool at IRQL ${irql}`,
      ['0x1', `0x${irql.toString(16)}`, '0x1', `0x${call.u64(1).toString(16)}`],
    );
  }
  const length = call.u64(1);
  if (length > LARGEST) return 0n;
  const offset = yield* guest.pool.allocate({
    length: Number(length),
    tag: tagText(tag),
    pageable,
    zeroed,
    caller: call.caller,
  });
  return guest.address(offset);
}
