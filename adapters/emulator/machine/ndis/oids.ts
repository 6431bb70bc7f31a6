import type { Kernel } from '../../../../src/kernel';
import type { NdisHandle } from '../../../../src/ndis';
import { FilterModule, THE_DRIVER } from '../../../../src/ndis';
import { OidRequest } from '../../../../src/ndis/oid-request';
import { Watch } from '../../../../src/ndis/watch';
import type { GuestBlock, GuestPool } from '../pool';
import type { WatchedRanges } from '../watched';
import { METHOD_REQUEST, OBJECT_TYPE, OIDS, requestTypeOf, requestTypeValue } from './constants';
import type { Ground } from './ground';
import { OPEN, pointerTo } from './ground';
import type { HandleTable } from './handles';
import type { Ids } from './ids';
import { OBJECT_HEADER, OID_REQUEST, OID_REQUEST_MEMBERS } from './layouts';
import { LentMemory, memberAt } from './lent';

/** Bytes of a request that NDIS writes to when it comes back: memory of the driver's has to be there still. */
const WRITTEN_BACK = OID_REQUEST.bytesNeeded + 4;

/** The guest's half of a request. */
interface Twin {
  readonly offset: number;
  /** Undefined when the request is in memory of the driver's own. */
  readonly range: LentMemory | undefined;
}

interface Tools {
  readonly kernel: Kernel;
  readonly pool: GuestPool;
  readonly watched: WatchedRanges;
  /** Where the driver's pointer points to; it throws when that is nowhere. */
  readonly offset: (address: bigint) => number;
  /** It throws when the memory does not allow the access at the IRQL of now. */
  readonly touch: (access: 'read' | 'write', offset: number, length: number) => void;
}

/** NDIS_OID_REQUESTs of the model and of the guest: those of the protocol, clones of NDIS, and those in memory of the driver. */
export class OidMirror {
  private readonly twins = new Map<OidRequest, Twin>();
  private readonly requests = new Map<number, OidRequest>();
  private readonly watch: Watch;

  constructor(
    private readonly ground: Ground,
    private readonly tools: Tools,
    private readonly handles: HandleTable,
    private readonly ids: Ids,
  ) {
    this.watch = new Watch(tools.kernel);
    tools.pool.beforeFree.push((block) => this.reportFree(block));
  }

  /** The driver gets a request. @returns the guest's pointer to it */
  lend(request: OidRequest): bigint {
    const twin = this.twins.get(request) ?? this.create(request);
    if (!twin.range) this.tools.touch('write', twin.offset, WRITTEN_BACK);
    this.write(request, twin.offset);
    twin.range?.open();
    return pointerTo(twin.offset);
  }

  /** A clone has all that its original has. @returns the guest's pointer to it */
  lendClone(clone: OidRequest, original: OidRequest): bigint {
    const { memory } = this.ground;
    const from = this.twins.get(original);
    const twin = this.create(clone);
    if (from) memory.write(twin.offset, memory.bytes.slice(from.offset, from.offset + OID_REQUEST.sourceReserved));
    return this.lend(clone);
  }

  /** The driver has no business with it any more. */
  close(request: unknown): void {
    if (request instanceof OidRequest) this.twins.get(request)?.range?.close();
  }

  /**
   * @param handle given when the request is issued: whose it is when the driver has made it itself
   * @returns the request at an address, up to date; null when there is none
   */
  read(address: bigint, handle?: NdisHandle | null): OidRequest | null {
    const offset = this.ground.memory.offsetOf(address);
    if (offset === undefined || offset + OID_REQUEST.size > this.ground.memory.size) return null;
    const known = this.requests.get(offset);
    // What the driver builds in memory of its own is a new request every time it is issued.
    const isNew = handle && (!known || (!known.below && !this.twins.get(known)?.range));
    const request = isNew ? this.adopt(offset, handle) : known;
    if (!request) return null;
    if (request.heldByDriver && !request.freed) this.readBack(request, offset);
    return request;
  }

  /** The driver frees memory: whoever completes a request that is still below will find it, or its buffer, gone. */
  private reportFree({ offset, length }: GuestBlock): void {
    const holds = (at: number | undefined) => at !== undefined && at >= offset && at < offset + length;
    for (const [at, request] of this.requests) {
      if (!request.below) continue;
      const { informationBuffer } = request;
      if (holds(at)) this.watch.report(request, 'free', '');
      else if (typeof informationBuffer === 'bigint' && holds(this.ground.memory.offsetOf(informationBuffer))) {
        this.watch.report(request, 'free', 'InformationBuffer');
      }
    }
  }

  private adopt(offset: number, handle: NdisHandle): OidRequest {
    const { kernel, pool } = this.tools;
    const module = FilterModule.of(handle);
    const request = new OidRequest(
      kernel.identity('o'),
      module ?? THE_DRIVER,
      module?.name ?? THE_DRIVER.name,
      this.watch,
    );
    const block = pool.blockNear(offset);
    if (block && offset < block.offset + block.length) request.block = block.model;
    this.twins.set(request, { offset, range: undefined });
    this.requests.set(offset, request);
    return request;
  }

