import type { Bugcheck, Call } from '../../../../src/kernel';
import type { AdvanceMemory, Mdl, NdisHandle, NdisStatus, RetreatMemory } from '../../../../src/ndis';
import { MdlObject } from '../../../../src/ndis/nbl';
import { WATCHDOG } from '../faults';
import type { Guest } from '../guest';
import { CLOSED, OPEN, setPointer } from './ground';
import { MDL, NET_BUFFER } from './layouts';
import { NdisPart } from './part';

interface NbPool {
  readonly dataSize: number;
  live: number;
}

/** What one NET_BUFFER of a pool takes: itself, and its MDL and bytes when the pool gives them. */
interface Allocation {
  readonly pool: NbPool;
  readonly ranges: readonly (readonly [number, number])[];
}

/** NET_BUFFERs that the driver takes from a pool of its own: guest memory, which the model meets in the NBL they are put into. */
export class NetBuffers {
  private readonly pools = new Map<NdisHandle, NbPool>();
  private readonly allocations = new Map<number, Allocation>();
  /** MDLs that retreats put in front, by offset: of the driver's own function, or null for those that NDIS has made. */
  private readonly retreats = new Map<number, Mdl | null>();

  constructor(private readonly guest: Guest) {}

  addPool(handle: NdisHandle, dataSize: number): void {
    this.pools.set(handle, { dataSize, live: 0 });
  }

  /** @throws Bugcheck when NET_BUFFERs of it are alive, or when it is none */
  freePool(handle: NdisHandle): void {
    const pool = this.poolOf(handle);
    if (pool.live > 0) {
      throw this.stop(
        '0x19',
        'BAD_POOL_HEADER',
        `${handle.handle} was freed while ${pool.live} of its NET_BUFFERs were alive`,
      );
    }
    this.pools.delete(handle);
  }

  /** NdisAllocateNetBuffer over a chain of MDLs. @returns its offset */
  allocate(handle: NdisHandle, mdl: number, dataOffset: number, dataLength: number): number {
    const pool = this.poolOf(handle);
    const at = this.newBuffer(handle, mdl, dataOffset, dataLength);
    this.keep(pool, at, []);
    return at;
  }

  /** NdisAllocateNetBufferMdlAndData. @returns its offset; 0 when the pool gives no bytes */
  allocateWithData(handle: NdisHandle): number {
    const pool = this.poolOf(handle);
    if (pool.dataSize === 0) return 0;
    const { mdls } = this.guest.part(NdisPart);
    const mdl = this.newMdl(pool.dataSize);
    const parts: [number, number][] = [
      [mdls.dataOf(mdl), pool.dataSize],
      [mdl, mdls.sizeOf(mdl)],
    ];
    // All of its bytes are unused data space at first: a retreat takes from them.
    const at = this.newBuffer(handle, mdl, pool.dataSize, 0);
    this.keep(pool, at, parts);
    return at;
  }

  /** @throws Bugcheck when it is none of a pool or was freed before */
  free(at: number): void {
    const allocation = this.allocations.get(at);
    if (!allocation) {
      throw this.stop('0x19', 'BAD_POOL_HEADER', 'a NET_BUFFER was freed that is none of a pool, or was freed before');
    }
    this.allocations.delete(at);
    allocation.pool.live -= 1;
    for (const [offset, length] of allocation.ranges) this.guest.memory.protect(offset, length, CLOSED);
  }

  has(at: number): boolean {
    return this.allocations.has(at);
  }

  /** NdisRetreatNetBufferDataStart for a NET_BUFFER that is in no NBL: unused data space, or a new MDL in front. */
  *retreat(at: number, delta: number, { DataBackFill, AllocateMdlHandler }: RetreatMemory): Call<NdisStatus> {
    const { memory } = this.guest;
    let unused = memory.u32(at + NET_BUFFER.dataOffset);
    if (unused < delta) {
      const size = delta - unused + DataBackFill;
      const { mdls } = this.guest.part(NdisPart);
      const own = AllocateMdlHandler && (yield* AllocateMdlHandler(size));
      if (AllocateMdlHandler && !own) return 'NDIS_STATUS_RESOURCES';
      if (own && own.ByteCount < delta - unused) return 'NDIS_STATUS_FAILURE';
      const mdl = own ? mdls.offsetOf(own) : this.newMdl(size);
      this.retreats.set(mdl, own);
      memory.setU64(mdl + MDL.next, memory.u64(at + NET_BUFFER.mdlChain));
      setPointer(memory, at + NET_BUFFER.mdlChain, mdl);
      unused += memory.u32(mdl + MDL.byteCount);
    }
    memory.setU32(at + NET_BUFFER.dataOffset, unused - delta);
    memory.setU32(at + NET_BUFFER.dataLength, memory.u32(at + NET_BUFFER.dataLength) + delta);
    adjustCurrentMdl(this.guest, at);
    return 'NDIS_STATUS_SUCCESS';
  }

