/**
 * Dynamic hash tables of the run-time library. Buckets and entries are in guest memory, where the library's inline functions look;
 * the tables here neither grow nor shrink.
 */
import type { Call } from '../../../../src/kernel';
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { checked, define, DISPATCH, HIGH, type GuestExport } from './define';

/** RTL_DYNAMIC_HASH_TABLE. */
const TABLE = {
  size: 0x28,
  flags: 0x00,
  tableSize: 0x08,
  divisorMask: 0x10,
  entries: 0x14,
  nonEmptyBuckets: 0x18,
  enumerators: 0x1c,
  directory: 0x20,
} as const;
/** In the flags: the memory of the table is the library's. */
const ALLOCATED = 1;
/** RTL_DYNAMIC_HASH_TABLE_ENTRY. */
const ENTRY = { size: 0x18, signature: 0x10 } as const;
/** RTL_DYNAMIC_HASH_TABLE_CONTEXT. */
const CONTEXT = { size: 0x18, chain: 0x00, previous: 0x08, signature: 0x10 } as const;
/** RTL_DYNAMIC_HASH_TABLE_ENUMERATOR. */
const ENUMERATOR = { size: 0x28, current: 0x00, chain: 0x18, bucket: 0x20 } as const;

const BUCKETS = 128;
const LIST = 16;
const page = (name: string): string => `ntddk/nf-ntddk-${name.toLowerCase()}`;

class HashTable {
  private readonly memory;
  readonly at: number;

  constructor(
    private readonly guest: Guest,
    call: GuestCall,
  ) {
    this.memory = guest.memory;
    this.at = checked(guest, call, 0, 'write', TABLE.size);
  }

  /** @returns address of the list that a signature belongs to */
  chain(signature: bigint): bigint {
    return this.bucket(Number(signature % BigInt(BUCKETS)));
  }

  bucket(index: number): bigint {
    return this.memory.u64(this.at + TABLE.directory) + BigInt(LIST * index);
  }

  next(entry: bigint): bigint {
    return this.guest.readU64(entry);
  }

  signature(entry: bigint): bigint {
    return this.guest.readU64(entry + BigInt(ENTRY.signature));
  }

  insert(entry: bigint, signature: bigint): void {
    const chain = this.chain(signature);
    const last = this.guest.readU64(chain + 8n);
    if (last === chain) this.add(TABLE.nonEmptyBuckets, 1);
    this.write(entry + BigInt(ENTRY.signature), signature);
    this.write(entry, chain);
    this.write(entry + 8n, last);
    this.write(last, entry);
    this.write(chain + 8n, entry);
    this.add(TABLE.entries, 1);
  }

  remove(entry: bigint): void {
    const next = this.next(entry);
    const previous = this.guest.readU64(entry + 8n);
    this.write(previous, next);
    this.write(next + 8n, previous);
    if (next === previous) this.add(TABLE.nonEmptyBuckets, -1);
    this.add(TABLE.entries, -1);
  }

  /** @returns the first entry with a signature behind a place in a chain; 0 when there is none */
  find(chain: bigint, behind: bigint, signature: bigint): bigint {
    for (let entry = this.next(behind); entry !== chain; entry = this.next(entry)) {
      if (this.signature(entry) === signature) return entry;
    }
    return 0n;
  }

  add(member: number, count: number): void {
    this.memory.setU32(this.at + member, this.memory.u32(this.at + member) + count);
  }

  private write(address: bigint, value: bigint): void {
    const at = this.guest.offset(address);
    this.guest.touch('write', at, 8);
    this.memory.setU64(at, value);
  }
}

