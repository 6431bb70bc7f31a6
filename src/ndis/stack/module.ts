import { requestIdText } from '../request-id';
import type { Call, Thread } from '../../kernel';
import type { Parts } from '../boundary';
import { handOver } from '../custody';
import type { FilterDriver } from '../driver';
import { badPointer } from '../faults';
import { Handle, handleName, targetOf } from '../handle';
import { dataHandlersAreBad, withDataHandlers } from '../handlers';
import { NDIS } from '../holder';
import type { Nbl } from '../nbl';
import { link, looseChain, viewsOf } from '../nbl';
import { byteCounts, type OidRequest } from '../oid-request';
import type { NdisStatus } from '../status';
import { statusName } from '../status-name';
import type {
  Context,
  NdisFilterDriverCharacteristics,
  NdisFilterPartialCharacteristics,
  NdisRestartGeneralAttributes,
  NdisStatusIndication,
  NetDevicePnPEvent,
  NetPnPEventNotification,
} from '../wdk';
import { NDIS_DEFAULT_PORT_NUMBER, NDIS_RECEIVE_FLAGS_RESOURCES } from '../wdk';
import type { Adapter } from './adapter';
import type { Entry, ModuleState, OidIssuer, StackFilter, SynchronousReturn } from './filter';
import { ModuleLife } from './module-life';
import { ModuleOids } from './module-oids';
import { ModuleOwnOids } from './module-own-oids';

const HANDLER_OF = {
  send: 'SendNetBufferListsHandler',
  sendComplete: 'SendNetBufferListsCompleteHandler',
  cancelSend: 'CancelSendNetBufferListsHandler',
  receive: 'ReceiveNetBufferListsHandler',
  return: 'ReturnNetBufferListsHandler',
  oid: 'OidRequestHandler',
  cancelOid: 'CancelOidRequestHandler',
  directOid: 'DirectOidRequestHandler',
  cancelDirectOid: 'CancelDirectOidRequestHandler',
  status: 'StatusHandler',
  netPnP: 'NetPnPEventHandler',
  devicePnP: 'DevicePnPEventNotifyHandler',
} as const satisfies Record<Entry, keyof NdisFilterDriverCharacteristics>;

/** One attached instance of the driver under test. */
export class FilterModule implements StackFilter {
  readonly isDriver = true;
  readonly handle: Handle;
  /** OID requests from above that are inside the module. */
  readonly oids: ModuleOids;
  /** Those that it has issued. */
  readonly ownOids: ModuleOwnOids;
  context: Context = undefined;
  attributesSet = false;
  readonly life: ModuleLife;
  private handlers: NdisFilterDriverCharacteristics;
  /** The thread on which FilterSetModuleOptions runs: only there may the handlers be changed. */
  private optionsThread: Thread | undefined;
  private lastPosition = 0;
  /** Calls of NDIS into the module that have not returned. */
  private inFlight = 0;

  /**
   * @param name in traces; an instance that is attached again has a new one
   */
  constructor(
    readonly name: string,
    readonly driver: FilterDriver,
    readonly adapter: Adapter,
  ) {
    this.handle = new Handle(adapter.kernel.identity('h'), this);
    this.handlers = driver.characteristics;
    this.life = new ModuleLife(adapter.kernel, name);
    this.oids = new ModuleOids(this);
    this.ownOids = new ModuleOwnOids(this);
  }

  /** @returns the module of a handle, attached or not */
  static of(handle: unknown): FilterModule | undefined {
    return targetOf(handle, FilterModule);
  }

  get state(): ModuleState {
    return this.life.state;
  }

  /** Position among the modules of the driver on the adapter, 0 = lowest; after detach, the last one it had. */
  get position(): number {
    const now = this.adapter.slots.filter((slot) => slot.kind === 'dut').findIndex((slot) => slot.filter === this);
    if (now >= 0) this.lastPosition = now;
    return this.lastPosition;
  }

  has(entry: Entry): boolean {
    return Boolean(this.handlers[HANDLER_OF[entry]]);
  }

  // ---- life ------------------------------------------------------------------------------------------------

