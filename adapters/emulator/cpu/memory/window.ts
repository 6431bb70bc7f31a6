/** The guest's memory in one WebAssembly memory that never grows: its views stay valid, and the JIT's code works on it in place. */
import { GUEST_BASE, PAGE_SIZE } from '../contract';
import type { Access, Alias, GuestMemory, MemorySnapshot, Protection } from '../contract';
import { layoutOf } from './layout';
import type { Layout } from './layout';
import { Pages } from './pages';
import type { PageTable } from './pages';
import { Shadow, SHADOW_PAGE } from './shadow';

const PAGE_SHIFT = 12;

class Snapshot implements MemorySnapshot {
  constructor(
    readonly owner: WindowMemory,
    readonly contents: PageTable,
    readonly shadow: PageTable,
  ) {}

  get pages(): number {
    return this.contents.length;
  }
}

export class WindowMemory implements GuestMemory {
  readonly size: number;
  readonly layout: Layout;
  readonly wasm: WebAssembly.Memory;
  /** For reading. What is written here directly is not marked, and a restore does not see it. */
  readonly bytes: Uint8Array;
  /** An engine sets 1 for a page that it has translated code of; a change makes it 2 and raises `codeChanges`. */
  readonly translated: Uint8Array;
  /** How often contents or protection of translated pages have changed: the engine compares before it runs. */
  codeChanges = 0;
  aliases: readonly Alias[] = [];

  private readonly view: DataView;
  private readonly shadow: Shadow;
  private readonly dirty: Uint8Array;
  private readonly dirtyShadow: Uint8Array;
  private readonly contentPages: Pages;
  private readonly shadowPages: Pages;

  constructor(size: number) {
    const layout = layoutOf(size);
    this.size = size;
    this.layout = layout;
    this.wasm = new WebAssembly.Memory({ initial: layout.wasmPages, maximum: layout.wasmPages });
    const { buffer } = this.wasm;
    this.bytes = new Uint8Array(buffer, 0, size);
    this.view = new DataView(buffer, 0, size);
    this.shadow = new Shadow(buffer, layout);
    this.dirty = new Uint8Array(buffer, layout.dirty, layout.pages);
    this.dirtyShadow = new Uint8Array(buffer, layout.dirtyShadow, layout.pages);
    this.translated = new Uint8Array(layout.pages);
    this.contentPages = new Pages(
      {
        pageSize: PAGE_SIZE,
        marks: this.dirty,
        read: (page, into) => into.set(this.bytes.subarray(page * PAGE_SIZE, (page + 1) * PAGE_SIZE)),
        write: (page, from) => this.bytes.set(from, page * PAGE_SIZE),
      },
      layout.pages,
    );
    this.shadowPages = new Pages(
      {
        pageSize: SHADOW_PAGE,
        marks: this.dirtyShadow,
        read: (page, into) => this.shadow.copyPageTo(page, into),
        write: (page, from) => this.shadow.setPage(page, from),
      },
      layout.pages,
    );
  }

  offsetOf(address: bigint): number | undefined {
    const offset = fromBase(address);
    if (offset < this.size) return offset;
    const alias = this.aliasOf(address, 1);
    return alias && alias.offset + Number(address - alias.address);
  }

  aliasOf(address: bigint, length: number): Alias | undefined {
    if (fromBase(address) < this.size) return undefined;
    return this.aliases.find(
      (one) => address >= one.address && address + BigInt(length) <= one.address + BigInt(one.length),
    );
  }

  u8(offset: number): number {
    return this.view.getUint8(offset);
  }

  u16(offset: number): number {
    return this.view.getUint16(offset, true);
  }

  u32(offset: number): number {
    return this.view.getUint32(offset, true);
  }

  i32(offset: number): number {
    return this.view.getInt32(offset, true);
  }

  u64(offset: number): bigint {
    return this.view.getBigUint64(offset, true);
  }

  setU8(offset: number, value: number): void {
    this.view.setUint8(offset, value);
    this.mark(offset, 1);
  }

  setU16(offset: number, value: number): void {
    this.view.setUint16(offset, value, true);
    this.mark(offset, 2);
  }

  setU32(offset: number, value: number): void {
    this.view.setUint32(offset, value, true);
    this.mark(offset, 4);
  }

  setU64(offset: number, value: bigint): void {
    this.view.setBigUint64(offset, value, true);
    this.mark(offset, 8);
  }

  write(offset: number, bytes: Uint8Array): void {
    this.mustHold(offset, bytes.length);
    this.bytes.set(bytes, offset);
    this.mark(offset, bytes.length);
  }

  fill(offset: number, length: number, value: number): void {
    this.mustHold(offset, length);
    this.bytes.fill(value, offset, offset + length);
    this.mark(offset, length);
  }

  protect(offset: number, length: number, protection: Protection): void {
    this.mustHold(offset, length);
    this.shadow.protect(offset, length, protection);
    this.markIn(this.dirtyShadow, offset, length);
  }

  firstDenied(access: Access, offset: number, length: number, irql: number): number | undefined {
    return this.shadow.firstDenied(access, offset, length, irql);
  }

  /** @returns whether some byte of the range allows the access below DISPATCH_LEVEL */
  allowsAny(access: Access, offset: number, length: number): boolean {
    return this.shadow.allowsAny(access, offset, length);
  }

  snapshot(): MemorySnapshot {
    return new Snapshot(this, this.contentPages.snapshot(), this.shadowPages.snapshot());
  }

  restore(snapshot: MemorySnapshot): void {
    if (!(snapshot instanceof Snapshot) || snapshot.owner !== this) {
      throw new TypeError('A snapshot goes back only into the memory that it was taken of');
    }
    const changed = (page: number): void => this.codeMayChange(page);
    this.contentPages.restore(snapshot.contents, changed);
    this.shadowPages.restore(snapshot.shadow, changed);
  }

  private mark(offset: number, length: number): void {
    this.markIn(this.dirty, offset, length);
  }

  private markIn(marks: Uint8Array, offset: number, length: number): void {
    if (length <= 0) return;
    const last = (offset + length - 1) >> PAGE_SHIFT;
    for (let page = offset >> PAGE_SHIFT; page <= last; page += 1) {
      marks[page] = 1;
      this.codeMayChange(page);
    }
  }

  private codeMayChange(page: number): void {
    if (this.translated[page] === 0) return;
    this.translated[page] = 2;
    this.codeChanges += 1;
  }

  private mustHold(offset: number, length: number): void {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.size)) {
      throw new RangeError(`The window of ${this.size} bytes does not hold ${length} bytes at ${offset}`);
    }
  }
}

/** As a number, which is enough to tell whether it is in the window: unsigned, so what is below the window is far above it. */
function fromBase(address: bigint): number {
  return Number(BigInt.asUintN(64, address - GUEST_BASE));
}
