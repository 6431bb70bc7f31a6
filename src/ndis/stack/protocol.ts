import { requestIdText } from '../request-id';
import type { Call } from '../../kernel';
import type { Parts } from '../boundary';
import { handOver } from '../custody';
import { alienObject } from '../faults';
import { Handle, handleName } from '../handle';
import type { Holder } from '../holder';
import { NDIS } from '../holder';
import type { Nbl } from '../nbl';
import { link, viewsOf } from '../nbl';
import { OidRequest } from '../oid-request';
import type { NdisStatus } from '../status';
import type { NdisRequestType, NdisStatusIndication, NetPnPEventNotification } from '../wdk';
import { NDIS_RECEIVE_FLAGS_RESOURCES } from '../wdk';
import type { Adapter } from './adapter';
import type { StackFilter } from './filter';
import { LaterQueue } from './give-back';
import { crossing, nothing } from './neighbour';
import { SYNCHRONOUS_OIDS } from './oid-answers';
import { newFrame } from './neighbour-nbl';

const VETOABLE: readonly string[] = ['NetEventQueryRemoveDevice', 'NetEventQueryPower'];
const INFORMATION_BUFFER_LENGTH = 64;

export type BindingState = 'Unbound' | 'Paused' | 'Running' | 'Pausing';

/** The protocol above, and its binding to the adapter: correct, except that a scenario may make it send late. */
export class Protocol implements Holder {
  readonly name = 'protocol';
  readonly isDriver = false;
  /** SourceHandle of its sends. */
  readonly handle: Handle;
  state: BindingState = 'Unbound';
  readonly sendsOut = new Set<Nbl>();
  readonly sendsBack: { readonly item: string; readonly status: string }[] = [];
  /** Receives it has, oldest first. */
  readonly receives = new Set<Nbl>();
  readonly oidsOut = new Map<OidRequest, (status: NdisStatus) => void>();
  readonly oidsBack: { readonly item: string; readonly status: string }[] = [];
  readonly statuses: string[] = [];
  readonly netPnPEvents: string[] = [];
  private readonly finished: LaterQueue;

  constructor(private readonly adapter: Adapter) {
    this.handle = new Handle(adapter.kernel.identity('open'), this);
    this.finished = new LaterQueue(adapter.ndis, 'DPC of the protocol', (nbls) => this.returnReceives(nbls));
  }

  // ---- life of the binding ---------------------------------------------------------------------------------

  bind(): Call<void> {
    this.state = 'Paused';
    return this.entered('ProtocolBindAdapterEx', {}, nothing);
  }

  *unbind(): Call<void> {
    yield* this.entered('ProtocolUnbindAdapterEx', {}, () => this.closeBinding());
    this.state = 'Unbound';
  }

  /** Starts no new send and waits for all of its own. */
  *pause(): Call<void> {
    this.state = 'Pausing';
    yield* this.entered('ProtocolNetPnPEvent', { args: { event: 'NetEventPause' } }, () => this.awaitSends());
    this.state = 'Paused';
  }

  restart(): Call<void> {
    this.state = 'Running';
    return this.entered('ProtocolNetPnPEvent', { args: { event: 'NetEventRestart' } }, nothing);
  }

  *netPnP(event: NetPnPEventNotification): Call<NdisStatus> {
    if (this.state === 'Unbound') return 'NDIS_STATUS_SUCCESS';
    this.netPnPEvents.push(event.NetEvent);
    const veto = this.adapter.policy.protocolVetoes && VETOABLE.includes(event.NetEvent);
    const status: NdisStatus = veto ? 'NDIS_STATUS_FAILURE' : 'NDIS_STATUS_SUCCESS';
    yield* this.entered('ProtocolNetPnPEvent', { args: { event: event.NetEvent } }, nothing, () => ({ status }));
    return status;
  }

  // ---- data ------------------------------------------------------------------------------------------------