  *attach(): Call<NdisStatus> {
    const { driver, adapter } = this;
    const handler = driver.characteristics.AttachHandler;
    if (!handler) throw this.nullHandler('FilterAttach');
    this.life.to('Attaching');
    // Valid during the call only: whoever keeps the pointer reads freed memory.
    const parameters = adapter.kernel.pool.allocate(adapter.attachParameters(this), 'ndis', 'NDap');
    const status = yield* this.enter(
      'FilterAttach',
      { args: { handle: this.handle.handle } },
      () => handler(this.handle, driver.context, parameters),
      statusOnly,
    );
    adapter.kernel.pool.free(parameters);
    this.life.to(status === 'NDIS_STATUS_SUCCESS' ? 'Paused' : 'Detached');
    return status;
  }

  /** NdisFSetAttributes. */
  setAttributes(context: Context): NdisStatus {
    if (this.state !== 'Attaching' || this.attributesSet) return 'NDIS_STATUS_FAILURE';
    this.context = context;
    this.attributesSet = true;
    return 'NDIS_STATUS_SUCCESS';
  }

  /** Last chance for OIDs and status: https://learn.microsoft.com/windows-hardware/drivers/ddi/netpnp/ns-netpnp-_net_pnp_event */
  *preDetach(): Call<void> {
    if (this.has('netPnP')) yield* this.netPnP({ NetEvent: 'NetEventFilterPreDetach', Buffer: null });
  }

  *detach(): Call<void> {
    const handler = this.handlers.DetachHandler;
    if (!handler) throw this.nullHandler('FilterDetach');
    yield* this.closePaths();
    this.life.to('Detaching');
    yield* this.enter('FilterDetach', {}, () => handler(this.context));
    this.life.to('Detached');
  }

  *setModuleOptions(): Call<void> {
    const handler = this.handlers.SetFilterModuleOptionsHandler;
    if (!handler) return;
    this.optionsThread = this.adapter.kernel.thread;
    yield* this.enter('FilterSetModuleOptions', {}, () => handler(this.context), statusOnly);
    this.optionsThread = undefined;
  }

  /** NdisSetOptionalHandlers: only inside FilterSetModuleOptions. */
  setOptionalHandlers(partial: NdisFilterPartialCharacteristics): NdisStatus {
    if (this.optionsThread !== this.adapter.kernel.thread) return 'NDIS_STATUS_NOT_SUPPORTED';
    if (dataHandlersAreBad(partial)) return 'NDIS_STATUS_FAILURE';
    this.handlers = withDataHandlers(this.handlers, partial);
    return 'NDIS_STATUS_SUCCESS';
  }

  *restart(attributes: NdisRestartGeneralAttributes | null): Call<NdisStatus> {
    const handler = this.handlers.RestartHandler;
    if (!handler) throw this.nullHandler('FilterRestart');
    const parameters = { RestartAttributes: attributes, LowerIfIndex: this.adapter.ifIndexBelow(this) };
    return yield* this.life.restart(() =>
      this.enter(
        'FilterRestart',
        { args: { attributes: digest(attributes) } },
        () => handler(this.context, parameters),
        (status) => ({ status: statusName(status), args: { attributes: digest(attributes) } }),
      ),
    );
  }

  *pause(): Call<void> {
    const handler = this.handlers.PauseHandler;
    if (!handler) throw this.nullHandler('FilterPause');
    yield* this.life.pause(() =>
      this.enter('FilterPause', {}, () => handler(this.context, { PauseReason: 1 }), statusOnly),
    );
  }

  // ---- data ------------------------------------------------------------------------------------------------

  *send(nbls: readonly Nbl[], flags: number): Call<void> {
    const handler = this.handlers.SendNetBufferListsHandler;
    if (!handler) throw this.nullHandler('FilterSendNetBufferLists');
    const chain = this.receiveCustody(nbls);
    yield* this.enter('FilterSendNetBufferLists', { nbls: viewsOf(nbls), args: { flags } }, () =>
      handler(this.context, chain, NDIS_DEFAULT_PORT_NUMBER, flags),
    );
  }

  *sendComplete(nbls: readonly Nbl[], flags: number): Call<void> {
    const handler = this.handlers.SendNetBufferListsCompleteHandler;
    if (!handler) throw this.nullHandler('FilterSendNetBufferListsComplete');
    const chain = this.receiveCustody(nbls);
    yield* this.enter('FilterSendNetBufferListsComplete', { nbls: viewsOf(nbls), args: { flags } }, () =>
      handler(this.context, chain, flags),
    );
  }

