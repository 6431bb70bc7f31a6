/** Translated regions: made when they are first reached, found by rip, dropped when their code changes. */
import { PAGE_SIZE } from '../contract';
import { createDecoder } from '../decode';
import type { InstructionDecoder } from '../decode';
import type { WindowMemory } from '../memory';
import { discover } from './region';
import type { Block } from './region';
import { REGION_EXPORT, translate } from './translate';
import { BASE_HIGH, CACHE_ENTRIES, CACHE_ENTRY, CACHE_SIZE, CACHE_START } from './state';

const TABLE_STEP = 256;
const PASSIVE_LEVEL = 0;
const DISPATCH_LEVEL = 2;

/** What code was translated for. Pageable code is none at DISPATCH_LEVEL. */
export interface Variant {
  readonly stepping: boolean;
  readonly dispatch: boolean;
}

interface Span {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

interface Region {
  /** In the table. */
  readonly slot: number;
  readonly spans: readonly Span[];
  readonly blocks: readonly number[];
  readonly stepping: boolean;
}

interface Entry {
  readonly region: Region;
  readonly block: number;
}

export class Regions {
  private readonly decoder: InstructionDecoder;
  /** By variant, then by offset. */
  private readonly entries = Array.from({ length: 4 }, () => new Map<number, Entry>());
  private readonly cache: DataView;
  private readonly all = new Set<Region>();
  private readonly free: number[] = [];
  private used = 1;

  constructor(
    private readonly memory: WindowMemory,
    private readonly table: WebAssembly.Table,
    private readonly imports: Record<string, unknown>,
  ) {
    this.decoder = createDecoder(memory.bytes);
    this.cache = new DataView(memory.wasm.buffer, memory.layout.engine + CACHE_START, 4 * CACHE_SIZE);
  }

  /** @returns address of the jump cache of a variant */
  cacheOf(variant: Variant): number {
    return this.memory.layout.engine + CACHE_START + numberOf(variant) * CACHE_SIZE;
  }

  /** @returns whether there is translated code for an offset: it is in the jump cache then */
  provide(offset: number, variant: Variant): boolean {
    const entry = this.find(offset, variant) ?? this.make(offset, variant);
    if (entry === undefined) return false;
    const at = numberOf(variant) * CACHE_SIZE + ((offset ^ (offset >>> 12)) & (CACHE_ENTRIES - 1)) * CACHE_ENTRY;
    this.cache.setUint32(at, offset, true);
    this.cache.setInt32(at + 4, BASE_HIGH, true);
    this.cache.setUint32(at + 8, entry.region.slot, true);
    this.cache.setUint32(at + 12, entry.block, true);
    return true;
  }

  /** Drops what is no longer what was translated: other bytes, another protection. */
  revalidate(): void {
    this.drop((region) => !this.isCurrent(region));
  }

  /** Drops what was translated of a range. */
  forget(offset: number, length: number): void {
    this.drop(({ spans }) =>
      spans.some((span) => span.offset < offset + length && offset < span.offset + span.bytes.length),
    );
  }

  private find(offset: number, variant: Variant): Entry | undefined {
    const entry = this.entriesOf(variant).get(offset);
    if (entry !== undefined) return entry;
    // What may be executed at the other level, too, need not be translated again.
    const other = this.entriesOf({ ...variant, dispatch: !variant.dispatch }).get(offset);
    if (other === undefined || !other.region.spans.every((span) => this.isExecutable(span, variant))) return undefined;
    this.register(other.region, variant);
    return this.entriesOf(variant).get(offset);
  }

