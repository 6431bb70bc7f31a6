import type { Call } from '../../../../src/kernel';
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { checked, define, HIGH, type GuestExport } from './define';
import { SpinLocks } from './locks';

const FORWARD = 0;
const BACK = 8;

/** SLIST_HEADER on x64: depth in the low 16 bits, sequence above, then the next entry. */
const SLIST = { size: 16, depth: 0, sequence: 2, next: 8 } as const;

/** Lists under a spin lock, and sequenced lists. The lists themselves are the driver's memory. */
export const listExports: readonly GuestExport[] = [
  define('ExInterlockedInsertHeadList', HIGH, 'wdm/nf-wdm-exinterlockedinsertheadlist', (guest, call) =>
    locked(guest, call, 2, () => {
      const head = checked(guest, call, 0, 'write', 16);
      const first = guest.memory.u64(head + FORWARD);
      link(guest, call.u64(0), call.u64(1), first);
      return first === call.u64(0) ? 0n : first;
    }),
  ),
  define('ExInterlockedInsertTailList', HIGH, 'wdm/nf-wdm-exinterlockedinserttaillist', (guest, call) =>
    locked(guest, call, 2, () => {
      const head = checked(guest, call, 0, 'write', 16);
      const last = guest.memory.u64(head + BACK);
      link(guest, last, call.u64(1), call.u64(0));
      return last === call.u64(0) ? 0n : last;
    }),
  ),
  define('ExInterlockedRemoveHeadList', HIGH, 'wdm/nf-wdm-exinterlockedremoveheadlist', (guest, call) =>
    locked(guest, call, 1, () => {
      const head = checked(guest, call, 0, 'write', 16);
      const first = guest.memory.u64(head + FORWARD);
      if (first === call.u64(0)) return 0n;
      const next = guest.readU64(first);
      write(guest, call.u64(0), FORWARD, next);
      write(guest, next, BACK, call.u64(0));
      return first;
    }),
  ),
  define('ExInterlockedPushEntryList', HIGH, 'wdm/nf-wdm-exinterlockedpushentrylist', (guest, call) =>
    locked(guest, call, 2, () => {
      const first = guest.readU64(call.u64(0));
      write(guest, call.u64(1), FORWARD, first);
      write(guest, call.u64(0), FORWARD, call.u64(1));
      return first;
    }),
  ),
  define('ExInterlockedPopEntryList', HIGH, 'wdm/nf-wdm-exinterlockedpopentrylist', (guest, call) =>
    locked(guest, call, 1, () => {
      const first = guest.readU64(call.u64(0));
      if (first !== 0n) write(guest, call.u64(0), FORWARD, guest.readU64(first));
      return first;
    }),
  ),
  define('InitializeSListHead', HIGH, 'wdm/nf-wdm-initializeslisthead', (guest, call) => {
    guest.memory.fill(checked(guest, call, 0, 'write', SLIST.size), SLIST.size, 0);
  }),
  define('ExpInterlockedPushEntrySList', HIGH, 'wdm/nf-wdm-exinterlockedpushentryslist', (guest, call) =>
    push(guest, checked(guest, call, 0, 'write', SLIST.size), call.u64(1)),
  ),
  define('ExpInterlockedPopEntrySList', HIGH, 'wdm/nf-wdm-exinterlockedpopentryslist', (guest, call) =>
    pop(guest, checked(guest, call, 0, 'write', SLIST.size)),
  ),
  define('ExpInterlockedFlushSList', HIGH, 'wdm/nf-wdm-exinterlockedflushslist', (guest, call) => {
    const head = checked(guest, call, 0, 'write', SLIST.size);
    const first = guest.memory.u64(head + SLIST.next);
    guest.memory.fill(head, SLIST.size, 0);
    return first;
  }),
  define('ExQueryDepthSList', HIGH, 'wdm/nf-wdm-exquerydepthslist', (guest, call) =>
    guest.memory.u16(checked(guest, call, 0, 'read', SLIST.size) + SLIST.depth),
  ),
];

/** @returns the entry that was first */
export function push(guest: Guest, head: number, entry: bigint): bigint {
  const first = guest.memory.u64(head + SLIST.next);
  write(guest, entry, FORWARD, first);
  guest.memory.setU64(head + SLIST.next, entry);
  count(guest, head, 1);
  return first;
}

/** @returns the first entry; 0 when there is none */
export function pop(guest: Guest, head: number): bigint {
  const first = guest.memory.u64(head + SLIST.next);
  if (first === 0n) return 0n;
  guest.memory.setU64(head + SLIST.next, guest.readU64(first));
  count(guest, head, -1);
  return first;
}

function count(guest: Guest, head: number, by: number): void {
  const { memory } = guest;
  memory.setU16(head + SLIST.depth, memory.u16(head + SLIST.depth) + by);
  memory.setU16(head + SLIST.sequence, memory.u16(head + SLIST.sequence) + 1);
}

function link(guest: Guest, before: bigint, entry: bigint, after: bigint): void {
  write(guest, entry, FORWARD, after);
  write(guest, entry, BACK, before);
  write(guest, before, FORWARD, entry);
  write(guest, after, BACK, entry);
}

function write(guest: Guest, address: bigint, member: number, value: bigint): void {
  const at = guest.offset(address) + member;
  guest.touch('write', at, 8);
  guest.memory.setU64(at, value);
}

/** @param index of the spin lock's argument */
function* locked(guest: Guest, call: GuestCall, index: number, body: () => bigint): Call<bigint> {
  const locks = guest.part(SpinLocks);
  const irql = yield* locks.acquire(call.pointer(index));
  const result = body();
  yield* locks.release(call.pointer(index), irql);
  return result;
}
