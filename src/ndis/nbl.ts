import type { NblView, NetBufferView } from '../trace';
import { handleName } from './handle';
import type { Holder } from './holder';
import type { NblPool } from './nbl-pool';
import type { NdisStatus } from './status';
import type { Watch, Watched } from './watch';
import type { Mdl, NdisHandle, NetBuffer, NetBufferList } from './wdk';

/** An MDL made by NDIS. */
export class MdlObject implements Mdl {
  Next: Mdl | null = null;
  freed = false;
  /** A retreat put it in front; an advance takes it away again. */
  isOfRetreat = false;
  /** For an MDL that describes bytes which another one describes too: whose they are, and where they begin. */
  part: { readonly of: Mdl; readonly offset: number } | undefined;

  constructor(
    readonly id: string,
    public ByteCount: number,
    /** Module (by name), `driver` or neighbour that allocated it. */
    readonly scope: string,
  ) {}
}

/** A NET_BUFFER. The WDK members are what drivers see, and watched; the fields in lower case are the model's own. */
export class Nb implements NetBuffer {
  next: NetBuffer | null = null;
  mdlChain: Mdl | null = null;
  currentMdl: Mdl | null = null;
  currentMdlOffset = 0;
  dataOffset = 0;
  dataLength = 0;
  /** MDLs in front that the driver's own function made for a retreat. */
  readonly driverMdls = new Set<Mdl>();

  constructor(
    readonly id: string,
    readonly parent: Nbl,
  ) {}

  get Next(): NetBuffer | null {
    this.parent.touched('read', 'NetBuffer.Next');
    return this.next;
  }
  set Next(value: NetBuffer | null) {
    this.parent.touched('write', 'NetBuffer.Next');
    this.next = value;
  }
  get MdlChain(): Mdl | null {
    this.parent.touched('read', 'MdlChain');
    return this.mdlChain;
  }
  set MdlChain(value: Mdl | null) {
    this.parent.touched('write', 'MdlChain');
    this.mdlChain = value;
  }
  get CurrentMdl(): Mdl | null {
    this.parent.touched('read', 'CurrentMdl');
    return this.currentMdl;
  }
  set CurrentMdl(value: Mdl | null) {
    this.parent.touched('write', 'CurrentMdl');
    this.currentMdl = value;
  }
  get CurrentMdlOffset(): number {
    this.parent.touched('read', 'CurrentMdlOffset');
    return this.currentMdlOffset;
  }
  set CurrentMdlOffset(value: number) {
    this.parent.touched('write', 'CurrentMdlOffset');
    this.currentMdlOffset = value;
  }
  get DataOffset(): number {
    this.parent.touched('read', 'DataOffset');
    return this.dataOffset;
  }
  set DataOffset(value: number) {
    this.parent.touched('write', 'DataOffset');
    this.dataOffset = value;
  }
  get DataLength(): number {
    this.parent.touched('read', 'DataLength');
    return this.dataLength;
  }
  set DataLength(value: number) {
    this.parent.touched('write', 'DataLength');
    this.dataLength = value;
  }
}

/** A NET_BUFFER_LIST. The WDK members are what drivers see, and watched; the fields in lower case are the model's own. */
export class Nbl implements NetBufferList, Watched {
  readonly what = 'nbl';
  next: NetBufferList | null = null;
  first: NetBuffer | null = null;
  source: NdisHandle | null = null;
  status: NdisStatus = 'NDIS_STATUS_SUCCESS';
  scratch: unknown = null;
  cancelId: string | null = null;
  protocolReserved: unknown = null;
  freed = false;
  /** Who has it now. Changed by `take` only. */
  holder: Holder;
  /** The layers that passed it on, the originator first when that is a filter; it goes home by the same way. */
  readonly route: Holder[] = [];
  /** Sizes of the NET_BUFFER_LIST_CONTEXT spaces that drivers allocated, outermost last. */
  readonly contexts: number[] = [];
  /** How it looked when it was last recorded. */
  lastView: NblView | undefined;
  /** Indicated with NDIS_RECEIVE_FLAGS_RESOURCES to the layer that has it. */
  lent = false;
  /** Of which NBL it is a clone, a fragment or a reassembly. */
  original: Nbl | undefined;
  /** A clone whose MDLs are those of its original. */
  usesOriginalMdls = false;

  /**
   * @param id identity in traces
   * @param origin who allocated it
   * @param scope module (by name), `driver`, or the neighbour
   * @param pool undefined for an NBL of a neighbour or one built in private memory
   */
  constructor(
    readonly id: string,
    readonly origin: Holder,
    readonly scope: string,
    readonly pool: NblPool | undefined,
    private readonly watch: Watch,
  ) {
    this.holder = origin;
  }

  get heldByDriver(): boolean {
    return this.holder.isDriver;
  }

  touched(access: 'read' | 'write', field: string): void {
    this.watch.touched(this, access, field);
  }

