import type { Call } from '../../kernel';
import type { Parts } from '../boundary';
import { handOver } from '../custody';
import { NDIS } from '../holder';
import type { Nbl } from '../nbl';
import { link, viewsOf } from '../nbl';
import type { OidRequest } from '../oid-request';
import type { NdisStatus } from '../status';
import type { NdisStatusIndication, NetDevicePnPEvent, NetPnPEventNotification } from '../wdk';
import { NDIS_RECEIVE_FLAGS_RESOURCES } from '../wdk';
import type { Adapter } from './adapter';
import type { Entry, ModuleState, OidIssuer, StackFilter, SynchronousReturn } from './filter';
import { crossing, nothing } from './neighbour';

/** It has data and NetPnP handlers; for everything else its entry points are NULL, and NDIS skips it. */
const SUPPLIED: readonly Entry[] = ['send', 'sendComplete', 'cancelSend', 'receive', 'return', 'netPnP'];

/** A well-behaved filter of someone else: passes everything on while Running, refuses sends otherwise, holds nothing. */
export class NeighbourFilter implements StackFilter {
  readonly isDriver = false;
  state: ModuleState = 'Detached';

  /** @param name `filter:NAME` in traces */
  constructor(
    readonly name: string,
    private readonly adapter: Adapter,
  ) {}

  has(entry: Entry): boolean {
    return SUPPLIED.includes(entry);
  }

  *attach(): Call<NdisStatus> {
    this.state = 'Attaching';
    yield* this.entered('FilterAttach', {}, nothing, success);
    this.state = 'Paused';
    return 'NDIS_STATUS_SUCCESS';
  }

  *preDetach(): Call<void> {
    yield* this.entered('FilterNetPnPEvent', { args: { event: 'NetEventFilterPreDetach' } }, nothing, success);
  }

  *detach(): Call<void> {
    this.state = 'Detaching';
    yield* this.entered('FilterDetach', {}, nothing);
    this.state = 'Detached';
  }

  *setModuleOptions(): Call<void> {
    // FilterSetModuleOptions is NULL: it never changes its handlers.
  }

  *restart(): Call<NdisStatus> {
    this.state = 'Restarting';
    yield* this.entered('FilterRestart', {}, nothing, success);
    this.state = 'Running';
    return 'NDIS_STATUS_SUCCESS';
  }

  *pause(): Call<void> {
    this.state = 'Pausing';
    yield* this.entered('FilterPause', {}, nothing, success);
    this.state = 'Paused';
  }

  *send(nbls: readonly Nbl[], flags: number): Call<void> {
    handOver(nbls, NDIS, this);
    yield* this.entered('FilterSendNetBufferLists', { nbls: viewsOf(nbls), args: { flags } }, () =>
      this.state === 'Running' ? this.passDown(nbls, flags) : this.refuse(nbls),
    );
  }

  *sendComplete(nbls: readonly Nbl[], flags: number): Call<void> {
    handOver(nbls, NDIS, this);
    yield* this.entered('FilterSendNetBufferListsComplete', { nbls: viewsOf(nbls), args: { flags } }, () =>
      this.complete(nbls, flags),
    );
  }

  *cancelSend(cancelId: string): Call<void> {
    yield* this.entered('FilterCancelSendNetBufferLists', { args: { cancelId } }, () =>
      this.adapter.data.cancelDown(this, cancelId),
    );
  }

  *receive(nbls: readonly Nbl[], count: number, flags: number): Call<void> {
    handOver(nbls, NDIS, this);
    yield* this.entered('FilterReceiveNetBufferLists', { nbls: viewsOf(nbls), args: { count, flags } }, () =>
      this.passUp(nbls, count, flags),
    );
  }

  *return(nbls: readonly Nbl[], flags: number): Call<void> {
    handOver(nbls, NDIS, this);
    yield* this.entered('FilterReturnNetBufferLists', { nbls: viewsOf(nbls), args: { flags } }, () =>
      this.giveBack(nbls, flags),
    );
  }

  *netPnP(event: NetPnPEventNotification): Call<NdisStatus> {
    return yield* this.entered(
      'FilterNetPnPEvent',
      { args: { event: event.NetEvent } },
      () => this.adapter.control.netPnPUp(this, event),
      (status) => ({ status }),
    );
  }

  oid(request: OidRequest, issuer: OidIssuer, direct: boolean): Call<NdisStatus> {
    return this.adapter.control.oidDown(this, request, issuer, direct);
  }

  cancelOid(requestId: unknown, direct: boolean): Call<void> {
    return this.adapter.control.cancelOidDown(this, requestId, direct);
  }

  status(indication: NdisStatusIndication): Call<void> {
    return this.adapter.control.statusUp(this, indication);
  }

  *synchronousOid(): Call<SynchronousReturn> {
    // Both handlers are NULL.
    return passOn;
  }

  devicePnP(event: NetDevicePnPEvent): Call<void> {
    return this.adapter.control.devicePnPDown(this, event);
  }

  private *passDown(nbls: readonly Nbl[], flags: number): Call<void> {
    for (const nbl of nbls) nbl.route.push(this);
    handOver(nbls, this, NDIS);
    yield* this.adapter.data.sendDown(this, nbls, flags);
  }

  private *refuse(nbls: readonly Nbl[]): Call<void> {
    for (const nbl of nbls) nbl.status = 'NDIS_STATUS_PAUSED';
    yield* this.complete(nbls, this.adapter.dispatchFlag);
  }

  private *complete(nbls: readonly Nbl[], flags: number): Call<void> {
    handOver(nbls, this, NDIS);
    link(nbls);
    yield* this.adapter.data.completeUp(this, nbls, flags);
  }

  private *passUp(nbls: readonly Nbl[], count: number, flags: number): Call<void> {
    const lent = (flags & NDIS_RECEIVE_FLAGS_RESOURCES) !== 0;
    if (!lent) for (const nbl of nbls) nbl.route.push(this);
    handOver(nbls, this, NDIS);
    yield* this.adapter.data.indicateUp(this, nbls, count, flags);
    if (lent) for (const nbl of nbls) nbl.holder = NDIS;
  }

  private *giveBack(nbls: readonly Nbl[], flags: number): Call<void> {
    handOver(nbls, this, NDIS);
    link(nbls);
    yield* this.adapter.data.returnDown(this, nbls, flags);
  }

  private entered<T>(ddi: string, parts: Parts, body: () => Call<T>, exit?: (result: T) => Parts): Call<T> {
    return crossing(this.adapter.kernel, this.name, '->', ddi, { adapter: this.adapter.name, ...parts }, body, exit);
  }
}

function success(): Parts {
  return { status: 'NDIS_STATUS_SUCCESS' };
}

function* passOn(status: NdisStatus): Call<NdisStatus> {
  return status;
}
