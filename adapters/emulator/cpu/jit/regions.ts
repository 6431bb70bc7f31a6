/** Translated regions: made when they are first reached, found by rip, dropped when their code changes. */
import { DISPATCH_LEVEL, PAGE_SIZE } from '../contract';
import { createDecoder } from '../decode';
import type { InstructionDecoder } from '../decode';
import type { WindowMemory } from '../memory';
import { discover } from './region';
import { REGION_EXPORT, translate } from './translate';
import { BASE_HIGH } from '../memory/registers';
import { CACHE_ENTRIES, CACHE_ENTRY, CACHE_SIZE, CACHE_START } from './state';

const TABLE_STEP = 256;
const PASSIVE_LEVEL = 0;
/** What memory knows of a page with code. */
const WATCHED = 1;
const CHANGED = 2;
/** Regions that are kept although their code is gone: it may come back, as with every boot of the same image. */
const MOST_ASLEEP = 256;

/** What code was translated for. Pageable code is none at DISPATCH_LEVEL. */
export interface Variant {
  readonly stepping: boolean;
  readonly dispatch: boolean;
}

const VARIANTS: readonly Variant[] = [false, true].flatMap((stepping) =>
  [false, true].map((dispatch) => ({ stepping, dispatch })),
);

export function variantOf(stepping: boolean, dispatch: boolean): Variant {
  const variant = VARIANTS[(stepping ? 2 : 0) + (dispatch ? 1 : 0)];
  if (variant === undefined) throw new RangeError('There are four variants');
  return variant;
}

interface Span {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

interface Region {
  /** In the table. */
  readonly slot: number;
  readonly spans: readonly Span[];
  readonly pages: readonly number[];
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
  private readonly asleep: Region[] = [];
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

  /** Drops what is no longer what was translated, of pages that have changed: other bytes, another protection. */
  revalidate(): void {
    const { translated } = this.memory;
    const changed = new Set<number>();
    for (let page = translated.indexOf(CHANGED); page >= 0; page = translated.indexOf(CHANGED, page + 1)) {
      changed.add(page);
      translated[page] = WATCHED;
    }
    this.drop((region) => region.pages.some((page) => changed.has(page)) && !this.isCurrent(region));
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
    const other = this.entriesOf(variantOf(variant.stepping, !variant.dispatch)).get(offset);
    if (other === undefined || !other.region.spans.every((span) => this.isExecutable(span, variant))) return undefined;
    this.register(other.region, variant);
    return this.entriesOf(variant).get(offset);
  }

  private make(offset: number, variant: Variant): Entry | undefined {
    const { memory } = this;
    // Nothing of it can be translated, and it is asked for again for each of its instructions.
    if (memory.allowsAny('write', offset, 1)) return undefined;
    const irql = irqlOf(variant);
    const known = this.entriesOf(variant);
    const question = {
      decoder: this.decoder,
      isCode: (at: number, length: number) =>
        memory.firstDenied('execute', at, length, irql) === undefined && !memory.allowsAny('write', at, length),
      isForeign: (at: number) => known.has(at),
      baseHigh: BASE_HIGH,
      size: memory.size,
      stepping: variant.stepping,
    };
    const again = this.asleep.find(
      (region) =>
        region.stepping === variant.stepping && region.blocks.includes(offset) && this.isWhole(region, variant),
    );
    if (again !== undefined) {
      this.asleep.splice(this.asleep.indexOf(again), 1);
      this.keep(again, variant);
      return known.get(offset);
    }
    const blocks = discover(offset, question);
    if (blocks.length === 0) return undefined;
    const module = new WebAssembly.Module(translate(blocks, question, memory.layout));
    const instance = new WebAssembly.Instance(module, { host: this.imports });
    const slot = this.takeSlot();
    this.table.set(slot, instance.exports[REGION_EXPORT]);
    const spans = blocks.map((block) => ({ offset: block.offset, bytes: memory.bytes.slice(block.offset, block.end) }));
    this.keep(
      { slot, spans, pages: pagesOf(spans), blocks: spans.map((span) => span.offset), stepping: variant.stepping },
      variant,
    );
    return known.get(offset);
  }

  /** The pages of its code are watched from here on. */
  private keep(region: Region, variant: Variant): void {
    for (const page of region.pages) this.memory.translated[page] ||= WATCHED;
    this.all.add(region);
    this.register(region, variant);
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
      this.asleep.push(region);
    }
    for (const { slot } of this.asleep.splice(0, this.asleep.length - MOST_ASLEEP)) {
      this.table.set(slot, null);
      this.free.push(slot);
    }
    // Every way into dropped code leads through a cache; emptied, all of it comes by `provide` again.
    new Uint8Array(this.cache.buffer, this.cache.byteOffset, this.cache.byteLength).fill(0);
  }

  private isCurrent(region: Region): boolean {
    return [false, true].every((dispatch) => {
      const variant = variantOf(region.stepping, dispatch);
      return !this.isRegistered(region, variant) || this.isWhole(region, variant);
    });
  }

  /** @returns whether it is what was translated, and may be executed, and not be written */
  private isWhole({ spans }: Region, variant: Variant): boolean {
    const { memory } = this;
    return spans.every((span) => {
      const { offset, bytes } = span;
      for (let at = 0; at < bytes.length; at += 1) if (memory.bytes[offset + at] !== bytes[at]) return false;
      return !memory.allowsAny('write', offset, bytes.length) && this.isExecutable(span, variant);
    });
  }

  private isRegistered(region: Region, variant: Variant): boolean {
    const entries = this.entriesOf(variant);
    return region.blocks.some((offset) => entries.get(offset)?.region === region);
  }

  private isExecutable({ offset, bytes }: Span, variant: Variant): boolean {
    return this.memory.firstDenied('execute', offset, bytes.length, irqlOf(variant)) === undefined;
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

function pagesOf(spans: readonly Span[]): number[] {
  const pages = new Set<number>();
  for (const { offset, bytes } of spans) {
    for (let page = Math.floor(offset / PAGE_SIZE); page * PAGE_SIZE < offset + bytes.length; page += 1)
      pages.add(page);
  }
  return [...pages];
}

function numberOf({ stepping, dispatch }: Variant): number {
  return (stepping ? 2 : 0) + (dispatch ? 1 : 0);
}

function irqlOf({ dispatch }: Variant): number {
  return dispatch ? DISPATCH_LEVEL : PASSIVE_LEVEL;
}
