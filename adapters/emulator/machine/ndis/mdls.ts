import type { Mdl } from '../../../../src/ndis';
import { MdlObject } from '../../../../src/ndis/nbl';
import type { Ground } from './ground';
import { pointerTo, setPointer } from './ground';
import { MDL_FLAGS } from './constants';
import { MDL } from './layouts';

const PAGE = 4096;

/** An MDL that the driver made in memory of its own, as far as the model needs to know it. */
class OwnMdl implements Mdl {
  Next: Mdl | null = null;

  constructor(public ByteCount: number) {}
}

/** MDLs of the model and of the guest, each known by the other. */
export class Mdls {
  private readonly offsets = new Map<Mdl, number>();
  private readonly mdls = new Map<number, Mdl>();

  constructor(private readonly ground: Ground) {}

  /** @returns the guest's MDL of the model's, 0 when it has none yet */
  offsetOf(mdl: Mdl): number {
    return this.offsets.get(mdl) ?? 0;
  }

  /**
   * Writes an MDL for bytes that are there already.
   * @param data offset of the bytes
   * @returns offset of the structure, which is closed
   */
  create(mdl: Mdl, data: number, length: number): number {
    const { memory } = this.ground;
    const pages = Math.ceil(((data % PAGE) + length) / PAGE);
    const size = MDL.size + pages * 8;
    const at = this.ground.reserve(size);
    memory.setU16(at + MDL.length, size);
    memory.setU16(at + MDL.flags, MDL_FLAGS.mappedToSystemVa | MDL_FLAGS.sourceIsNonpagedPool);
    setPointer(memory, at + MDL.mappedSystemVa, data);
    setPointer(memory, at + MDL.startVa, data - (data % PAGE));
    memory.setU32(at + MDL.byteCount, length);
    memory.setU32(at + MDL.byteOffset, data % PAGE);
    for (let page = 0; page < pages; page += 1) {
      memory.setU64(at + MDL.size + page * 8, BigInt(Math.floor(data / PAGE) + page));
    }
    this.bind(mdl, at);
    return at;
  }

  /** @returns bytes of the structure with its page numbers */
  sizeOf(at: number): number {
    return Math.max(MDL.size, this.ground.memory.u16(at + MDL.length));
  }

  /** Reads a chain of MDLs as the guest has linked them. @returns null for NULL and for what is no MDL */
  read(head: number): Mdl | null {
    const { memory } = this.ground;
    const seen = new Set<number>();
    let last: Mdl | undefined;
    let first: Mdl | null = null;
    for (let at = head; at !== 0 && at + MDL.size <= memory.size && !seen.has(at);) {
      seen.add(at);
      const mdl = this.at(at);
      if (!(mdl instanceof MdlObject)) mdl.ByteCount = memory.u32(at + MDL.byteCount);
      mdl.Next = null;
      if (last) last.Next = mdl;
      else first = mdl;
      last = mdl;
      at = memory.offsetOf(memory.u64(at + MDL.next)) ?? 0;
    }
    return first;
  }

  /** Links the guest's MDLs as the model has linked its own. */
  link(head: Mdl | null): void {
    const { memory } = this.ground;
    for (let mdl = head; mdl; mdl = mdl.Next) {
      const at = this.offsetOf(mdl);
      if (at !== 0) memory.setU64(at + MDL.next, mdl.Next ? pointerTo(this.offsetOf(mdl.Next)) : 0n);
    }
  }

  /** @returns the offset of the bytes that an MDL describes */
  dataOf(at: number): number {
    const { memory } = this.ground;
    const mapped = memory.offsetOf(memory.u64(at + MDL.mappedSystemVa));
    if (mapped !== undefined && mapped !== 0) return mapped;
    return (memory.offsetOf(memory.u64(at + MDL.startVa)) ?? 0) + memory.u32(at + MDL.byteOffset);
  }

  at(offset: number): Mdl {
    const known = this.mdls.get(offset);
    if (known) return known;
    const mdl = new OwnMdl(this.ground.memory.u32(offset + MDL.byteCount));
    this.bind(mdl, offset);
    return mdl;
  }

  private bind(mdl: Mdl, offset: number): void {
    this.offsets.set(mdl, offset);
    this.mdls.set(offset, mdl);
  }
}
