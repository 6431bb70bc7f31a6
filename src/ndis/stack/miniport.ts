import { requestIdText } from '../request-id';
import type { Call } from '../../kernel';
import { DISPATCH_LEVEL } from '../../trace';
import type { Parts } from '../boundary';
import { handOver, requireAlive } from '../custody';
import { alienObject, badPointer } from '../faults';
import type { Holder } from '../holder';
import { NDIS } from '../holder';
import type { Nbl } from '../nbl';
import { link, viewsOf } from '../nbl';
import { byteCounts, type OidRequest } from '../oid-request';
import type { NdisStatus } from '../status';
import type { NetDevicePnPEvent } from '../wdk';
import { LINK_STATE_SIZE, NDIS_RECEIVE_FLAGS_RESOURCES } from '../wdk';
import type { Adapter } from './adapter';
import type { OidIssuer } from './filter';
import { LaterQueue } from './give-back';
import { Link } from './link';
import { crossing, nothing } from './neighbour';
import { newFrame } from './neighbour-nbl';
import { answer } from './oid-answers';

export type MiniportState = 'Halted' | 'Paused' | 'Running' | 'Pausing';

/** The miniport below: correct, and as slow or as quick as the policy says. */
export class Miniport implements Holder {
  readonly name = 'miniport';
  readonly isDriver = false;
  state: MiniportState = 'Halted';
  /** The hardware is gone: sends and OIDs come back NDIS_STATUS_NOT_ACCEPTED. */
  removed = false;
  /** In Dx: sends come back NDIS_STATUS_LOW_POWER_STATE. */
  asleep = false;
  /** Sends it has, oldest first. */
  readonly sends = new Set<Nbl>();
  /** Its receives that are above, oldest first. */
  readonly receivesOut = new Set<Nbl>();
  readonly receivesBack: string[] = [];
  /** OID requests it has, with those that wait for them. */
  readonly oids = new Map<OidRequest, OidIssuer>();
  readonly cancels: string[] = [];
  readonly devicePnPEvents: string[] = [];
  private indicating = 0;
  private readonly link = new Link();
  private readonly finished: LaterQueue;

  constructor(private readonly adapter: Adapter) {
    this.finished = new LaterQueue(adapter.ndis, 'DPC of the miniport', (nbls) => this.completeSends(nbls));
  }

  // ---- life ------------------------------------------------------------------------------------------------

  initialize(): Call<void> {
    this.state = 'Paused';
    return this.entered('MiniportInitializeEx', {}, nothing);
  }

  halt(action: string): Call<void> {
    this.state = 'Halted';
    return this.entered('MiniportHaltEx', { args: { action } }, nothing);
  }

  restart(): Call<void> {
    this.state = 'Running';
    return this.entered('MiniportRestart', {}, nothing);
  }

  /** Completes its sends, waits for its receives; keeps serving OIDs and status. */
  *pause(): Call<void> {
    this.state = 'Pausing';
    yield* this.entered('MiniportPause', {}, () => this.drain());
    this.state = 'Paused';
  }

  *setPower(asleep: boolean): Call<void> {
    this.asleep = asleep;
    const args = { oid: 'OID_PNP_SET_POWER', power: asleep ? 'D3' : 'D0' };
    yield* this.entered('MiniportOidRequest', { args }, () => this.endSendsOnSleep());
  }

  devicePnP(event: NetDevicePnPEvent): Call<void> {
    this.devicePnPEvents.push(event.DevicePnPEvent);
    return this.entered('MiniportDevicePnPEventNotify', { args: { event: event.DevicePnPEvent } }, nothing);
  }

  // ---- data ------------------------------------------------------------------------------------------------

  *send(nbls: readonly Nbl[], flags: number): Call<void> {
    handOver(nbls, NDIS, this);
    for (const nbl of nbls) this.sends.add(nbl);
    yield* this.entered('MiniportSendNetBufferLists', { nbls: viewsOf(nbls), args: { flags } }, () =>
      this.treatSends(nbls),
    );
  }