  newSends(count: number, netBuffersEach: number, cancelId: string | null): Nbl[] {
    return Array.from({ length: count }, () => {
      const nbl = newFrame(this.adapter.ndis, this, netBuffersEach);
      nbl.source = this.handle;
      nbl.cancelId = cancelId;
      nbl.protocolReserved = this;
      return nbl;
    });
  }

  /** @param into the module that a late send races into; undefined for the ordinary way */
  *send(nbls: readonly Nbl[], into: StackFilter | undefined): Call<void> {
    const { adapter } = this;
    if (nbls.length === 0) return;
    handOver(nbls, this, NDIS);
    link(nbls);
    for (const nbl of nbls) this.sendsOut.add(nbl);
    const flags = adapter.dispatchFlag;
    yield* this.calls('NdisSendNetBufferLists', { nbls: viewsOf(nbls), args: { flags } }, () =>
      into ? into.send(nbls, flags) : adapter.data.sendDown(undefined, nbls, flags),
    );
  }

  *sendComplete(nbls: readonly Nbl[], flags: number): Call<void> {
    handOver(nbls, NDIS, this);
    for (const nbl of nbls) {
      if (!this.sendsOut.delete(nbl)) {
        throw alienObject(this.adapter.kernel, `the protocol got ${nbl.id} back, which it had already`, nbl.id);
      }
      if (nbl.protocolReserved !== this) {
        throw alienObject(this.adapter.kernel, `the protocol's own field in ${nbl.id} was overwritten`, nbl.id);
      }
      this.sendsBack.push({ item: nbl.id, status: nbl.status });
    }
    yield* this.entered('ProtocolSendNetBufferListsComplete', { nbls: viewsOf(nbls), args: { flags } }, nothing);
  }

  cancelSends(cancelId: string): Call<void> {
    return this.calls('NdisCancelSendNetBufferLists', { args: { cancelId } }, () =>
      this.adapter.data.cancelDown(undefined, cancelId),
    );
  }

  *receive(nbls: readonly Nbl[], count: number, flags: number): Call<void> {
    const lent = (flags & NDIS_RECEIVE_FLAGS_RESOURCES) !== 0;
    if (this.state === 'Unbound') {
      if (!lent) yield* this.adapter.data.returnDown(undefined, nbls, this.adapter.dispatchFlag);
      return;
    }
    handOver(nbls, NDIS, this);
    if (!lent) for (const nbl of nbls) this.receives.add(nbl);
    yield* this.entered('ProtocolReceiveNetBufferLists', { nbls: viewsOf(nbls), args: { count, flags } }, () =>
      lent ? nothing() : this.treatReceives(nbls),
    );
    if (lent) handOver(nbls, this, NDIS);
  }

  /** Returns receives that it has, in one chain. */
  *returnReceives(nbls: readonly Nbl[]): Call<void> {
    const { adapter } = this;
    const still = nbls.filter((nbl) => this.receives.delete(nbl));
    if (still.length === 0) return;
    for (const nbl of still) {
      if (nbl.holder === this) continue;
      throw alienObject(adapter.kernel, `the protocol returned ${nbl.id}, which the miniport had taken back`, nbl.id);
    }
    handOver(still, this, NDIS);
    link(still);
    const flags = adapter.dispatchFlag;
    yield* this.calls('NdisReturnNetBufferLists', { nbls: viewsOf(still), args: { flags } }, () =>
      adapter.data.returnDown(undefined, still, flags),
    );
  }

  // ---- OIDs and status -------------------------------------------------------------------------------------

  newOid(oid: string, type: NdisRequestType): OidRequest {
    const { kernel, ndis } = this.adapter;
    const request = new OidRequest(kernel.identity('o'), this, this.name, ndis.watch);
    request.oid = oid;
    request.requestType = SYNCHRONOUS_OIDS.has(oid) ? 'NdisRequestMethod' : type;
    request.requestId = kernel.identity('rid');
    request.requestHandle = this.handle;
    request.informationBuffer = {};
    request.informationBufferLength = INFORMATION_BUFFER_LENGTH;
    return request;
  }