  get Next(): NetBufferList | null {
    this.touched('read', 'Next');
    return this.next;
  }
  set Next(value: NetBufferList | null) {
    this.touched('write', 'Next');
    this.next = value;
  }
  get FirstNetBuffer(): NetBuffer | null {
    this.touched('read', 'FirstNetBuffer');
    return this.first;
  }
  set FirstNetBuffer(value: NetBuffer | null) {
    this.touched('write', 'FirstNetBuffer');
    this.first = value;
  }
  get SourceHandle(): NdisHandle | null {
    this.touched('read', 'SourceHandle');
    return this.source;
  }
  set SourceHandle(value: NdisHandle | null) {
    this.touched('write', 'SourceHandle');
    this.source = value;
  }
  get Status(): NdisStatus {
    this.touched('read', 'Status');
    return this.status;
  }
  set Status(value: NdisStatus) {
    this.touched('write', 'Status');
    this.status = value;
  }
  get Scratch(): unknown {
    this.touched('read', 'Scratch');
    return this.scratch;
  }
  set Scratch(value: unknown) {
    this.touched('write', 'Scratch');
    this.scratch = value;
  }
  get CancelId(): string | null {
    this.touched('read', 'CancelId');
    return this.cancelId;
  }
  set CancelId(value: string | null) {
    this.touched('write', 'CancelId');
    this.cancelId = value;
  }
  get ProtocolReserved(): unknown {
    this.touched('read', 'ProtocolReserved');
    return this.protocolReserved;
  }
  set ProtocolReserved(value: unknown) {
    if (this.origin.isDriver) this.touched('write', 'ProtocolReserved');
    else this.watch.reserved(this, 'ProtocolReserved');
    this.protocolReserved = value;
  }
}

/** @returns the MDL that an offset into the bytes of a chain falls into, and where in it: the last one for what is behind them all */
export function placeIn(chain: Mdl | null, dataOffset: number): { readonly mdl: Mdl | null; readonly offset: number } {
  let offset = dataOffset;
  for (let mdl = chain; mdl; mdl = mdl.Next) {
    if (offset < mdl.ByteCount || !mdl.Next) return { mdl, offset };
    offset -= mdl.ByteCount;
  }
  return { mdl: null, offset };
}

/** Links NBLs into one chain, in order. @returns the head */
export function link(nbls: readonly Nbl[]): Nbl {
  for (let i = 0; i < nbls.length; i += 1) (nbls[i] as Nbl).next = nbls[i + 1] ?? null;
  return nbls[0] as Nbl;
}

/** More buffers than any chain of a scenario has: a longer one runs in a circle. */
const LONGEST_LIST = 10_000;

/** @returns how an NBL looks at this moment; the view of before when nothing has changed, as most of them travel untouched */
export function viewOf(nbl: Nbl): NblView {
  const source = handleName(nbl.source) ?? 'NULL';
  let context = 0;
  for (const size of nbl.contexts) context += size;
  const before = nbl.lastView;
  const nbs = netBuffersOf(nbl, before?.nbs);
  if (
    before?.nbs === nbs &&
    before.source === source &&
    before.status === nbl.status &&
    before.cancelId === (nbl.cancelId ?? undefined) &&
    before.context === context
  )
    return before;
  const { id, status, cancelId } = nbl;
  const view: NblView =
    cancelId === null ? { nbl: id, source, status, nbs, context } : { nbl: id, source, status, nbs, cancelId, context };
  nbl.lastView = view;
  return view;
}

/** @returns `before` itself when it still says how the net buffers look */
function netBuffersOf(nbl: Nbl, before: readonly NetBufferView[] | undefined): readonly NetBufferView[] {
  let index = 0;
  let nb = nbl.first;
  for (; before && nb instanceof Nb && index < before.length; nb = nb.next, index += 1) {
    if (!isAsIn(before[index] as NetBufferView, nb)) break;
  }
  if (before && index === before.length && (!(nb instanceof Nb) || index === LONGEST_LIST)) return before;
  const nbs: NetBufferView[] = [];
  for (nb = nbl.first; nb instanceof Nb && nbs.length < LONGEST_LIST; nb = nb.next) {
    nbs.push({ nb: nb.id, dataOffset: nb.dataOffset, dataLength: nb.dataLength, mdls: mdlNames(nb.mdlChain) });
  }
  return nbs;
}

function isAsIn(view: NetBufferView, nb: Nb): boolean {
  return (
    view.nb === nb.id &&
    view.dataOffset === nb.dataOffset &&
    view.dataLength === nb.dataLength &&
    view.mdls === mdlNames(nb.mdlChain)
  );
}

export function viewsOf(nbls: readonly Nbl[]): readonly NblView[] {
  return nbls.map(viewOf);
}

/** @returns the NBLs of a chain as far as it can be followed; whatever is no NBL ends it */
export function looseChain(head: NetBufferList | null): Nbl[] {
  const nbls: Nbl[] = [];
  for (let nbl = head; nbl instanceof Nbl && nbls.length < LONGEST_LIST && !nbls.includes(nbl); nbl = nbl.next) {
    nbls.push(nbl);
  }
  return nbls;
}

function mdlNames(chain: Mdl | null): string {
  let names = '';
  let count = 0;
  for (let mdl = chain; mdl && count < LONGEST_LIST; mdl = mdl.Next, count += 1) {
    const name = mdl instanceof MdlObject ? mdl.id : 'private';
    names = names === '' ? name : `${names}+${name}`;
  }
  return names;
}