  /** Completes sends that it has, in one chain. */
  *completeSends(nbls: readonly Nbl[], status: NdisStatus = this.adapter.policy.sendStatus): Call<void> {
    const { adapter } = this;
    // A pause or the loss of power may have completed some of them meanwhile.
    const still = nbls.filter((nbl) => this.sends.has(nbl));
    if (still.length === 0) return;
    requireAlive(adapter.kernel, still, 'the miniport');
    for (const nbl of still) {
      this.sends.delete(nbl);
      nbl.status = status;
    }
    handOver(still, this, NDIS);
    link(still);
    const flags = adapter.dispatchFlag;
    yield* this.calls('NdisMSendNetBufferListsComplete', { nbls: viewsOf(still), args: { flags } }, () =>
      adapter.data.completeUp(undefined, still, flags),
    );
  }

  *cancelSend(cancelId: string): Call<void> {
    this.cancels.push(cancelId);
    const matching = [...this.sends].filter((nbl) => nbl.cancelId === cancelId);
    yield* this.entered('MiniportCancelSend', { args: { cancelId } }, () =>
      this.completeSends(matching, 'NDIS_STATUS_SEND_ABORTED'),
    );
  }

  /** Frames from the wire. @returns them, so that a scenario can tell them apart */
  newReceives(count: number): Nbl[] {
    return Array.from({ length: count }, () => {
      const nbl = newFrame(this.adapter.ndis, this);
      nbl.source = this.adapter.handle;
      return nbl;
    });
  }

  /** Indicates its frames. With `lent` they are its own again when the call returns. */
  *indicate(nbls: readonly Nbl[], lent: boolean): Call<void> {
    const { adapter } = this;
    if (nbls.length === 0) return;
    handOver(nbls, this, NDIS);
    link(nbls);
    const flags = adapter.dispatchFlag | (lent ? NDIS_RECEIVE_FLAGS_RESOURCES : 0);
    if (!lent) for (const nbl of nbls) this.receivesOut.add(nbl);
    this.indicating += 1;
    const args = { count: nbls.length, flags };
    yield* this.calls('NdisMIndicateReceiveNetBufferLists', { nbls: viewsOf(nbls), args }, () =>
      adapter.data.indicateUp(undefined, nbls, nbls.length, flags),
    );
    this.indicating -= 1;
    if (!lent) return;
    requireAlive(adapter.kernel, nbls, 'the miniport');
    for (const nbl of nbls) {
      // Whoever still has it has kept what was only lent.
      nbl.holder = this;
      nbl.route.length = 0;
      this.receivesBack.push(nbl.id);
    }
  }

  *return(nbls: readonly Nbl[], flags: number): Call<void> {
    handOver(nbls, NDIS, this);
    for (const nbl of nbls) {
      if (!this.receivesOut.delete(nbl)) {
        throw alienObject(this.adapter.kernel, `the miniport got back ${nbl.id}, which it had already`, nbl.id);
      }
      this.receivesBack.push(nbl.id);
    }
    yield* this.entered('MiniportReturnNetBufferLists', { nbls: viewsOf(nbls), args: { flags } }, nothing);
  }

  // ---- OIDs and status -------------------------------------------------------------------------------------

  *oid(request: OidRequest, issuer: OidIssuer): Call<NdisStatus> {
    request.holder = this;
    return yield* this.entered(
      'MiniportOidRequest',
      { args: { request: request.id, oid: request.oid } },
      () => this.treatOid(request, issuer),
      (status) => ({ status, args: { request: request.id } }),
    );
  }

  /** A synchronous request cannot be pending: whoever issued it stays in the call for as long as the miniport takes. */
  *synchronousOid(request: OidRequest): Call<NdisStatus> {
    request.holder = this;
    return yield* this.entered(
      'MiniportSynchronousOidRequest',
      { args: { request: request.id, oid: request.oid } },
      () => this.treatSynchronousOid(request),
      (status) => ({ status, args: { request: request.id } }),
    );
  }

  /** Completes a request that it keeps; the call that issued a synchronous one returns then. */
  *completeOid(request: OidRequest, wanted: NdisStatus = this.adapter.policy.oidStatus): Call<void> {
    const issuer = this.oids.get(request);
    if (!issuer) return;
    this.oids.delete(request);
    if (request.freed) {
      throw badPointer(this.adapter.kernel, `the miniport used ${request.id}, which had been freed`, request.id);
    }
    const status = answer(request, wanted, this.adapter.macAddress);
    request.holder = NDIS;
    if (request.path === 'synchronous') return yield* issuer.oidCompleted(request, status);
    const args = { request: request.id, status, ...byteCounts(request) };
    yield* this.calls('NdisMOidRequestComplete', { args }, () => issuer.oidCompleted(request, status));
  }