  /** NdisAdvanceNetBufferDataStart for such a NET_BUFFER. */
  *advance(at: number, delta: number, { FreeMdl, FreeMdlHandler }: AdvanceMemory): Call<void> {
    const { memory } = this.guest;
    let unused = memory.u32(at + NET_BUFFER.dataOffset) + delta;
    memory.setU32(at + NET_BUFFER.dataLength, memory.u32(at + NET_BUFFER.dataLength) - delta);
    const dropped: Mdl[] = [];
    let mdl = memory.offsetOf(memory.u64(at + NET_BUFFER.mdlChain)) ?? 0;
    while (FreeMdl && this.retreats.has(mdl) && unused >= memory.u32(mdl + MDL.byteCount)) {
      const own = this.retreats.get(mdl);
      if (own) dropped.push(own);
      this.retreats.delete(mdl);
      unused -= memory.u32(mdl + MDL.byteCount);
      mdl = memory.offsetOf(memory.u64(mdl + MDL.next)) ?? 0;
    }
    setPointer(memory, at + NET_BUFFER.mdlChain, mdl);
    memory.setU32(at + NET_BUFFER.dataOffset, unused);
    adjustCurrentMdl(this.guest, at);
    for (const own of dropped) if (FreeMdlHandler) yield* FreeMdlHandler(own);
  }

  /** @returns the offset of an MDL over fresh bytes, both open */
  private newMdl(length: number): number {
    const { guest } = this;
    const { ground, mdls } = guest.part(NdisPart);
    const data = ground.reserve(length);
    const mdl = mdls.create(new MdlObject(guest.kernel.identity('d'), length, 'driver'), data, length);
    guest.memory.protect(data, length, OPEN);
    guest.memory.protect(mdl, mdls.sizeOf(mdl), OPEN);
    return mdl;
  }

  private newBuffer(handle: NdisHandle, mdl: number, dataOffset: number, dataLength: number): number {
    const { guest } = this;
    const { memory } = guest;
    const { ground, handles } = guest.part(NdisPart);
    const at = ground.reserve(NET_BUFFER.size);
    memory.protect(at, NET_BUFFER.size, OPEN);
    setPointer(memory, at + NET_BUFFER.mdlChain, mdl);
    memory.setU32(at + NET_BUFFER.dataOffset, dataOffset);
    memory.setU64(at + NET_BUFFER.dataLength, BigInt(dataLength));
    memory.setU64(at + NET_BUFFER.poolHandle, handles.addressOf(handle));
    adjustCurrentMdl(guest, at);
    return at;
  }

  private keep(pool: NbPool, at: number, parts: readonly (readonly [number, number])[]): void {
    pool.live += 1;
    this.allocations.set(at, { pool, ranges: [[at, NET_BUFFER.size], ...parts] });
  }

  private poolOf(handle: NdisHandle): NbPool {
    const pool = this.pools.get(handle);
    if (!pool)
      throw this.stop('0x3B', 'SYSTEM_SERVICE_EXCEPTION', 'NDIS was given a pool of NET_BUFFERs that does not exist');
    return pool;
  }

  private stop(code: string, name: string, reason: string): Bugcheck {
    return this.guest.stop(code, name, reason);
  }
}

/** NdisAdjustNetBufferCurrentMdl: CurrentMdl and CurrentMdlOffset follow from MdlChain and DataOffset. */
export function adjustCurrentMdl(guest: Guest, at: number): void {
  const { memory } = guest;
  let left = memory.u32(at + NET_BUFFER.dataOffset);
  let current = 0;
  for (const mdl of mdlsFrom(guest, at + NET_BUFFER.mdlChain)) {
    if (current !== 0) left -= memory.u32(current + MDL.byteCount);
    current = mdl;
    if (left < memory.u32(mdl + MDL.byteCount)) break;
  }
  setPointer(memory, at + NET_BUFFER.currentMdl, current);
  memory.setU32(at + NET_BUFFER.currentMdlOffset, left);
}

/**
 * The MDLs of a chain, by offset.
 * @param pointer where the pointer to the first one is
 * @throws Bugcheck when the chain has no end
 */
function* mdlsFrom(guest: Guest, pointer: number): Generator<number, void> {
  const { memory } = guest;
  const seen = new Set<number>();
  const next = (at: number): number => memory.offsetOf(memory.u64(at)) ?? 0;
  for (let mdl = next(pointer); mdl !== 0; mdl = next(mdl + MDL.next)) {
    if (seen.has(mdl)) {
      throw guest.stop(
        '0x133',
        'DPC_WATCHDOG_VIOLATION',
        'NDIS followed a chain of MDLs that runs in a circle',
        WATCHDOG,
      );
    }
    seen.add(mdl);
    guest.touch('read', mdl, MDL.size);
    yield mdl;
  }
}

/** A run of bytes of a NET_BUFFER's data, inside one MDL. */
export interface DataRun {
  readonly at: number;
  readonly length: number;
}

/** @returns where the bytes of a NET_BUFFER's data are, from an offset into it; fewer than asked for when it ends before */
export function dataRuns(guest: Guest, nb: number, from: number, length: number): DataRun[] {
  const { memory } = guest;
  const { mdls } = guest.part(NdisPart);
  const total = memory.u32(nb + NET_BUFFER.dataLength);
  let left = Math.max(0, Math.min(length, total - from));
  let skip = memory.u32(nb + NET_BUFFER.currentMdlOffset) + from;
  const runs: DataRun[] = [];
  if (left === 0) return runs;
  for (const mdl of mdlsFrom(guest, nb + NET_BUFFER.currentMdl)) {
    const count = memory.u32(mdl + MDL.byteCount);
    if (skip < count) {
      const run = Math.min(count - skip, left);
      runs.push({ at: mdls.dataOf(mdl) + skip, length: run });
      left -= run;
      skip = 0;
      // What is behind the last byte is nobody's business.
      if (left === 0) break;
    } else {
      skip -= count;
    }
  }
  return runs;
}
