/** Correct filters of other designs than the reference: the specification must leave them in peace. */
import { nblsOf, ReferenceFilter, referenceProfile, simulate } from '../../adapters/simulator/drivers/reference';
import type { FilterModule, Outstanding } from '../../adapters/simulator/drivers/reference';
import type { SimulatedDriver } from '../../adapters/simulator';
import type { Call, Event } from '../../src/kernel';
import type { NdisStatus, NtStatus } from '../../src/ndis/status';
import type {
  DriverObject,
  Irp,
  NdisFilterDriverCharacteristics,
  NdisFilterRestartParameters,
  NdisHandle,
  NdisStatusIndication,
  NetBufferList,
} from '../../src/ndis/wdk';

/** FilterRestart pends; a work item completes it. */
class RestartPends extends ReferenceFilter {
  override *FilterRestart(module: FilterModule, parameters: NdisFilterRestartParameters): Call<NdisStatus> {
    const { driverHandle } = this.globals;
    const workItem = driverHandle && (yield* this.wdk.NdisAllocateIoWorkItem(driverHandle));
    if (!workItem) return 'NDIS_STATUS_RESOURCES';
    const finish = (): Call<void> => this.finishRestart(module, parameters);
    const { wdk } = this;
    yield* wdk.NdisQueueIoWorkItem(
      workItem,
      function* () {
        yield* wdk.NdisFreeIoWorkItem(workItem);
        yield* finish();
      },
      module,
    );
    return 'NDIS_STATUS_PENDING';
  }

  *finishRestart(module: FilterModule, parameters: NdisFilterRestartParameters): Call<void> {
    const status = yield* super.FilterRestart(module, parameters);
    yield* this.wdk.NdisFRestartComplete(module.filterHandle, status);
  }
}

/** What a module needs to finish later. */
interface Finisher {
  readonly timer: NdisHandle;
  readonly workItem: NdisHandle;
  /** Of the restart that is to be finished. */
  restart: NdisFilterRestartParameters | undefined;
}

/** Looks in a timer whether everything is back: pauses and restarts always pend. */
class PollsByTimer extends ReferenceFilter {
  private readonly finishers = new Map<FilterModule, Finisher>();

  override *allocateResources(module: FilterModule): Call<boolean> {
    const timer = yield* this.createTimer(module, (target) => this.poll(target));
    const workItem = timer && (yield* this.wdk.NdisAllocateIoWorkItem(module.filterHandle));
    if (timer && !workItem) yield* this.wdk.NdisFreeTimerObject(timer);
    if (!timer || !workItem) return false;
    this.finishers.set(module, { timer, workItem, restart: undefined });
    return yield* super.allocateResources(module);
  }

  override *freeModule(module: FilterModule): Call<void> {
    const finisher = this.finishers.get(module);
    this.finishers.delete(module);
    if (finisher) yield* this.wdk.NdisFreeTimerObject(finisher.timer);
    if (finisher) yield* this.wdk.NdisFreeIoWorkItem(finisher.workItem);
    yield* super.freeModule(module);
  }

  override *finishPause(module: FilterModule): Call<NdisStatus> {
    yield* this.lookLater(module);
    return 'NDIS_STATUS_PENDING';
  }

  override *FilterRestart(module: FilterModule, parameters: NdisFilterRestartParameters): Call<NdisStatus> {
    this.finisherOf(module).restart = parameters;
    yield* this.lookLater(module);
    return 'NDIS_STATUS_PENDING';
  }

  private *lookLater(module: FilterModule): Call<void> {
    yield* this.armTimer(module, this.finisherOf(module).timer, 10);
  }

  private *poll(module: FilterModule): Call<void> {
    const { restart, workItem } = this.finisherOf(module);
    this.finisherOf(module).restart = undefined;
    if (restart) {
      yield* this.wdk.NdisQueueIoWorkItem(workItem, () => this.finishRestart(module, restart), null);
    } else if (this.nothingOutstanding(module)) {
      module.state = 'Paused';
      yield* this.wdk.NdisFPauseComplete(module.filterHandle);
    } else {
      yield* this.lookLater(module);
    }
  }

  private *finishRestart(module: FilterModule, parameters: NdisFilterRestartParameters): Call<void> {
    const status = yield* super.FilterRestart(module, parameters);
    yield* this.wdk.NdisFRestartComplete(module.filterHandle, status);
  }

