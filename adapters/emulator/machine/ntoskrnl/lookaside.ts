import type { Call } from '../../../../src/kernel';
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { STATUS } from '../status';
import { APC, checked, define, DISPATCH, type GuestExport } from './define';
import { pop, push } from './lists';
import { requirePaging, tagText } from './memory';

/**
 * GENERAL_LOOKASIDE, which LOOKASIDE_LIST_EX, NPAGED_LOOKASIDE_LIST and PAGED_LOOKASIDE_LIST begin with. Inline functions take
 * from the list head and call Allocate and Free by themselves.
 */
const LIST = {
  size: 0x60,
  depth: 0x10,
  maximumDepth: 0x12,
  totalAllocates: 0x14,
  allocateMisses: 0x18,
  totalFrees: 0x1c,
  freeMisses: 0x20,
  type: 0x24,
  tag: 0x28,
  length: 0x2c,
  allocate: 0x30,
  free: 0x38,
} as const;

const INITIAL_DEPTH = 4;
const MAXIMUM_DEPTH = 256;

/** Lookaside lists of the driver: whether their own functions take the list as an argument. */
class LookasideLists {
  readonly extended = new Set<number>();
}

export const lookasideExports: readonly GuestExport[] = [
  define('ExInitializeNPagedLookasideList', DISPATCH, 'wdm/nf-wdm-exinitializenpagedlookasidelist', (guest, call) => {
    initialise(guest, call, { type: call.u32(3), size: call.u64(4), tag: call.u32(5) });
  }),
  define('ExInitializePagedLookasideList', APC, 'wdm/nf-wdm-exinitializepagedlookasidelist', (guest, call) => {
    initialise(guest, call, { type: call.u32(3) | 1, size: call.u64(4), tag: call.u32(5) });
  }),
  define('ExInitializeLookasideListEx', DISPATCH, 'wdm/nf-wdm-exinitializelookasidelistex', (guest, call) => {
    const list = initialise(guest, call, { type: call.u32(3), size: call.u64(5), tag: call.u32(6) });
    guest.part(LookasideLists).extended.add(list);
    return STATUS.SUCCESS;
  }),
  define('ExAllocateFromNPagedLookasideList', DISPATCH, 'wdm/nf-wdm-exallocatefromnpagedlookasidelist', take),
  define('ExAllocateFromLookasideListEx', DISPATCH, 'wdm/nf-wdm-exallocatefromlookasidelistex', take),
  define('ExAllocateFromPagedLookasideList', APC, 'wdm/nf-wdm-exallocatefrompagedlookasidelist', take),
  define('ExFreeToNPagedLookasideList', DISPATCH, 'wdm/nf-wdm-exfreetonpagedlookasidelist', giveBack),
  define('ExFreeToLookasideListEx', DISPATCH, 'wdm/nf-wdm-exfreetolookasidelistex', giveBack),
  define('ExFreeToPagedLookasideList', APC, 'wdm/nf-wdm-exfreetopagedlookasidelist', giveBack),
  define('ExDeleteNPagedLookasideList', DISPATCH, 'wdm/nf-wdm-exdeletenpagedlookasidelist', drain),
  define('ExDeleteLookasideListEx', DISPATCH, 'wdm/nf-wdm-exdeletelookasidelistex', drain),
  define('ExDeletePagedLookasideList', APC, 'wdm/nf-wdm-exdeletepagedlookasidelist', drain),
  define('ExFlushLookasideListEx', DISPATCH, 'wdm/nf-wdm-exflushlookasidelistex', drain),
  define('LookasideAllocate', DISPATCH, 'wdm/nc-wdm-allocate_function', (guest, call) =>
    fromPool(guest, call, { type: call.u32(0), size: call.u64(1), tag: call.u32(2) }),
  ),
  define('LookasideFree', DISPATCH, 'wdm/nc-wdm-free_function', (guest, call) =>
    guest.pool.free(call.u64(0), call.caller),
  ),
];

interface Blocks {
  readonly type: number;
  readonly size: bigint;
  readonly tag: number;
}

function initialise(guest: Guest, call: GuestCall, { type, size, tag }: Blocks): number {
  const { memory, imports } = guest;
  const list = checked(guest, call, 0, 'write', LIST.size);
  memory.fill(list, LIST.size, 0);
  memory.setU16(list + LIST.depth, INITIAL_DEPTH);
  memory.setU16(list + LIST.maximumDepth, MAXIMUM_DEPTH);
  memory.setU32(list + LIST.type, type);
  memory.setU32(list + LIST.tag, tag);
  memory.setU32(list + LIST.length, Number(size));
  const own = (index: number, name: string) => call.u64(index) || (imports.resolve('ntoskrnl.exe', name) ?? 0n);
  memory.setU64(list + LIST.allocate, own(1, 'LookasideAllocate'));
  memory.setU64(list + LIST.free, own(2, 'LookasideFree'));
  return list;
}

function* take(guest: Guest, call: GuestCall): Call<bigint> {
  const { memory } = guest;
  const list = checked(guest, call, 0, 'write', LIST.size);
  count(guest, list + LIST.totalAllocates);
  const kept = pop(guest, list);
  if (kept !== 0n) return kept;
  count(guest, list + LIST.allocateMisses);
  const type = memory.u32(list + LIST.type);
  const size = memory.u32(list + LIST.length);
  const tag = memory.u32(list + LIST.tag);
  const allocate = memory.u64(list + LIST.allocate);
  if (allocate === guest.imports.resolve('ntoskrnl.exe', 'LookasideAllocate')) {
    return yield* fromPool(guest, call, { type, size: BigInt(size), tag });
  }
  return yield* guest.call(allocate, BigInt(type), BigInt(size), BigInt(tag), ...itself(guest, list));
}

function* giveBack(guest: Guest, call: GuestCall): Call<void> {
  const { memory } = guest;
  const list = checked(guest, call, 0, 'write', LIST.size);
  count(guest, list + LIST.totalFrees);
  if (memory.u16(list) < memory.u16(list + LIST.depth)) {
    push(guest, list, call.u64(1));
    return;
  }
  count(guest, list + LIST.freeMisses);
  yield* toPool(guest, list, call.u64(1), call.caller);
}

function* drain(guest: Guest, call: GuestCall): Call<void> {
  const list = checked(guest, call, 0, 'write', LIST.size);
  for (let entry = pop(guest, list); entry !== 0n; entry = pop(guest, list)) {
    yield* toPool(guest, list, entry, call.caller);
  }
}

function* fromPool(guest: Guest, { name, caller }: GuestCall, { type, size, tag }: Blocks): Call<bigint> {
  const pageable = (type & 1) !== 0;
  if (pageable) requirePaging(guest, name, size);
  const offset = yield* guest.pool.allocate({ length: Number(size), tag: tagText(tag), pageable, caller });
  return guest.address(offset);
}

function* toPool(guest: Guest, list: number, entry: bigint, caller: bigint): Call<void> {
  const free = guest.memory.u64(list + LIST.free);
  if (free === guest.imports.resolve('ntoskrnl.exe', 'LookasideFree')) yield* guest.pool.free(entry, caller);
  else yield* guest.call(free, entry, ...itself(guest, list));
}

/** Functions of a LOOKASIDE_LIST_EX are given the list. */
function itself(guest: Guest, list: number): bigint[] {
  return guest.part(LookasideLists).extended.has(list) ? [guest.address(list)] : [];
}

function count(guest: Guest, at: number): void {
  guest.memory.setU32(at, guest.memory.u32(at) + 1);
}