  *cancelOid(requestId: unknown): Call<void> {
    const matching = [...this.oids.keys()].filter(
      (request) => request.path !== 'synchronous' && request.requestId === requestId,
    );
    yield* this.entered('MiniportCancelOidRequest', { args: { requestId: requestIdText(requestId) } }, () =>
      this.abortOids(matching),
    );
  }

  *indicateStatus(code: string): Call<void> {
    const about =
      code === 'NDIS_STATUS_LINK_STATE'
        ? { StatusBuffer: this.link.change(), StatusBufferSize: LINK_STATE_SIZE }
        : { StatusBuffer: null, StatusBufferSize: 0 };
    const source = { SourceHandle: this.adapter.handle, StatusCode: code, DestinationHandle: null, RequestId: null };
    yield* this.calls('NdisMIndicateStatusEx', { args: { code } }, () =>
      this.adapter.control.statusUp(undefined, { ...source, ...about }),
    );
  }

  // ---- the machinery ---------------------------------------------------------------------------------------

  private *treatSends(nbls: readonly Nbl[]): Call<void> {
    const refusal = this.refusal();
    if (refusal) return yield* this.completeSends(nbls, refusal);
    const { miniportSends } = this.adapter.policy;
    if (miniportSends === 'inside-the-call') yield* this.completeSends(nbls);
    else if (miniportSends === 'later') this.finished.add(nbls);
  }

  private refusal(): NdisStatus | undefined {
    if (this.removed) return 'NDIS_STATUS_NOT_ACCEPTED';
    if (this.asleep) return 'NDIS_STATUS_LOW_POWER_STATE';
    return this.state === 'Running' ? undefined : 'NDIS_STATUS_PAUSED';
  }

  private *treatOid(request: OidRequest, issuer: OidIssuer): Call<NdisStatus> {
    const { miniportOids, oidStatus } = this.adapter.policy;
    const refusal = this.refusalOfOids();
    if (refusal) return refusal;
    if (miniportOids === 'inside-the-call') {
      return answer(request, oidStatus, this.adapter.macAddress);
    }
    this.oids.set(request, issuer);
    if (miniportOids === 'later') {
      this.adapter.kernel.spawn('DPC of the miniport', this.completeOid(request), DISPATCH_LEVEL);
    }
    return 'NDIS_STATUS_PENDING';
  }

  private *treatSynchronousOid(request: OidRequest): Call<NdisStatus> {
    const { miniportOids, oidStatus } = this.adapter.policy;
    const refusal = this.refusalOfOids();
    if (refusal) return refusal;
    if (miniportOids !== 'hold') {
      return answer(request, oidStatus, this.adapter.macAddress);
    }
    let result: NdisStatus = 'NDIS_STATUS_PENDING';
    this.oids.set(request, {
      *oidCompleted(_request, status) {
        result = status;
      },
    });
    yield* this.adapter.kernel.until('the miniport works on a synchronous request', () => !this.oids.has(request));
    return result;
  }

  private refusalOfOids(): NdisStatus | undefined {
    if (this.removed) return 'NDIS_STATUS_NOT_ACCEPTED';
    return this.asleep ? 'NDIS_STATUS_LOW_POWER_STATE' : undefined;
  }

  private *abortOids(requests: readonly OidRequest[]): Call<void> {
    for (const request of requests) yield* this.completeOid(request, 'NDIS_STATUS_REQUEST_ABORTED');
  }

  private *drain(): Call<void> {
    yield* this.completeSends([...this.sends]);
    yield* this.adapter.kernel.until(
      'the miniport waits for its receives',
      () => this.receivesOut.size === 0 && this.indicating === 0,
    );
  }

  private *endSendsOnSleep(): Call<void> {
    if (this.asleep) yield* this.completeSends([...this.sends], 'NDIS_STATUS_LOW_POWER_STATE');
  }

  private entered<T>(ddi: string, parts: Parts, body: () => Call<T>, exit?: (result: T) => Parts): Call<T> {
    return crossing(this.adapter.kernel, this.name, '->', ddi, { adapter: this.adapter.name, ...parts }, body, exit);
  }

  private calls<T>(ddi: string, parts: Parts, body: () => Call<T>): Call<T> {
    return crossing(this.adapter.kernel, this.name, '=>', ddi, { adapter: this.adapter.name, ...parts }, body);
  }
}
