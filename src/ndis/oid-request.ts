import type { Block } from '../kernel';
import type { Holder } from './holder';
import type { Watch, Watched } from './watch';
import type { NdisHandle, NdisOidRequest, NdisRequestType } from './wdk';

/** NdisFOidRequest, NdisFDirectOidRequest, NdisFSynchronousOidRequest. */
export type OidPath = 'regular' | 'direct' | 'synchronous';

/** An NDIS_OID_REQUEST. The WDK members are what drivers see, and watched. */
export class OidRequest implements NdisOidRequest, Watched {
  readonly what = 'oid';
  /** Who may touch it now. */
  holder: Holder;
  /** Set by NdisFreeCloneOidRequest. */
  cloneFreed = false;
  /** Set when it is pool memory of the driver. */
  block: Block | undefined;
  /** The copy of which request it is. */
  original: OidRequest | undefined;
  /** True while a lower driver works on it. */
  below = false;
  /** By which of the three interfaces it was issued. */
  path: OidPath = 'regular';
  requestType: NdisRequestType = 'NdisRequestQueryInformation';
  requestId: unknown = null;
  requestHandle: NdisHandle | null = null;
  oid = '';
  informationBuffer: unknown = null;
  informationBufferLength = 0;
  /** What the miniport answered, until somebody has put it into the buffer. */
  answer: Uint8Array | undefined;
  bytesWritten = 0;
  bytesRead = 0;
  bytesNeeded = 0;
  supportedRevision = 0;
  sourceReserved: unknown = null;

  /**
   * @param id identity in traces
   * @param scope module (by name), `driver`, or the neighbour that allocated it
   */
  constructor(
    readonly id: string,
    holder: Holder,
    readonly scope: string,
    private readonly watch: Watch,
  ) {
    this.holder = holder;
  }

  get freed(): boolean {
    return this.cloneFreed || this.block?.freed === true;
  }

  get heldByDriver(): boolean {
    return this.holder.isDriver;
  }

  /** Copies everything that NdisAllocateCloneOidRequest copies. */
  copyFrom(other: OidRequest): void {
    this.requestType = other.requestType;
    this.requestId = other.requestId;
    this.requestHandle = other.requestHandle;
    this.oid = other.oid;
    this.informationBuffer = other.informationBuffer;
    this.informationBufferLength = other.informationBufferLength;
    this.original = other;
  }

  get RequestType(): NdisRequestType {
    this.watch.touched(this, 'read', 'RequestType');
    return this.requestType;
  }
  set RequestType(value: NdisRequestType) {
    this.watch.touched(this, 'write', 'RequestType');
    this.requestType = value;
  }
  get RequestId(): unknown {
    this.watch.touched(this, 'read', 'RequestId');
    return this.requestId;
  }
  set RequestId(value: unknown) {
    this.watch.touched(this, 'write', 'RequestId');
    this.requestId = value;
  }
  get RequestHandle(): NdisHandle | null {
    this.watch.touched(this, 'read', 'RequestHandle');
    return this.requestHandle;
  }
  set RequestHandle(value: NdisHandle | null) {
    this.watch.touched(this, 'write', 'RequestHandle');
    this.requestHandle = value;
  }
  get Oid(): string {
    this.watch.touched(this, 'read', 'Oid');
    return this.oid;
  }
  set Oid(value: string) {
    this.watch.touched(this, 'write', 'Oid');
    this.oid = value;
  }
  get InformationBuffer(): unknown {
    this.watch.touched(this, 'read', 'InformationBuffer');
    return this.informationBuffer;
  }
  set InformationBuffer(value: unknown) {
    this.watch.touched(this, 'write', 'InformationBuffer');
    this.informationBuffer = value;
  }
  get InformationBufferLength(): number {
    this.watch.touched(this, 'read', 'InformationBufferLength');
    return this.informationBufferLength;
  }
  set InformationBufferLength(value: number) {
    this.watch.touched(this, 'write', 'InformationBufferLength');
    this.informationBufferLength = value;
  }
  get BytesWritten(): number {
    this.watch.touched(this, 'read', 'BytesWritten');
    return this.bytesWritten;
  }
  set BytesWritten(value: number) {
    this.watch.touched(this, 'write', 'BytesWritten');
    this.bytesWritten = value;
  }
  get BytesRead(): number {
    this.watch.touched(this, 'read', 'BytesRead');
    return this.bytesRead;
  }
  set BytesRead(value: number) {
    this.watch.touched(this, 'write', 'BytesRead');
    this.bytesRead = value;
  }
  get BytesNeeded(): number {
    this.watch.touched(this, 'read', 'BytesNeeded');
    return this.bytesNeeded;
  }
  set BytesNeeded(value: number) {
    this.watch.touched(this, 'write', 'BytesNeeded');
    this.bytesNeeded = value;
  }
  get SupportedRevision(): number {
    this.watch.touched(this, 'read', 'SupportedRevision');
    return this.supportedRevision;
  }
  set SupportedRevision(value: number) {
    this.watch.touched(this, 'write', 'SupportedRevision');
    this.supportedRevision = value;
  }
  get SourceReserved(): unknown {
    this.watch.touched(this, 'read', 'SourceReserved');
    return this.sourceReserved;
  }
  set SourceReserved(value: unknown) {
    this.watch.touched(this, 'write', 'SourceReserved');
    this.sourceReserved = value;
  }
}

/** Byte counts as they stand in the trace. */
export function byteCounts(request: OidRequest): { bytesWritten: number; bytesRead: number; bytesNeeded: number } {
  return { bytesWritten: request.bytesWritten, bytesRead: request.bytesRead, bytesNeeded: request.bytesNeeded };
}