  private make(offset: number, variant: Variant): Entry | undefined {
    const { memory } = this;
    const irql = irqlOf(variant);
    const known = this.entriesOf(variant);
    const question = {
      decoder: this.decoder,
      isCode: (at: number, length: number) =>
        memory.firstDenied('execute', at, length, irql) === undefined && !this.isWritable(at, length),
      isForeign: (at: number) => known.has(at),
      baseHigh: BASE_HIGH,
      size: memory.size,
      stepping: variant.stepping,
    };
    const blocks = discover(offset, question);
    if (blocks.length === 0) return undefined;
    const module = new WebAssembly.Module(translate(blocks, question, memory.layout));
    const { exports } = new WebAssembly.Instance(module, { host: this.imports });
    const slot = this.takeSlot();
    this.table.set(slot, exports[REGION_EXPORT]);
    const region: Region = {
      slot,
      spans: this.spansOf(blocks),
      blocks: blocks.map((block) => block.offset),
      stepping: variant.stepping,
    };
    this.all.add(region);
    this.register(region, variant);
    return known.get(offset);
  }

  private register(region: Region, variant: Variant): void {
    const entries = this.entriesOf(variant);
    region.blocks.forEach((offset, block) => {
      if (!entries.has(offset)) entries.set(offset, { region, block });
    });
  }

  private drop(isStale: (region: Region) => boolean): void {
    const stale = new Set([...this.all].filter(isStale));
    if (stale.size === 0) return;
    for (const entries of this.entries) {
      for (const [offset, entry] of entries) if (stale.has(entry.region)) entries.delete(offset);
    }
    for (const region of stale) {
      this.all.delete(region);
      this.table.set(region.slot, null);
      this.free.push(region.slot);
    }
    // Every way into dropped code leads through a cache; emptied, all of it comes by `provide` again.
    new Uint8Array(this.cache.buffer, this.cache.byteOffset, this.cache.byteLength).fill(0);
  }

  private isCurrent(region: Region): boolean {
    return region.spans.every(({ offset, bytes }, index) => {
      for (let at = 0; at < bytes.length; at += 1) if (this.memory.bytes[offset + at] !== bytes[at]) return false;
      const span = region.spans[index];
      if (span === undefined || this.isWritable(offset, bytes.length)) return false;
      return [false, true].every(
        (dispatch) =>
          !this.isRegistered(region, { stepping: region.stepping, dispatch }) ||
          this.isExecutable(span, { stepping: region.stepping, dispatch }),
      );
    });
  }

  private isRegistered(region: Region, variant: Variant): boolean {
    const entries = this.entriesOf(variant);
    return region.blocks.some((offset) => entries.get(offset)?.region === region);
  }

  private isExecutable({ offset, bytes }: Span, variant: Variant): boolean {
    return this.memory.firstDenied('execute', offset, bytes.length, irqlOf(variant)) === undefined;
  }

  private isWritable(offset: number, length: number): boolean {
    for (let at = offset; at < offset + length; at += 1) {
      if (this.memory.firstDenied('write', at, 1, PASSIVE_LEVEL) === undefined) return true;
    }
    return false;
  }

  /** The bytes of the blocks as they are now; their pages are watched from here on. */
  private spansOf(blocks: readonly Block[]): Span[] {
    return blocks.map(({ offset, end }) => {
      const bytes = this.memory.bytes.slice(offset, end);
      for (let page = Math.floor(offset / PAGE_SIZE); page * PAGE_SIZE < end; page += 1) {
        this.memory.translated[page] = 1;
      }
      return { offset, bytes };
    });
  }

  private takeSlot(): number {
    const slot = this.free.pop();
    if (slot !== undefined) return slot;
    if (this.used === this.table.length) this.table.grow(TABLE_STEP);
    this.used += 1;
    return this.used - 1;
  }

  private entriesOf(variant: Variant): Map<number, Entry> {
    const entries = this.entries[numberOf(variant)];
    if (entries === undefined) throw new RangeError('There are four variants');
    return entries;
  }
}

function numberOf({ stepping, dispatch }: Variant): number {
  return (stepping ? 2 : 0) + (dispatch ? 1 : 0);
}

function irqlOf({ dispatch }: Variant): number {
  return dispatch ? DISPATCH_LEVEL : PASSIVE_LEVEL;
}