  *cancelSend(cancelId: string): Call<void> {
    const handler = this.handlers.CancelSendNetBufferListsHandler;
    if (!handler) throw this.nullHandler('FilterCancelSendNetBufferLists');
    yield* this.enter('FilterCancelSendNetBufferLists', { args: { cancelId } }, () => handler(this.context, cancelId));
  }

  *receive(nbls: readonly Nbl[], count: number, flags: number): Call<void> {
    const handler = this.handlers.ReceiveNetBufferListsHandler;
    if (!handler) throw this.nullHandler('FilterReceiveNetBufferLists');
    const lent = (flags & NDIS_RECEIVE_FLAGS_RESOURCES) !== 0;
    const chain = this.receiveCustody(nbls);
    if (lent) for (const nbl of nbls) nbl.lent = true;
    yield* this.enter(
      'FilterReceiveNetBufferLists',
      { nbls: viewsOf(nbls), args: { count, flags } },
      () => handler(this.context, chain, NDIS_DEFAULT_PORT_NUMBER, count, flags),
      lent ? () => ({ nbls: viewsOf(looseChain(chain)) }) : undefined,
    );
  }

  *return(nbls: readonly Nbl[], flags: number): Call<void> {
    const handler = this.handlers.ReturnNetBufferListsHandler;
    if (!handler) throw this.nullHandler('FilterReturnNetBufferLists');
    const chain = this.receiveCustody(nbls);
    yield* this.enter('FilterReturnNetBufferLists', { nbls: viewsOf(nbls), args: { flags } }, () =>
      handler(this.context, chain, flags),
    );
  }

  // ---- OIDs, status, PnP -----------------------------------------------------------------------------------

  oid(request: OidRequest, issuer: OidIssuer, direct: boolean): Call<NdisStatus> {
    return this.oids.deliver(request, issuer, direct);
  }

  /** Called by the queue when it is the request's turn. */
  *enterOidRequest(request: OidRequest, direct: boolean): Call<NdisStatus> {
    const handler = direct ? this.handlers.DirectOidRequestHandler : this.handlers.OidRequestHandler;
    const ddi = direct ? 'FilterDirectOidRequest' : 'FilterOidRequest';
    if (!handler) throw this.nullHandler(ddi);
    request.holder = this;
    return yield* this.enter(
      ddi,
      {
        args: {
          request: request.id,
          oid: request.oid,
          type: request.requestType,
          ...(request.requestId !== null && { requestId: requestIdText(request.requestId) }),
        },
      },
      () => handler(this.context, request),
      (status) => ({
        status: statusName(status),
        args: { request: request.id, ...byteCounts(request) },
      }),
    );
  }

  *cancelOid(requestId: unknown, direct: boolean): Call<void> {
    if (yield* this.oids.cancelWaiting(requestId)) return;
    const handler = direct ? this.handlers.CancelDirectOidRequestHandler : this.handlers.CancelOidRequestHandler;
    const ddi = direct ? 'FilterCancelDirectOidRequest' : 'FilterCancelOidRequest';
    if (!handler) throw this.nullHandler(ddi);
    yield* this.enter(ddi, { args: { requestId: requestIdText(requestId) } }, () => handler(this.context, requestId));
  }

  /** NDIS serialises synchronous requests with FilterDetach: it is under way until it has come back. */
  *synchronousOid(request: OidRequest): Call<SynchronousReturn | NdisStatus> {
    const { SynchronousOidRequestHandler: preview } = this.handlers;
    const callContext: { value: unknown } = { value: null };
    if (preview) {
      const status = yield* this.enter(
        'FilterSynchronousOidRequest',
        { args: { request: request.id, oid: request.oid, type: request.requestType } },
        () => this.lent(request, preview(this.context, request, callContext)),
        (result) => ({ status: statusName(result), args: { request: request.id } }),
      );
      if (status !== 'NDIS_STATUS_SUCCESS') return status;
    }
    this.inFlight += 1;
    return (status) => this.synchronousOidBack(request, status, callContext.value);
  }

  private *synchronousOidBack(request: OidRequest, status: NdisStatus, callContext: unknown): Call<NdisStatus> {
    const { SynchronousOidRequestCompleteHandler: complete } = this.handlers;
    const changed = { value: status };
    if (complete) {
      yield* this.enter(
        'FilterSynchronousOidRequestComplete',
        { args: { request: request.id, status, ...byteCounts(request) } },
        () => this.lent(request, complete(this.context, request, changed, callContext)),
        () => ({ status: statusName(changed.value), args: { request: request.id } }),
      );
    }
    this.inFlight -= 1;
    return changed.value;
  }

