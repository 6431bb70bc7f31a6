import type { Call } from '../../../../src/kernel';
import type { GuestCall } from '../contract';
import type { Guest } from '../guest';
import { checked, define, HIGH, type GuestExport } from './define';

/** How the two kinds of tables differ: where their members are, and what is in front of an element. */
interface Kind {
  readonly suffix: '' | 'Avl';
  readonly size: number;
  readonly count: number;
  readonly routines: number;
  readonly context: number;
  readonly header: number;
}

/** RTL_GENERIC_TABLE and RTL_AVL_TABLE. Compare, allocate and free routines are one behind the other. */
const KINDS: readonly Kind[] = [
  { suffix: '', size: 0x48, count: 0x24, routines: 0x28, context: 0x40, header: 0x28 },
  { suffix: 'Avl', size: 0x68, count: 0x2c, routines: 0x48, context: 0x60, header: 0x20 },
];
/** RTL_GENERIC_COMPARE_RESULTS. */
const LESS = 0;
const EQUAL = 2;

/** Elements of each table, in order: addresses of what the driver keeps in them. */
class Tables {
  readonly elements = new Map<number, bigint[]>();
  /** Where an enumeration that the table remembers itself goes on. */
  readonly next = new Map<number, number>();
}

/** Ordered tables of the run-time library, whose elements the driver's own routines compare, allocate and free. */
export const genericTableExports: readonly GuestExport[] = KINDS.flatMap((kind) => {
  const { suffix, size, header } = kind;
  const page = (name: string): string => `ntddk/nf-ntddk-${name.toLowerCase()}`;
  const of = (name: string, run: GuestExport['run']): GuestExport =>
    define(`${name}${suffix}`, HIGH, page(`${name}${suffix}`), run);
  return [
    of('RtlInitializeGenericTable', (guest, call) => {
      const table = checked(guest, call, 0, 'write', size);
      guest.memory.fill(table, size, 0);
      [1, 2, 3].forEach((index) => guest.memory.setU64(table + kind.routines + 8 * (index - 1), call.u64(index)));
      guest.memory.setU64(table + kind.context, call.u64(4));
      guest.part(Tables).elements.set(table, []);
    }),
    of('RtlInsertElementGenericTable', function* (guest, call) {
      const table = new Table(guest, call, kind);
      const { at, found } = yield* table.search(call.u64(1));
      const created = call.pointer(3);
      if (created !== 0) {
        guest.touch('write', created, 1);
        guest.memory.setU8(created, found ? 0 : 1);
      }
      if (found) return table.elements[at] ?? 0n;
      const length = call.u32(2);
      const node = yield* table.call(1, BigInt(header + length));
      if (node === 0n) return 0n;
      const [to, from] = [guest.offset(node), call.pointer(1)];
      guest.touch('write', to, header + length);
      guest.touch('read', from, length);
      guest.memory.fill(to, header, 0);
      guest.memory.write(to + header, guest.memory.bytes.slice(from, from + length));
      table.elements.splice(at, 0, node + BigInt(header));
      table.count();
      return node + BigInt(header);
    }),
    of('RtlDeleteElementGenericTable', function* (guest, call) {
      const table = new Table(guest, call, kind);
      const { at, found } = yield* table.search(call.u64(1));
      const element = table.elements[at];
      if (!found || element === undefined) return false;
      table.elements.splice(at, 1);
      table.count();
      yield* table.call(2, element - BigInt(header));
      return true;
    }),
    of('RtlLookupElementGenericTable', function* (guest, call) {
      const table = new Table(guest, call, kind);
      const { at, found } = yield* table.search(call.u64(1));
      return found ? (table.elements[at] ?? 0n) : 0n;
    }),
    of('RtlEnumerateGenericTable', (guest, call) => {
      const table = new Table(guest, call, kind);
      const { next } = guest.part(Tables);
      const at = call.bool(1) ? 0 : (next.get(call.pointer(0)) ?? 0);
      next.set(call.pointer(0), at + 1);
      return table.elements[at] ?? 0n;
    }),
    of('RtlEnumerateGenericTableWithoutSplaying', (guest, call) => {
      const table = new Table(guest, call, kind);
      const key = checked(guest, call, 1, 'write', 8);
      const before = guest.memory.u64(key);
      const element = table.elements[before === 0n ? 0 : table.elements.indexOf(before) + 1] ?? 0n;
      guest.memory.setU64(key, element);
      return element;
    }),
    of('RtlGetElementGenericTable', (guest, call) => new Table(guest, call, kind).elements[call.u32(1)] ?? 0n),
    of('RtlNumberGenericTableElements', (guest, call) => new Table(guest, call, kind).elements.length),
    of('RtlIsGenericTableEmpty', (guest, call) => new Table(guest, call, kind).elements.length === 0),
  ];
});

/** The table that a call is about: its first argument. */
class Table {
  readonly elements: bigint[];
  private readonly at: number;

  constructor(
    private readonly guest: Guest,
    call: GuestCall,
    private readonly kind: Kind,
  ) {
    this.at = checked(guest, call, 0, 'read', kind.size);
    const { elements } = guest.part(Tables);
    this.elements = elements.get(this.at) ?? [];
    elements.set(this.at, this.elements);
  }

  /** Calls the compare (0), allocate (1) or free (2) routine of the driver. */
  *call(index: number, ...args: readonly bigint[]): Call<bigint> {
    const routine = this.guest.memory.u64(this.at + this.kind.routines + 8 * index);
    return yield* this.guest.call(routine, this.guest.address(this.at), ...args);
  }

  /** @returns where an element is, or belongs */
  *search(key: bigint): Call<{ readonly at: number; readonly found: boolean }> {
    let [low, high] = [0, this.elements.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const result = Number((yield* this.call(0, key, this.elements[middle] ?? 0n)) & 0xffff_ffffn);
      if (result === EQUAL) return { at: middle, found: true };
      if (result === LESS) high = middle;
      else low = middle + 1;
    }
    return { at: low, found: false };
  }

  /** Macros read the number of elements from the table. */
  count(): void {
    this.guest.memory.setU32(this.at + this.kind.count, this.elements.length);
  }
}