  /** Issues an OID request, by the interface that it is for. @param done called with its final status */
  *issueOid(request: OidRequest, done: (status: NdisStatus) => void): Call<void> {
    if (SYNCHRONOUS_OIDS.has(request.oid)) return yield* this.issueSynchronousOid(request, done);
    this.oidsOut.set(request, done);
    const issuer = { oidCompleted: (back: OidRequest, status: NdisStatus) => this.oidCompleted(back, status) };
    const status = yield* this.calls(
      'NdisOidRequest',
      { args: { request: request.id, oid: request.oid } },
      () => this.adapter.control.oidDown(undefined, request, issuer, false),
      (result) => ({ status: result }),
    );
    if (status !== 'NDIS_STATUS_PENDING') this.oidIsBack(request, status);
  }

  /** Such a request is over when the call returns. */
  private *issueSynchronousOid(request: OidRequest, done: (status: NdisStatus) => void): Call<void> {
    this.oidsOut.set(request, done);
    request.path = 'synchronous';
    const status = yield* this.calls(
      'NdisSynchronousOidRequest',
      { args: { request: request.id, oid: request.oid } },
      () => this.adapter.control.synchronousOidDown(undefined, request),
      (result) => ({ status: result }),
    );
    this.oidIsBack(request, status);
  }

  /** Synchronous requests cannot be cancelled. */
  *cancelOids(): Call<void> {
    for (const { requestId, path } of [...this.oidsOut.keys()]) {
      if (path === 'synchronous') continue;
      yield* this.calls('NdisCancelOidRequest', { args: { requestId: requestIdText(requestId) } }, () =>
        this.adapter.control.cancelOidDown(undefined, requestId, false),
      );
    }
  }

  *status(indication: NdisStatusIndication): Call<void> {
    if (this.state === 'Unbound') return;
    this.statuses.push(indication.StatusCode);
    const args = { code: indication.StatusCode, source: handleName(indication.SourceHandle) };
    yield* this.entered('ProtocolStatusEx', { args }, nothing);
  }

  // ---- the machinery ---------------------------------------------------------------------------------------

  private *treatReceives(nbls: readonly Nbl[]): Call<void> {
    const { protocolReceives } = this.adapter.policy;
    if (this.state !== 'Running' || protocolReceives === 'inside-the-call') yield* this.returnReceives(nbls);
    else if (protocolReceives === 'later') this.finished.add(nbls);
  }

  private *oidCompleted(request: OidRequest, status: NdisStatus): Call<void> {
    const args = { request: request.id, status };
    yield* this.entered('ProtocolOidRequestComplete', { args }, nothing);
    this.oidIsBack(request, status);
  }

  private oidIsBack(request: OidRequest, status: NdisStatus): void {
    const done = this.oidsOut.get(request);
    this.oidsOut.delete(request);
    request.holder = this;
    this.oidsBack.push({ item: request.id, status });
    done?.(status);
  }

  private *awaitSends(): Call<void> {
    yield* this.adapter.kernel.until('the protocol waits for its sends', () => this.sendsOut.size === 0);
  }

  private *closeBinding(): Call<void> {
    yield* this.returnReceives([...this.receives]);
    yield* this.cancelOids();
    yield* this.adapter.kernel.until(
      'the protocol waits for its requests',
      () => this.oidsOut.size === 0 && this.sendsOut.size === 0,
    );
  }

  private entered<T>(ddi: string, parts: Parts, body: () => Call<T>, exit?: (result: T) => Parts): Call<T> {
    return crossing(this.adapter.kernel, this.name, '->', ddi, { adapter: this.adapter.name, ...parts }, body, exit);
  }

  private calls<T>(ddi: string, parts: Parts, body: () => Call<T>, exit?: (result: T) => Parts): Call<T> {
    return crossing(this.adapter.kernel, this.name, '=>', ddi, { adapter: this.adapter.name, ...parts }, body, exit);
  }
}