  /** The request is the module's for the time of a handler. */
  private *lent<T>(request: OidRequest, handler: Call<T>): Call<T> {
    request.holder = this;
    const result = yield* handler;
    request.holder = NDIS;
    return result;
  }

  *status(indication: NdisStatusIndication): Call<void> {
    const handler = this.handlers.StatusHandler;
    if (!handler) throw this.nullHandler('FilterStatus');
    const args = { code: indication.StatusCode, source: handleName(indication.SourceHandle) };
    yield* this.enter('FilterStatus', { args }, () => handler(this.context, indication));
  }

  *netPnP(event: NetPnPEventNotification): Call<NdisStatus> {
    const handler = this.handlers.NetPnPEventHandler;
    if (!handler) throw this.nullHandler('FilterNetPnPEvent');
    const args = { event: event.NetEvent, ...(event.Buffer !== null && { power: event.Buffer.slice(-2) }) };
    return yield* this.enter('FilterNetPnPEvent', { args }, () => handler(this.context, event), statusOnly);
  }

  *devicePnP(event: NetDevicePnPEvent): Call<void> {
    const handler = this.handlers.DevicePnPEventNotifyHandler;
    if (!handler) throw this.nullHandler('FilterDevicePnPEventNotify');
    const args = { event: event.DevicePnPEvent };
    yield* this.enter('FilterDevicePnPEventNotify', { args }, () => handler(this.context, event));
  }

  /** FilterOidRequestComplete, FilterDirectOidRequestComplete: a request of the module has come back. */
  *enterOidRequestComplete(request: OidRequest, status: NdisStatus, direct: boolean): Call<void> {
    request.holder = this;
    const handler = direct ? this.handlers.DirectOidRequestCompleteHandler : this.handlers.OidRequestCompleteHandler;
    const ddi = direct ? 'FilterDirectOidRequestComplete' : 'FilterOidRequestComplete';
    if (!handler) throw this.nullHandler(ddi);
    const args = { request: request.id, status, ...byteCounts(request) };
    yield* this.enter(ddi, { args }, () => handler(this.context, request, status));
  }

  // ---- the machinery ---------------------------------------------------------------------------------------

  private *enter<T>(ddi: string, parts: Parts, body: () => Call<T>, exit?: (result: T) => Parts): Call<T> {
    const { name, adapter } = this;
    if (this.state === 'Detached') {
      throw badPointer(adapter.kernel, `${ddi} would have been called for ${name}, which is detached`, name);
    }
    this.inFlight += 1;
    const entry = { module: name, adapter: adapter.name, ...parts };
    const result = yield* adapter.ndis.boundary.enter(ddi, entry, body, exit);
    this.inFlight -= 1;
    return result;
  }

  /**
   * Before FilterDetach the paths of requests and indications are closed: NDIS waits for what it has under way in the module, and for the
   * regular and direct requests of the module (dispute U17). Its synchronous requests are the filter's own business:
   * https://learn.microsoft.com/windows-hardware/drivers/ddi/ndis/nf-ndis-ndisfsynchronousoidrequest
   */
  private *closePaths(): Call<void> {
    const { kernel } = this.adapter;
    const mine = kernel.thread.frames.filter((frame) => frame.module === this.name).length;
    yield* kernel.until(`${this.name} has nothing under way`, () => this.isIdle(mine));
  }

  /** @param mine calls into the module that the thread which asks is inside of */
  private isIdle(mine: number): boolean {
    return this.oids.idle && this.ownOids.idle && this.inFlight === mine;
  }

  private receiveCustody(nbls: readonly Nbl[]): Nbl {
    handOver(nbls, NDIS, this);
    return link(nbls);
  }

  private nullHandler(ddi: string): Error {
    return badPointer(this.adapter.kernel, `NDIS called ${ddi} of ${this.name}, which is NULL`, this.name);
  }
}

function statusOnly(status: unknown): Parts {
  return { status: statusName(status) };
}

function digest(attributes: NdisRestartGeneralAttributes | null): string | null {
  return attributes && `mtu=${attributes.MtuSize} lookahead=${attributes.LookaheadSize}`;
}