export const hashTableExports: readonly GuestExport[] = [
  define('RtlCreateHashTable', DISPATCH, page('RtlCreateHashTable'), create),
  define('RtlCreateHashTableEx', DISPATCH, page('RtlCreateHashTableEx'), create),
  define('RtlDeleteHashTable', DISPATCH, page('RtlDeleteHashTable'), function* (guest, call) {
    const table = new HashTable(guest, call);
    yield* guest.pool.free(guest.memory.u64(table.at + TABLE.directory), call.caller);
    guest.memory.setU64(table.at + TABLE.directory, 0n);
    if ((guest.memory.u32(table.at + TABLE.flags) & ALLOCATED) !== 0) yield* guest.pool.free(call.u64(0), call.caller);
  }),
  define('RtlInsertEntryHashTable', HIGH, page('RtlInsertEntryHashTable'), (guest, call) => {
    const table = new HashTable(guest, call);
    guest.touch('write', call.pointer(1), ENTRY.size);
    table.insert(call.u64(1), call.u64(2));
    remember(guest, call, 3, table, call.u64(2), guest.readU64(call.u64(1) + 8n));
    return true;
  }),
  define('RtlRemoveEntryHashTable', HIGH, page('RtlRemoveEntryHashTable'), (guest, call) => {
    const table = new HashTable(guest, call);
    guest.touch('write', call.pointer(1), ENTRY.size);
    const signature = table.signature(call.u64(1));
    const previous = guest.readU64(call.u64(1) + 8n);
    table.remove(call.u64(1));
    remember(guest, call, 2, table, signature, previous);
    return true;
  }),
  define('RtlLookupEntryHashTable', HIGH, page('RtlLookupEntryHashTable'), (guest, call) => {
    const table = new HashTable(guest, call);
    const chain = table.chain(call.u64(1));
    const entry = table.find(chain, chain, call.u64(1));
    remember(guest, call, 2, table, call.u64(1), entry === 0n ? chain : guest.readU64(entry + 8n));
    return entry;
  }),
  define('RtlGetNextEntryHashTable', HIGH, page('RtlGetNextEntryHashTable'), (guest, call) => {
    const table = new HashTable(guest, call);
    const context = checked(guest, call, 1, 'write', CONTEXT.size);
    const signature = guest.memory.u64(context + CONTEXT.signature);
    const current = table.next(guest.memory.u64(context + CONTEXT.previous));
    if (current === guest.memory.u64(context + CONTEXT.chain)) return 0n;
    const entry = table.find(table.chain(signature), current, signature);
    if (entry !== 0n) guest.memory.setU64(context + CONTEXT.previous, guest.readU64(entry + 8n));
    return entry;
  }),
  ...(['RtlInitEnumerationHashTable', 'RtlInitWeakEnumerationHashTable'] as const).map((name) =>
    define(name, HIGH, page(name), beginEnumeration),
  ),
  ...(['RtlEnumerateEntryHashTable', 'RtlWeaklyEnumerateEntryHashTable'] as const).map((name) =>
    define(name, HIGH, page(name), stepEnumeration),
  ),
  ...(['RtlEndEnumerationHashTable', 'RtlEndWeakEnumerationHashTable'] as const).map((name) =>
    define(name, HIGH, page(name), (guest, call) => new HashTable(guest, call).add(TABLE.enumerators, -1)),
  ),
  // They may be left as they are: FALSE says so.
  define('RtlExpandHashTable', DISPATCH, page('RtlExpandHashTable'), () => false),
  define('RtlContractHashTable', DISPATCH, page('RtlContractHashTable'), () => false),
];

function* create(guest: Guest, call: GuestCall): Call<boolean> {
  const { memory } = guest;
  const out = checked(guest, call, 0, 'write', 8);
  const given = memory.u64(out);
  const allocate = (length: number): Call<number> =>
    guest.pool.allocate({ length, tag: 'Hash', zeroed: true, caller: call.caller });
  const table = given === 0n ? yield* allocate(TABLE.size) : guest.offset(given);
  if (table === 0) return false;
  const directory = yield* allocate(BUCKETS * LIST);
  if (directory === 0) {
    if (given === 0n) yield* guest.pool.free(guest.address(table), call.caller);
    return false;
  }
  guest.touch('write', table, TABLE.size);
  memory.fill(table, TABLE.size, 0);
  memory.setU32(table + TABLE.flags, given === 0n ? ALLOCATED : 0);
  memory.setU32(table + TABLE.tableSize, BUCKETS);
  memory.setU32(table + TABLE.divisorMask, BUCKETS - 1);
  memory.setU64(table + TABLE.directory, guest.address(directory));
  for (let at = directory; at < directory + BUCKETS * LIST; at += LIST) {
    memory.setU64(at, guest.address(at));
    memory.setU64(at + 8, guest.address(at));
  }
  memory.setU64(out, guest.address(table));
  return true;
}

/** Fills the context of a call, when it has one: the next call goes on from there. */
function remember(
  guest: Guest,
  call: GuestCall,
  index: number,
  table: HashTable,
  signature: bigint,
  previous: bigint,
): void {
  if (call.u64(index) === 0n) return;
  const at = checked(guest, call, index, 'write', CONTEXT.size);
  guest.memory.setU64(at + CONTEXT.chain, table.chain(signature));
  guest.memory.setU64(at + CONTEXT.previous, previous);
  guest.memory.setU64(at + CONTEXT.signature, signature);
}

function beginEnumeration(guest: Guest, call: GuestCall): boolean {
  const table = new HashTable(guest, call);
  const at = checked(guest, call, 1, 'write', ENUMERATOR.size);
  guest.memory.fill(at, ENUMERATOR.size, 0);
  guest.memory.setU64(at + ENUMERATOR.chain, table.bucket(0));
  guest.memory.setU64(at + ENUMERATOR.current, table.next(table.bucket(0)));
  table.add(TABLE.enumerators, 1);
  return true;
}

/** The entry that is given out may be removed before the next step: what comes after it is known already. */
function stepEnumeration(guest: Guest, call: GuestCall): bigint {
  const { memory } = guest;
  const table = new HashTable(guest, call);
  const at = checked(guest, call, 1, 'write', ENUMERATOR.size);
  let entry = memory.u64(at + ENUMERATOR.current);
  let bucket = memory.u32(at + ENUMERATOR.bucket);
  while (entry === table.bucket(bucket)) {
    bucket += 1;
    if (bucket === BUCKETS) return 0n;
    entry = table.next(table.bucket(bucket));
    memory.setU32(at + ENUMERATOR.bucket, bucket);
    memory.setU64(at + ENUMERATOR.chain, table.bucket(bucket));
  }
  memory.setU64(at + ENUMERATOR.current, table.next(entry));
  return entry;
}