  private create(request: OidRequest): Twin {
    const { memory } = this.ground;
    const offset = this.ground.reserve(OID_REQUEST.size);
    memory.setU8(offset + OBJECT_HEADER.type, OBJECT_TYPE.oidRequest);
    memory.setU8(offset + OBJECT_HEADER.revision, 1);
    memory.setU16(offset + OBJECT_HEADER.length, OID_REQUEST.lengths[0]);
    const range = new LentMemory(memory, this.tools.watched, offset, OID_REQUEST.size, (access, field) =>
      this.watch.touched(request, access, memberAt(OID_REQUEST_MEMBERS, field)),
    );
    const twin: Twin = { offset, range };
    this.twins.set(request, twin);
    this.requests.set(offset, request);
    return twin;
  }

  private write(request: OidRequest, at: number): void {
    const { memory } = this.ground;
    const type = requestTypeValue(request.requestType);
    memory.setU32(at + OID_REQUEST.requestType, type);
    memory.setU64(at + OID_REQUEST.requestHandle, this.handles.addressOf(request.requestHandle));
    memory.setU64(at + OID_REQUEST.requestId, this.ids.valueOf(this.idText(request.requestId)));
    memory.setU32(at + OID_REQUEST.oid, OIDS.valueOf(request.oid) ?? 0);
    memory.setU64(at + OID_REQUEST.informationBuffer, this.bufferOf(request));
    memory.setU32(at + OID_REQUEST.informationBufferLength, request.informationBufferLength);
    this.writeCounts(request, at, type);
    memory.setU8(at + OID_REQUEST.supportedRevision, request.supportedRevision);
    this.deliver(request);
  }

  /** Whoever gets an answered request finds the answer in its buffer, which has to be there still. */
  private deliver(request: OidRequest): void {
    const { answer, informationBuffer } = request;
    if (!answer || typeof informationBuffer !== 'bigint') return;
    request.answer = undefined;
    const at = this.tools.offset(informationBuffer);
    this.tools.touch('write', at, answer.length);
    this.ground.memory.write(at, answer);
  }

  private writeCounts(request: OidRequest, at: number, type: number): void {
    const { memory } = this.ground;
    if (type === METHOD_REQUEST) {
      memory.setU32(at + OID_REQUEST.methodBytesWritten, request.bytesWritten);
      memory.setU32(at + OID_REQUEST.methodBytesRead, request.bytesRead);
      memory.setU32(at + OID_REQUEST.methodBytesNeeded, request.bytesNeeded);
      return;
    }
    const isSet = request.requestType === 'NdisRequestSetInformation';
    memory.setU32(at + OID_REQUEST.bytesDone, isSet ? request.bytesRead : request.bytesWritten);
    memory.setU32(at + OID_REQUEST.bytesNeeded, request.bytesNeeded);
  }

  private readBack(request: OidRequest, at: number): void {
    const { memory } = this.ground;
    const type = memory.u32(at + OID_REQUEST.requestType);
    request.requestType = requestTypeOf(type);
    request.requestHandle = this.handles.handleAt(memory.u64(at + OID_REQUEST.requestHandle));
    request.requestId = this.ids.idOf(memory.u64(at + OID_REQUEST.requestId));
    request.oid = OIDS.nameOf(memory.u32(at + OID_REQUEST.oid));
    request.informationBuffer = memory.u64(at + OID_REQUEST.informationBuffer);
    request.informationBufferLength = memory.u32(at + OID_REQUEST.informationBufferLength);
    request.supportedRevision = memory.u8(at + OID_REQUEST.supportedRevision);
    if (type === METHOD_REQUEST) {
      request.bytesWritten = memory.u32(at + OID_REQUEST.methodBytesWritten);
      request.bytesRead = memory.u32(at + OID_REQUEST.methodBytesRead);
      request.bytesNeeded = memory.u32(at + OID_REQUEST.methodBytesNeeded);
      return;
    }
    const done = memory.u32(at + OID_REQUEST.bytesDone);
    if (request.requestType === 'NdisRequestSetInformation') request.bytesRead = done;
    else request.bytesWritten = done;
    request.bytesNeeded = memory.u32(at + OID_REQUEST.bytesNeeded);
  }

  /** A buffer of the guest is known by its address; one of a neighbour gets bytes when the guest first sees it. */
  private bufferOf(request: OidRequest): bigint {
    if (typeof request.informationBuffer === 'bigint') return request.informationBuffer;
    if (request.informationBuffer === null || request.informationBufferLength === 0) return 0n;
    const offset = this.ground.reserve(request.informationBufferLength);
    this.ground.memory.protect(offset, request.informationBufferLength, OPEN);
    request.informationBuffer = pointerTo(offset);
    return pointerTo(offset);
  }

  private idText(id: unknown): string | null {
    return typeof id === 'string' ? id : null;
  }
}