  private finisherOf(module: FilterModule): Finisher {
    const finisher = this.finishers.get(module);
    if (!finisher) throw new Error('the module is gone');
    return finisher;
  }
}

/** Lets sends wait for a moment in a queue, so that those of several calls go down together. */
class Shapes extends ReferenceFilter {
  override *holdSends(module: FilterModule, chain: NetBufferList): Call<boolean> {
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    const isFirst = module.heldSends.length === 0;
    module.heldSends.push(...nblsOf(chain));
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
    if (isFirst) yield* this.armTimer(module, module.holdTimer, 10);
    return true;
  }
}

/** Sends clones of what comes from above, and completes the originals when these are back. */
class SendsClones extends ReferenceFilter {
  private readonly originals = new Map<NetBufferList, NetBufferList>();

  override *passSendsDown(module: FilterModule, chain: NetBufferList, port: number, flags: number): Call<void> {
    for (const nbl of nblsOf(chain)) {
      nbl.Next = null;
      const clone = yield* this.wdk.NdisAllocateCloneNetBufferList(nbl, module.pool, false);
      if (clone) {
        this.markAsOwn(module, clone);
        clone.CancelId = nbl.CancelId;
        this.originals.set(clone, nbl);
        yield* this.countOut(module, 'sends', 1);
        yield* this.wdk.NdisFSendNetBufferLists(module.filterHandle, clone, port, flags);
      } else {
        nbl.Status = 'NDIS_STATUS_RESOURCES';
        yield* this.completeSendsUp(module, nbl, this.sendCompleteFlags(flags));
      }
    }
  }

  override *consumeSends(module: FilterModule, nbls: readonly NetBufferList[]): Call<void> {
    for (const nbl of nbls) {
      const original = this.originals.get(nbl);
      this.originals.delete(nbl);
      if (original) original.Status = nbl.Status;
      if (original) yield* this.wdk.NdisFreeCloneNetBufferList(nbl, false);
      else yield* this.freeOwn(nbl);
      if (original) yield* this.completeSendsUp(module, original, 0);
    }
    yield* this.countBack(module, 'sends', nbls.length);
  }
}

/** Sends private copies of what comes from above, which bear no cancel id, and completes the originals at once. */
class SendsCopies extends ReferenceFilter {
  override *passSendsDown(module: FilterModule, chain: NetBufferList, _port: number, flags: number): Call<void> {
    const nbls = nblsOf(chain);
    yield* this.countOut(module, 'sends', nbls.length);
    const copies = yield* this.allocateChain(module, nbls.length);
    for (const nbl of nbls) nbl.Status = copies ? 'NDIS_STATUS_SUCCESS' : 'NDIS_STATUS_RESOURCES';
    yield* this.completeSendsUp(module, chain, this.sendCompleteFlags(flags));
    if (copies) yield* this.sendOwn(module, copies, flags);
    else yield* this.countBack(module, 'sends', nbls.length);
  }
}

/** Indicates copies of what comes from below, in NBLs of its own, and returns the originals at once. */
class IndicatesCopies extends ReferenceFilter {
  override *passReceivesUp(
    module: FilterModule,
    chain: NetBufferList,
    _port: number,
    count: number,
    flags: number,
  ): Call<void> {
    yield* this.countOut(module, 'receives', count);
    const copies = yield* this.allocateChain(module, count);
    yield* this.returnDown(module, chain, this.returnFlags(flags));
    if (copies) yield* this.indicateOwn(module, copies, count, 0);
    else yield* this.countBack(module, 'receives', count);
  }
}

/** Registers a second filter, which is installed nowhere, and goes on without it. */
class RegistersTwo extends ReferenceFilter {
  private readonly second: { value: NdisHandle | undefined } = { value: undefined };

  override *register(driver: DriverObject): Call<NdisHandle | null> {
    const handle = yield* super.register(driver);
    const { AttachHandler, DetachHandler, RestartHandler, PauseHandler, ...others } = this.characteristics();
    const { MajorNdisVersion, FriendlyName, ServiceName } = others;
    const UniqueName = '{5cbf81bd-5055-47cd-9055-a76b2b4e3698}';
    const names = { MajorNdisVersion, MinorNdisVersion: 1, FriendlyName, UniqueName, ServiceName };
    const handlers = { AttachHandler, DetachHandler, RestartHandler, PauseHandler };
    const status = yield* this.wdk.NdisFRegisterFilterDriver(driver, null, { ...names, ...handlers }, this.second);
    if (status !== 'NDIS_STATUS_SUCCESS') this.second.value = undefined;
    return handle;
  }

