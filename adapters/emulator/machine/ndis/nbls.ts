import type { Mdl, NdisHandle, NetBuffer, NetBufferList } from '../../../../src/ndis';
import { MdlObject, Nb, Nbl, placeIn } from '../../../../src/ndis/nbl';
import type { WatchedRanges } from '../watched';
import { statusOf, statusValue } from './constants';
import type { Ground } from './ground';
import { pointerTo, READ_ONLY } from './ground';
import type { HandleTable } from './handles';
import type { Ids } from './ids';
import {
  MDL,
  NET_BUFFER,
  NET_BUFFER_LIST,
  NET_BUFFER_LIST_INFO,
  NET_BUFFER_LIST_MEMBERS,
  NET_BUFFER_MEMBERS,
} from './layouts';
import { LentMemory, memberAt } from './lent';
import type { Mdls } from './mdls';

const CANCEL_ID = NET_BUFFER_LIST.info + 8 * NET_BUFFER_LIST_INFO.cancelId;

/**
 * The NBLs of a chain, each once: one that runs in a circle ends where it began. What follows one is asked when the next is wanted, so
 * that it may be read back in between.
 */
export function* chainFrom(head: NetBufferList | null): Generator<Nbl, void, undefined> {
  const seen = new Set<Nbl>();
  for (let nbl: NetBufferList | null = head; nbl instanceof Nbl && !seen.has(nbl); nbl = nbl.next) {
    seen.add(nbl);
    yield nbl;
  }
}

/** What the mirror asks of those who know the model as a whole. */
export interface Births {
  identity(kind: string): string;
  /** An NBL that the guest has built where NDIS never made one. @param owner whose call it was found in */
  privateNbl(owner: NdisHandle | undefined): Nbl;
  /** May the guest read these bytes? */
  readable(offset: number, length: number): boolean;
}

/** The guest's half of an NBL. */
interface Twin {
  readonly nbl: Nbl;
  readonly offset: number;
  /** Memory that comes and goes with the NBL: itself, its NET_BUFFERs, MDLs and frames that NDIS or a neighbour made. */
  readonly parts: LentMemory[];
}

/** An address in a chain where no NET_BUFFER_LIST is. The model says so by its digits when NDIS follows it. */
class WildPointer {
  constructor(private readonly address: bigint) {}

  toString(): string {
    return `0x${this.address.toString(16)}`;
  }
}

/**
 * NET_BUFFER_LISTs of the model and of the guest. While the driver has one, the guest's half is what counts: it is read back
 * when the driver hands it on, or when the model is about to look at it.
 */
export class NblMirror {
  private readonly twins = new Map<Nbl, Twin>();
  private readonly nbls = new Map<number, Nbl>();
  private readonly buffers = new Map<number, Nb>();
  private readonly bufferOffsets = new Map<Nb, number>();

  constructor(
    private readonly ground: Ground,
    private readonly ranges: WatchedRanges,
    private readonly handles: HandleTable,
    private readonly ids: Ids,
    private readonly mdls: Mdls,
    private readonly births: Births,
  ) {}

  // ---- model to guest --------------------------------------------------------------------------------------

  /** The driver gets a chain. @returns the guest's pointer to its head */
  lend(head: Nbl): bigint {
    for (const nbl of chainFrom(head)) this.refresh(nbl);
    return this.addressOf(head);
  }

  /** Brings the guest's half up to date and lets the driver use it. */
  refresh(nbl: Nbl): void {
    const twin = this.twins.get(nbl) ?? this.newTwin(nbl);
    this.write(twin);
    for (const part of twin.parts) part.open();
  }

  addressOf(nbl: NetBufferList | null): bigint {
    if (!(nbl instanceof Nbl)) return 0n;
    return pointerTo((this.twins.get(nbl) ?? this.newTwin(nbl)).offset);
  }

  addressOfBuffer(nb: NetBuffer | null): bigint {
    const offset = nb instanceof Nb ? this.bufferOffsets.get(nb) : undefined;
    return offset === undefined ? 0n : pointerTo(offset);
  }

  // ---- guest to model --------------------------------------------------------------------------------------

  /**
   * The driver passes a chain: the model's half is brought up to date.
   * @param owner handle that it passes with it
   * @returns what the model takes for the head; null for NULL
   */
  read(address: bigint, owner?: NdisHandle): NetBufferList | null {
    const head = this.resolve(address, owner);
    for (const nbl of chainFrom(head)) if (nbl.heldByDriver && !nbl.freed) this.readBack(nbl, owner);
    return head;
  }

  /** The driver has no more business with the NBLs of a chain. */
  close(head: NetBufferList | null): void {
    for (const nbl of chainFrom(head)) this.closeOne(nbl);
  }

  closeOne(nbl: Nbl): void {
    for (const part of this.twins.get(nbl)?.parts ?? []) part.close();
  }

