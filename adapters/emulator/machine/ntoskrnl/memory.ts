import type { Call } from '../../../../src/kernel';
import type { GuestCall } from '../contract';
import { GuestException } from '../crash';
import type { Guest } from '../guest';
import { STATUS } from '../status';
import { APC, define, DISPATCH, type GuestExport } from './define';

/** POOL_TYPE: bit 0 is paged memory; above are POOL_QUOTA_FAIL_INSTEAD_OF_RAISE and POOL_RAISE_IF_ALLOCATION_FAILURE. */
const PAGED = 1;
const QUOTA_FAILS = 8;
const RAISES = 16;
/** POOL_FLAGS. */
const POOL_FLAG_RAISE_ON_FAILURE = 0x20n;
const POOL_FLAG_UNINITIALIZED = 0x2n;
const POOL_FLAG_PAGED = 0x100n;
const NO_TAG = 'None';
/** PROTECTED_POOL_TAG. */
const PROTECTED = 0x8000_0000;

/** @returns a pool tag as a debugger shows it, without the bit that protects */
export function tagText(tag: number): string {
  if (tag === 0) return NO_TAG;
  return [0, 8, 16, 24]
    .map((shift) => ((tag & ~PROTECTED) >>> shift) & 0xff)
    .map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.'))
    .join('');
}

/** Pool memory. */
export const memoryExports: readonly GuestExport[] = [
  define('ExAllocatePoolWithTag', DISPATCH, 'wdm/nf-wdm-exallocatepoolwithtag', (guest, call) =>
    allocate(guest, call, { ...typed(call), tag: call.u32(2) }),
  ),
  define('ExAllocatePool', DISPATCH, 'wdm/nf-wdm-exallocatepool', (guest, call) =>
    allocate(guest, call, { ...typed(call), tag: 0 }),
  ),
  define('ExAllocatePoolWithQuotaTag', DISPATCH, 'wdm/nf-wdm-exallocatepoolwithquotatag', (guest, call) =>
    allocate(guest, call, { ...typed(call), raises: (call.u32(0) & QUOTA_FAILS) === 0, tag: call.u32(2) }),
  ),
  define('ExAllocatePoolWithQuota', DISPATCH, 'wdm/nf-wdm-exallocatepoolwithquota', (guest, call) =>
    allocate(guest, call, { ...typed(call), raises: (call.u32(0) & QUOTA_FAILS) === 0, tag: 0 }),
  ),
  define('ExAllocatePoolWithTagPriority', DISPATCH, 'wdm/nf-wdm-exallocatepoolwithtagpriority', (guest, call) =>
    allocate(guest, call, { ...typed(call), tag: call.u32(2) }),
  ),
  define('ExAllocatePoolZero', DISPATCH, 'wdm/nf-wdm-exallocatepoolzero', (guest, call) =>
    allocate(guest, call, { ...typed(call), zeroed: true, tag: call.u32(2) }),
  ),
  ...(['ExAllocatePool2', 'ExAllocatePool3'] as const).map((name) =>
    define(name, DISPATCH, `wdm/nf-wdm-${name.toLowerCase()}`, (guest, call) => {
      const flags = call.u64(0);
      return allocate(guest, call, {
        pageable: (flags & POOL_FLAG_PAGED) !== 0n,
        zeroed: (flags & POOL_FLAG_UNINITIALIZED) === 0n,
        raises: (flags & POOL_FLAG_RAISE_ON_FAILURE) !== 0n,
        tag: call.u32(2),
      });
    }),
  ),
  define('ExFreePoolWithTag', DISPATCH, 'wdm/nf-wdm-exfreepoolwithtag', (guest, call) =>
    guest.pool.free(call.u64(0), call.caller, tagText(call.u32(1))),
  ),
  define('ExFreePool', DISPATCH, 'wdm/nf-wdm-exfreepool', (guest, call) => guest.pool.free(call.u64(0), call.caller)),
  define('ExFreePool2', DISPATCH, 'wdm/nf-wdm-exfreepool2', (guest, call) =>
    guest.pool.free(call.u64(0), call.caller, tagText(call.u32(1))),
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

/** What is asked for. */
interface Wanted {
  readonly pageable: boolean;
  readonly zeroed: boolean;
  /** An exception takes the place of NULL. */
  readonly raises: boolean;
  readonly tag: number;
}

/** @returns what the POOL_TYPE of a call asks for */
function typed(call: GuestCall): Omit<Wanted, 'tag'> {
  const type = call.u32(0);
  return { pageable: (type & PAGED) !== 0, zeroed: false, raises: (type & RAISES) !== 0 };
}

function* allocate(guest: Guest, call: GuestCall, { pageable, zeroed, raises, tag }: Wanted): Call<bigint> {
  const length = call.u64(1);
  if (pageable) requirePaging(guest, call.name, length);
  const offset =
    length > LARGEST
      ? 0
      : yield* guest.pool.allocate({
          length: Number(length),
          tag: tagText(tag),
          tagProtected: (tag & PROTECTED) !== 0,
          pageable,
          zeroed,
          caller: call.caller,
        });
  if (offset === 0 && raises) throw new GuestException(STATUS.INSUFFICIENT_RESOURCES);
  return guest.address(offset);
}

/** @throws Bugcheck 0xC4 when paged pool is asked for where nothing can be paged in */
export function requirePaging(guest: Guest, name: string, length: bigint): void {
  const { irql } = guest.kernel.thread;
  if (irql < DISPATCH) return;
  const reason = `${name} was asked for paged pool at IRQL ${irql}`;
  const parameters = ['0x1', `0x${irql.toString(16)}`, '0x1', `0x${length.toString(16)}`];
  throw guest.stop('0xC4', 'DRIVER_VERIFIER_DETECTED_VIOLATION', reason, parameters);
}