  override *deregister(): Call<void> {
    if (this.second.value) yield* this.wdk.NdisFDeregisterFilterDriver(this.second.value);
    yield* super.deregister();
  }
}

/** Has no more than the four entry points that every filter must have. */
class PassedBy extends ReferenceFilter {
  override characteristics(): NdisFilterDriverCharacteristics {
    const { AttachHandler, DetachHandler, RestartHandler, PauseHandler, FriendlyName, UniqueName, ServiceName } =
      super.characteristics();
    const version = { MajorNdisVersion: 6, MinorNdisVersion: 0 };
    const names = { FriendlyName, UniqueName, ServiceName };
    return { ...version, ...names, AttachHandler, DetachHandler, RestartHandler, PauseHandler };
  }
}

/** FilterPause waits by itself until everything is back, and never pends. */
class PauseWaits extends ReferenceFilter {
  private readonly quiet = new Map<FilterModule, Event>();

  override *finishPause(module: FilterModule): Call<NdisStatus> {
    while (!this.nothingOutstanding(module)) yield* this.wdk.NdisWaitEvent(this.quietOf(module), 0);
    module.state = 'Paused';
    return 'NDIS_STATUS_SUCCESS';
  }

  override *countOut(module: FilterModule, kind: keyof Outstanding, count: number): Call<void> {
    yield* super.countOut(module, kind, count);
    yield* this.wdk.NdisResetEvent(this.quietOf(module));
  }

  override *countBack(module: FilterModule, kind: keyof Outstanding, count: number): Call<void> {
    yield* super.countBack(module, kind, count);
    if (this.nothingOutstanding(module)) yield* this.wdk.NdisSetEvent(this.quietOf(module));
  }

  private quietOf(module: FilterModule): Event {
    const known = this.quiet.get(module) ?? this.wdk.NdisInitializeEvent();
    this.quiet.set(module, known);
    return known;
  }
}

/** Receives that arrive while the module is not Running are passed up, as one of two readings allows (C2). */
class PassesReceivesUp extends ReferenceFilter {
  override *dropReceives(module: FilterModule, chain: NetBufferList, flags: number): Call<void> {
    yield* this.indicateUp(module, chain, 0, nblsOf(chain).length, flags);
  }
}

/** IRPs that pend are marked, and completed by whoever ends them. */
class Parking extends ReferenceFilter {
  override *finish(irp: Irp, work: Call<NtStatus>): Call<NtStatus> {
    const status = yield* work;
    if (status === 'STATUS_PENDING') yield* this.wdk.IoMarkIrpPending(irp);
    else yield* this.end(irp, status);
    return status;
  }

  *end(irp: Irp, status: NtStatus): Call<void> {
    irp.Status = status;
    yield* this.wdk.IoCompleteRequest(irp);
  }
}

/** A write is pending until its sends have come back. */
class WritePends extends Parking {
  private readonly waiting = new Map<FilterModule, Irp[]>();

  override *write(module: FilterModule, irp: Irp): Call<NtStatus> {
    const status = yield* super.write(module, irp);
    if (status !== 'STATUS_SUCCESS' || module.outstanding.sends === 0) return status;
    this.waiting.set(module, [...(this.waiting.get(module) ?? []), irp]);
    return 'STATUS_PENDING';
  }

  override *countBack(module: FilterModule, kind: keyof Outstanding, count: number): Call<void> {
    if (kind === 'sends' && module.outstanding.sends === count) {
      const done = this.waiting.get(module) ?? [];
      this.waiting.delete(module);
      for (const irp of done) yield* this.end(irp, 'STATUS_SUCCESS');
    }
    yield* super.countBack(module, kind, count);
  }
}

/** A write to a module that is not Running waits for the restart, can be cancelled, and is refused when the module goes away. */
class ParksWrites extends Parking {
  private readonly parked = new Map<string, Irp[]>();

  override *write(module: FilterModule, irp: Irp): Call<NtStatus> {
    const status = yield* super.write(module, irp);
    if (status !== 'STATUS_DEVICE_NOT_READY' || module.lowPower) return status;
    const { adapterName } = module;
    this.parked.set(adapterName, [...this.parkedOn(adapterName), irp]);
    yield* this.wdk.IoSetCancelRoutine(irp, (cancelled) => this.cancel(adapterName, cancelled));
    return 'STATUS_PENDING';
  }