  /** @returns the NBL at an address as the model knows it, without reading anything back */
  resolve(address: bigint, owner?: NdisHandle): NetBufferList | null {
    if (address === 0n) return null;
    const offset = this.ground.memory.offsetOf(address) ?? 0;
    const known = this.nbls.get(offset);
    if (known) return known;
    if (!this.births.readable(offset, NET_BUFFER_LIST.info)) {
      // The model accepts anything that a driver may pass, and stops the system where NDIS would follow it.
      return new WildPointer(address) as unknown as NetBufferList;
    }
    const nbl = this.births.privateNbl(owner);
    this.bind({ nbl, offset, parts: [] });
    return nbl;
  }

  /** @returns the NET_BUFFER at an address, up to date; undefined where there is none */
  buffer(address: bigint): Nb | undefined {
    const offset = this.ground.memory.offsetOf(address);
    const nb = offset === undefined ? undefined : this.buffers.get(offset);
    if (nb && offset !== undefined && nb.parent.heldByDriver) this.readBuffer(nb, offset);
    return nb;
  }

  /** Writes a NET_BUFFER whose data the model has moved. */
  rewriteBuffer(nb: Nb): void {
    const twin = this.twins.get(nb.parent);
    if (!twin) return;
    this.writeBuffer(twin, nb);
    if (nb.parent.heldByDriver && !nb.parent.freed) for (const part of twin.parts) part.open();
  }

  readBack(nbl: Nbl, owner?: NdisHandle): void {
    const twin = this.twins.get(nbl);
    if (!twin) return;
    const { memory } = this.ground;
    const { offset } = twin;
    nbl.next = this.resolve(memory.u64(offset + NET_BUFFER_LIST.next), owner);
    nbl.source = this.handles.handleAt(memory.u64(offset + NET_BUFFER_LIST.sourceHandle));
    nbl.status = statusOf(memory.u32(offset + NET_BUFFER_LIST.status));
    nbl.cancelId = this.ids.idOf(memory.u64(offset + CANCEL_ID));
    nbl.scratch = memory.u64(offset + NET_BUFFER_LIST.scratch) || null;
    let previous: Nb | undefined;
    const seen = new Set<number>();
    let at = memory.offsetOf(memory.u64(offset + NET_BUFFER_LIST.firstNetBuffer)) ?? 0;
    nbl.first = null;
    while (at !== 0 && !seen.has(at) && this.births.readable(at, NET_BUFFER.poolHandle)) {
      seen.add(at);
      const nb = this.bufferAt(at, nbl);
      this.readBuffer(nb, at);
      nb.next = null;
      if (previous) previous.next = nb;
      else nbl.first = nb;
      previous = nb;
      at = memory.offsetOf(memory.u64(at + NET_BUFFER.next)) ?? 0;
    }
  }

  // ---- the machinery ---------------------------------------------------------------------------------------

  private newTwin(nbl: Nbl): Twin {
    const { memory } = this.ground;
    const offset = this.ground.reserve(NET_BUFFER_LIST.size);
    const twin: Twin = { nbl, offset, parts: [] };
    const touch = (from: number) => (access: 'read' | 'write', field: number) =>
      nbl.touched(access, memberAt(NET_BUFFER_LIST_MEMBERS, from + field));
    const { protocolReserved, miniportReserved, size } = NET_BUFFER_LIST;
    // What belongs to the neighbour that made it can be read, but writing is reported whoever has the NBL.
    const reserved = (access: 'read' | 'write'): void => {
      if (access === 'write') nbl.ProtocolReserved = nbl.protocolReserved;
      else nbl.touched('read', 'ProtocolReserved');
    };
    twin.parts.push(
      new LentMemory(memory, this.ranges, offset, protocolReserved, touch(0)),
      nbl.origin.isDriver
        ? new LentMemory(memory, this.ranges, offset + protocolReserved, 0x20, touch(protocolReserved))
        : new LentMemory(memory, this.ranges, offset + protocolReserved, 0x20, reserved, READ_ONLY),
      new LentMemory(memory, this.ranges, offset + miniportReserved, size - miniportReserved, touch(miniportReserved)),
    );
    this.bind(twin);
    if (nbl.pool) memory.setU64(offset + NET_BUFFER_LIST.poolHandle, this.handles.addressOf(nbl.pool.handle));
    return twin;
  }

  private bind(twin: Twin): void {
    this.twins.set(twin.nbl, twin);
    this.nbls.set(twin.offset, twin.nbl);
  }

  private write(twin: Twin): void {
    const { memory } = this.ground;
    const { nbl, offset } = twin;
    memory.setU64(offset + NET_BUFFER_LIST.next, this.addressOf(nbl.next));
    memory.setU64(offset + NET_BUFFER_LIST.sourceHandle, this.handles.addressOf(nbl.source));
    memory.setU32(offset + NET_BUFFER_LIST.status, statusValue(nbl.status));
    memory.setU64(offset + CANCEL_ID, this.ids.valueOf(nbl.cancelId));
    if (nbl.scratch === null) memory.setU64(offset + NET_BUFFER_LIST.scratch, 0n);
    let link = offset + NET_BUFFER_LIST.firstNetBuffer;
    for (let nb = nbl.first; nb instanceof Nb; nb = nb.next) {
      const at = this.writeBuffer(twin, nb);
      memory.setU64(link, pointerTo(at));
      link = at + NET_BUFFER.next;
    }
    memory.setU64(link, 0n);
  }

  private writeBuffer(twin: Twin, nb: Nb): number {
    const { memory } = this.ground;
    const at = this.bufferOffsets.get(nb) ?? this.newBuffer(twin, nb);
    for (let mdl = nb.mdlChain; mdl; mdl = mdl.Next) {
      if (this.mdls.offsetOf(mdl) === 0) this.newMdl(twin, mdl);
    }
    this.mdls.link(nb.mdlChain);
    const current = placeIn(nb.mdlChain, nb.dataOffset);
    memory.setU64(at + NET_BUFFER.mdlChain, nb.mdlChain ? pointerTo(this.mdls.offsetOf(nb.mdlChain)) : 0n);
    memory.setU64(at + NET_BUFFER.currentMdl, current.mdl ? pointerTo(this.mdls.offsetOf(current.mdl)) : 0n);
    memory.setU32(at + NET_BUFFER.currentMdlOffset, current.offset);
    memory.setU32(at + NET_BUFFER.dataOffset, nb.dataOffset);
    memory.setU64(at + NET_BUFFER.dataLength, BigInt(nb.dataLength));
    return at;
  }

  private newBuffer(twin: Twin, nb: Nb): number {
    const { memory } = this.ground;
    const at = this.ground.reserve(NET_BUFFER.size);
    twin.parts.push(
      new LentMemory(memory, this.ranges, at, NET_BUFFER.size, (access, field) =>
        nb.parent.touched(access, memberAt(NET_BUFFER_MEMBERS, field)),
      ),
    );
    this.buffers.set(at, nb);
    this.bufferOffsets.set(nb, at);
    return at;
  }

  /** An MDL of a neighbour, or one that a retreat put in front: its bytes come and go with the NBL as it does. */
  private newMdl(twin: Twin, mdl: Mdl): void {
    const { memory } = this.ground;
    const part = mdl instanceof MdlObject ? mdl.part : undefined;
    if (part) {
      const at = this.mdls.create(mdl, this.mdls.dataOf(this.mdls.offsetOf(part.of)) + part.offset, mdl.ByteCount);
      twin.parts.push(
        new LentMemory(memory, this.ranges, at, this.mdls.sizeOf(at), (access) => twin.nbl.touched(access, 'Mdl')),
      );
      return;
    }
    const data = this.ground.reserve(mdl.ByteCount);
    const at = this.mdls.create(mdl, data, mdl.ByteCount);
    if (!(mdl instanceof MdlObject && mdl.isOfRetreat)) fillFrame(this.ground, data, mdl.ByteCount);
    twin.parts.push(
      new LentMemory(memory, this.ranges, at, this.mdls.sizeOf(at), (access) => twin.nbl.touched(access, 'Mdl')),
      new LentMemory(memory, this.ranges, data, mdl.ByteCount, (access) => twin.nbl.touched(access, 'data')),
    );
  }

  private bufferAt(at: number, nbl: Nbl): Nb {
    const known = this.buffers.get(at);
    // What the driver has moved from one NBL to another is a buffer of the other.
    if (known?.parent === nbl) return known;
    const nb = new Nb(this.births.identity('b'), nbl);
    this.buffers.set(at, nb);
    this.bufferOffsets.set(nb, at);
    return nb;
  }

  private readBuffer(nb: Nb, at: number): void {
    const { memory } = this.ground;
    nb.mdlChain = this.mdls.read(memory.offsetOf(memory.u64(at + NET_BUFFER.mdlChain)) ?? 0);
    nb.dataOffset = memory.u32(at + NET_BUFFER.dataOffset);
    nb.dataLength = memory.u32(at + NET_BUFFER.dataLength);
    const current = memory.offsetOf(memory.u64(at + NET_BUFFER.currentMdl)) ?? 0;
    nb.currentMdl = current === 0 || current + MDL.size > memory.size ? null : this.mdls.at(current);
    nb.currentMdlOffset = memory.u32(at + NET_BUFFER.currentMdlOffset);
  }
}

/** Broadcast, from a locally administered address, IPv4: a frame that drivers which parse frames can read. */
const HEADER = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 0x42, 8, 0, 0x45];
const BACKFILL = 64;

function fillFrame({ memory }: Ground, data: number, length: number): void {
  if (length < BACKFILL + HEADER.length) return;
  for (let i = 0; i < HEADER.length; i += 1) memory.setU8(data + BACKFILL + i, HEADER[i] ?? 0);
  for (let i = BACKFILL + HEADER.length; i < length; i += 1) memory.setU8(data + i, i & 0xff);
}