  override *FilterRestart(module: FilterModule, parameters: NdisFilterRestartParameters): Call<NdisStatus> {
    const status = yield* super.FilterRestart(module, parameters);
    yield* this.refuseParked(module.adapterName);
    return status;
  }

  override *makeUnreachable(module: FilterModule): Call<void> {
    yield* this.unpublish(module);
    yield* this.refuseParked(module.adapterName);
    yield* super.makeUnreachable(module);
  }

  private *cancel(adapterName: string, irp: Irp): Call<void> {
    this.parked.set(
      adapterName,
      this.parkedOn(adapterName).filter((other) => other !== irp),
    );
    yield* this.end(irp, 'STATUS_CANCELLED');
  }

  private *refuseParked(adapterName: string): Call<void> {
    const irps = this.parkedOn(adapterName);
    this.parked.delete(adapterName);
    for (const irp of irps) {
      if (yield* this.wdk.IoSetCancelRoutine(irp, null)) yield* this.end(irp, 'STATUS_DEVICE_NOT_READY');
    }
  }

  private parkedOn(adapterName: string): readonly Irp[] {
    return this.parked.get(adapterName) ?? [];
  }
}

/** A pause that also waits for the receives of others that were passed up; it need not, and it may. */
class WaitsForPassThrough extends ReferenceFilter {
  private readonly passedUp = new Map<FilterModule, number>();

  override *passReceivesUp(
    module: FilterModule,
    chain: NetBufferList,
    port: number,
    count: number,
    flags: number,
  ): Call<void> {
    this.count(module, count);
    yield* super.passReceivesUp(module, chain, port, count, flags);
  }

  override *returnForeignReceives(module: FilterModule, foreign: readonly NetBufferList[], flags: number): Call<void> {
    yield* super.returnForeignReceives(module, foreign, flags);
    yield* this.wdk.NdisAcquireSpinLock(module.lock);
    this.count(module, -foreign.length);
    const pauseIsOver = this.takePendingPause(module);
    yield* this.wdk.NdisReleaseSpinLock(module.lock);
    if (pauseIsOver) yield* this.wdk.NdisFPauseComplete(module.filterHandle);
  }

  override nothingOutstanding(module: FilterModule): boolean {
    return super.nothingOutstanding(module) && (this.passedUp.get(module) ?? 0) === 0;
  }

  private count(module: FilterModule, difference: number): void {
    this.passedUp.set(module, (this.passedUp.get(module) ?? 0) + difference);
  }
}

/** Does nothing for applications while it is not Running, not even what it may, and keeps the state of the link to itself at all times. */
class Shy extends ReferenceFilter {
  override *FilterStatus(module: FilterModule, indication: NdisStatusIndication): Call<void> {
    if (indication.StatusCode !== 'NDIS_STATUS_LINK_STATE') yield* super.FilterStatus(module, indication);
  }

  override *control(module: FilterModule, irp: Irp): Call<NtStatus> {
    if (module.state !== 'Running' && /OID|STATUS/.test(irp.IoControlCode)) return 'STATUS_DEVICE_NOT_READY';
    return yield* super.control(module, irp);
  }
}

/** Gives handles only while it is Running, asks the miniport for its size whenever it restarts, and tells of a link that is up only once. */
class OpensWhileRunning extends ReferenceFilter {
  private readonly told = new WeakSet<FilterModule>();

  override *FilterStatus(module: FilterModule, indication: NdisStatusIndication): Call<void> {
    const isNew = !this.told.has(module);
    this.told.add(module);
    if (isNew) yield* super.FilterStatus(module, indication);
  }

  override *openHandle(irp: Irp, module: FilterModule): Call<NtStatus> {
    if (module.state !== 'Running') return 'STATUS_DEVICE_NOT_READY';
    return yield* super.openHandle(irp, module);
  }

  override *FilterRestart(module: FilterModule, parameters: NdisFilterRestartParameters): Call<NdisStatus> {
    yield* this.originateOid(module, 'OID_GEN_MAXIMUM_TOTAL_SIZE', 'NdisRequestQueryInformation', undefined);
    return yield* super.FilterRestart(module, parameters);
  }
}

/** Looks before it sets: two requests whenever it is asked for one, and two as well for a new handle. */
class AsksTwice extends ReferenceFilter {
  override *openHandle(irp: Irp, module: FilterModule): Call<NtStatus> {
    yield* this.askTwice(module);
    return yield* super.openHandle(irp, module);
  }

  override *control(module: FilterModule, irp: Irp): Call<NtStatus> {
    if (irp.IoControlCode === 'IOCTL_LWF_OID') yield* this.askTwice(module);
    return yield* super.control(module, irp);
  }

  private *askTwice(module: FilterModule): Call<void> {
    for (let count = 0; count < 2; count += 1) {
      yield* this.originateOid(module, 'OID_GEN_CURRENT_PACKET_FILTER', 'NdisRequestQueryInformation', undefined);
    }
  }
}

/** Has a request for status indications, and indicates nothing that the system knows already. */
class IndicatesNothingNew extends ReferenceFilter {
  override *control(module: FilterModule, irp: Irp): Call<NtStatus> {
    if (irp.IoControlCode === 'IOCTL_LWF_STATUS') return 'STATUS_SUCCESS';
    return yield* super.control(module, irp);
  }
}

/** An earlier version, which has no request for receives yet. */
class KnowsNoReceives extends ReferenceFilter {
  override *control(module: FilterModule, irp: Irp): Call<NtStatus> {
    if (irp.IoControlCode === 'IOCTL_LWF_RECEIVE') return 'STATUS_INVALID_DEVICE_REQUEST';
    return yield* super.control(module, irp);
  }
}

/** Registers for NDIS 6.20, whose filters are always paused for sleep. */
class RegistersForNdis620 extends ReferenceFilter {
  override characteristics(): NdisFilterDriverCharacteristics {
    return { ...super.characteristics(), MinorNdisVersion: 20 };
  }
}

/** Attaches to extensible switches only, and there is none. */
class WantsSwitches extends ReferenceFilter {
  override *FilterAttach(handle: NdisHandle): Call<NdisStatus> {
    return yield* this.wdk.NdisFGetOptionalSwitchHandlers(handle);
  }
}

/** Its applications ask by codes that a profile of the reference filter does not have: to what these ask it says yes, and does nothing. */
class UnderstandsNothing extends ReferenceFilter {
  override *write(): Call<NtStatus> {
    return 'STATUS_SUCCESS';
  }

  override *control(): Call<NtStatus> {
    return 'STATUS_SUCCESS';
  }
}

/** Holds what passes, and is asked by other codes than its own to let it go. */
class LetsNothingGo extends ReferenceFilter {
  override *control(module: FilterModule, irp: Irp): Call<NtStatus> {
    const others = ['IOCTL_LWF_RELEASE_SENDS', 'IOCTL_LWF_RELEASE_RECEIVES', 'IOCTL_LWF_SYNCHRONOUS_OID'];
    return others.includes(irp.IoControlCode) ? 'STATUS_SUCCESS' : yield* super.control(module, irp);
  }

  /** Longer than anybody waits in passing. */
  override *startHoldLimit(module: FilterModule): Call<void> {
    yield* this.armTimer(module, module.holdTimer, 12_000);
  }
}

export const letsGoInVain = simulate('a profile with codes of a later version', LetsNothingGo);

export const askedInVain = simulate('a profile of another driver', UnderstandsNothing);

export const declining = simulate('an extension of switches', WantsSwitches);

export const designs: readonly SimulatedDriver[] = [
  simulate('a restart that pends', RestartPends),
  simulate('pauses and restarts that end in a timer', PollsByTimer),
  simulate('sends that wait for a timer', Shapes),
  simulate('sends that go down as clones', SendsClones),
  simulate('sends that go down as copies and are completed at once', SendsCopies),
  simulate('receives that go up as copies', IndicatesCopies),
  simulate('a second registration', RegistersTwo),
  simulate('no entry points but the mandatory ones', PassedBy, {
    ...referenceProfile,
    capabilities: ['userModeHandles'],
  }),
  simulate('a pause that waits by itself', PauseWaits),
  simulate('receives that are passed up while paused', PassesReceivesUp),
  simulate('writes that pend until their sends are back', WritePends),
  simulate('writes that are parked while the module is paused', ParksWrites),
  simulate('a pause that waits for what passed through', WaitsForPassThrough),
  simulate('no OID requests and no status unless Running', Shy),
  simulate('handles only while Running', OpensWhileRunning),
  simulate('two OID requests instead of one', AsksTwice),
  simulate('status indications only of what is new', IndicatesNothingNew),
  simulate('no request for receives yet', KnowsNoReceives),
  simulate('the NDIS of Windows 7', RegistersForNdis620),
];
