import type { Call } from '../../src/kernel';
import { Kernel, RandomWalk, randomFrom, RunToBlock } from '../../src/kernel';
import type { Adapter as Stack, NdisStatus, NetDevicePnPEvent, NetPnPEventCode } from '../../src/ndis';
import { Chance, isReachable, Machine, sequences } from '../../src/ndis';
import type { Crossing } from '../../src/trace';
import { DISPATCH_LEVEL, PASSIVE_LEVEL } from '../../src/trace';
import type {
  AdapterName,
  AdapterSpec,
  AppName,
  Ask,
  Batch,
  DriverProfile,
  Layer,
  ModuleView,
  NeighbourBooks,
  NeighbourPolicy,
  Operation,
  OperationState,
  Rig,
  RigOptions,
  Selection,
  StopPoint,
} from '../contract';
import type { ModelledDriver } from './driver';
import { Applications } from './applications';
import { booksOf } from './books';
import { Operations } from './operations';
import { planByName } from './request-plan';
import { select } from './selection';
import { isAt, stoppedAt } from './stops';

/** A machine modelled in memory, with one driver under test. Every call performs its stimulus and settles. */
export class ModelledRig implements Rig {
  readonly profile: DriverProfile;
  private readonly kernel: Kernel;
  private readonly machine: Machine;
  private readonly operations: Operations;
  private readonly applications: Applications;
  private batches = 0;
  private closed = false;

  constructor(
    private readonly driver: ModelledDriver,
    options: RigOptions,
  ) {
    const random = options.schedule === 'random' ? randomFrom(options.seed) : undefined;
    this.kernel = new Kernel({ scheduler: random ? new RandomWalk(random) : new RunToBlock() });
    this.machine = new Machine(this.kernel, new Chance(random));
    this.machine.ndis.version = driver.ndis;
    this.machine.ndis.boundFilter = driver.filter;
    this.operations = new Operations(this.kernel, () => this.over);
    this.profile = driver.profile;
    this.applications = new Applications(this.machine, driver.requests ?? planByName(driver.profile));
  }

  // ---- what the administrator and NDIS do ------------------------------------------------------------------

  async load(): Promise<Operation> {
    return this.operate('load', () => this.machine.load((wdk) => this.driver.load(wdk, this.kernel)));
  }

  async unload(): Promise<Operation> {
    return this.operate('unload', () => this.machine.unload());
  }

  async addAdapter(adapter: AdapterName, spec: AdapterSpec = {}): Promise<void> {
    if (this.machine.ndis.adapters.has(adapter)) throw new Error(`Adapter ${adapter} is there already.`);
    const stack = this.machine.ndis.newAdapter(adapter, {
      layers: spec.layers ?? ['dut'],
      mandatory: spec.mandatory ?? false,
      noPauseOnSuspend: spec.noPauseOnSuspend ?? false,
    });
    this.perform(`plug in ${adapter}`, PASSIVE_LEVEL, () => stack.miniport.initialize());
  }

  async attach(adapter: AdapterName): Promise<Operation> {
    return this.onStack(adapter, 'attach', sequences.attachStack);
  }

  async restart(adapter: AdapterName): Promise<Operation> {
    return this.onStack(adapter, 'restart', sequences.restartStack);
  }

  async pause(adapter: AdapterName): Promise<Operation> {
    return this.onStack(adapter, 'pause', sequences.pauseStack);
  }

  async detach(adapter: AdapterName): Promise<Operation> {
    return this.onStack(adapter, 'detach', sequences.stopStack);
  }

  async enableAdapter(adapter: AdapterName): Promise<Operation> {
    return this.onStack(adapter, 'enable', sequences.enable);
  }

  async disableAdapter(adapter: AdapterName): Promise<Operation> {
    return this.onStack(adapter, 'disable', sequences.disable);
  }

  async surpriseRemove(adapter: AdapterName): Promise<Operation> {
    return this.onStack(adapter, 'surprise removal', sequences.surpriseRemove);
  }

  async insertFilter(adapter: AdapterName, where: 'above' | 'below', layer: Layer): Promise<Operation> {
    return this.onStack(adapter, 'insert filter', (stack) => sequences.insertFilter(stack, where, layer));
  }

  async removeFilter(adapter: AdapterName, where: 'above' | 'below', layer: Layer): Promise<Operation> {
    return this.onStack(adapter, 'remove filter', (stack) => sequences.removeFilter(stack, where, layer));
  }

  async bindProtocol(adapter: AdapterName): Promise<Operation> {
    return this.onStack(adapter, 'bind protocol', sequences.bindProtocol);
  }

  async unbindProtocol(adapter: AdapterName): Promise<Operation> {
    return this.onStack(adapter, 'unbind protocol', sequences.unbindProtocol);
  }

  async suspend(adapter: AdapterName): Promise<Operation> {
    return this.onStack(adapter, 'suspend', sequences.suspend);
  }

  async resume(adapter: AdapterName): Promise<Operation> {
    return this.onStack(adapter, 'resume', sequences.resume);
  }

  async netPnPEvent(adapter: AdapterName, event: string): Promise<Operation> {
    const stack = this.stack(adapter);
    const power = event === 'NetEventSetPower' || event === 'NetEventQueryPower' ? 'NdisDeviceStateD3' : null;
    return this.operate(event, () => sequences.deliverNetPnPEvent(stack, event as NetPnPEventCode, power));
  }

  async devicePnPEvent(adapter: AdapterName, event: string): Promise<Operation> {
    const stack = this.stack(adapter);
    return this.operate(event, () =>
      sequences.deliverDevicePnPEvent(stack, event as NetDevicePnPEvent['DevicePnPEvent']),
    );
  }

  // ---- what the application does ---------------------------------------------------------------------------

  async openHandle(app: AppName, adapter: AdapterName): Promise<Operation> {
    return this.operate(`open by ${app}`, () => this.applications.open(app, adapter));
  }

  async closeHandle(app: AppName): Promise<Operation> {
    return this.operate(`close by ${app}`, () => this.applications.close(app));
  }

  async ask(app: AppName, what: Ask, count = 1): Promise<Operation> {
    return this.operate(`${what} by ${app}`, () => this.applications.ask(app, what, count));
  }

  async cancelRequests(app: AppName): Promise<void> {
    this.perform(`cancel by ${app}`, PASSIVE_LEVEL, () => this.applications.cancel(app));
  }

  // ---- what the neighbours do ------------------------------------------------------------------------------

  async setNeighbours(adapter: AdapterName, policy: NeighbourPolicy): Promise<void> {
    Object.assign(this.stack(adapter).policy, policy);
  }

  async sendFromAbove(
    adapter: AdapterName,
    what: {
      readonly count: number;
      readonly cancelId?: string;
      readonly netBuffersEach?: number;
      readonly passive?: boolean;
    },
  ): Promise<Batch> {
    const stack = this.stack(adapter);
    const nbls = stack.protocol.newSends(what.count, what.netBuffersEach ?? 1, what.cancelId ?? null);
    // A send that is late races past the layers that are paused already, straight into the driver under test.
    const late = stack.protocol.state !== 'Running';
    const into = late
      ? stack.filters.findLast((filter) => filter.isDriver && isReachable(filter.state) && filter.has('send'))
      : undefined;
    const irql = what.passive ? PASSIVE_LEVEL : DISPATCH_LEVEL;
    this.perform('send from above', irql, () => stack.protocol.send(nbls, into));
    return this.batch(nbls);
  }

  async receiveFromBelow(
    adapter: AdapterName,
    what: { readonly count: number; readonly lowResources?: boolean },
  ): Promise<Batch> {
    const { miniport } = this.stack(adapter);
    const nbls = miniport.newReceives(what.count);
    this.perform('receive from below', DISPATCH_LEVEL, () => miniport.indicate(nbls, what.lowResources ?? false));
    return this.batch(nbls);
  }

  async completeSends(adapter: AdapterName, which: Selection = {}): Promise<void> {
    const { miniport } = this.stack(adapter);
    const chains = select([...miniport.sends], which);
    const status = which.status as NdisStatus | undefined;
    this.inTurn('complete sends', which, chains, (chain) => miniport.completeSends(chain, status));
  }

  async returnReceives(adapter: AdapterName, which: Selection = {}): Promise<void> {
    const { protocol } = this.stack(adapter);
    const chains = select([...protocol.receives], which);
    this.inTurn('return receives', which, chains, (chain) => protocol.returnReceives(chain));
  }

  async cancelSends(adapter: AdapterName, cancelId: string): Promise<void> {
    const { protocol } = this.stack(adapter);
    this.perform('cancel sends', DISPATCH_LEVEL, () => protocol.cancelSends(cancelId));
  }

  async oidFromAbove(adapter: AdapterName, oid: string, type: 'query' | 'set' = 'query'): Promise<Operation> {
    const { protocol } = this.stack(adapter);
    const kind = type === 'set' ? 'NdisRequestSetInformation' : 'NdisRequestQueryInformation';
    return this.operate(`${oid} from above`, () => this.oid(protocol, oid, kind));
  }

  async cancelOidFromAbove(adapter: AdapterName): Promise<void> {
    const { protocol } = this.stack(adapter);
    this.perform('cancel OIDs', DISPATCH_LEVEL, () => protocol.cancelOids());
  }

  async completeOids(adapter: AdapterName, which: Selection = {}): Promise<void> {
    const { miniport } = this.stack(adapter);
    const requests = select([...miniport.oids.keys()], { ...which, oneChain: false });
    const status = which.status as NdisStatus | undefined;
    this.inTurn('complete OIDs', which, requests.flat(), (request) => miniport.completeOid(request, status));
  }

  async statusFromBelow(adapter: AdapterName, code: string): Promise<void> {
    const { miniport } = this.stack(adapter);
    this.perform('status from below', DISPATCH_LEVEL, () => miniport.indicateStatus(code));
  }

  // ---- order, time and memory ------------------------------------------------------------------------------

  async stopBefore(point: StopPoint): Promise<void> {
    this.kernel.holdNext((step, thread) => isAt(point, step, thread));
  }

  async stopped(): Promise<readonly string[]> {
    return this.over ? [] : this.kernel.heldThreads.map(stoppedAt);
  }

  async letGo(): Promise<void> {
    if (this.over) return;
    this.kernel.releaseHeld();
    this.kernel.settle();
  }

  async letTimePass(milliseconds: number): Promise<void> {
    if (!this.over) this.kernel.advance(milliseconds);
  }

  async failAllocations(count: number, kind: 'any' | 'nbl' | 'memory' | 'oid-clone' | 'pool' = 'any'): Promise<void> {
    this.machine.ndis.shortage.next(count, kind);
  }

  // ---- what can be seen ------------------------------------------------------------------------------------

  async operation(operation: Operation): Promise<OperationState> {
    return this.operations.stateOf(operation);
  }

  async trace(after = 0): Promise<readonly Crossing[]> {
    return this.kernel.recorder.crossings.slice(after);
  }

  async modules(): Promise<readonly ModuleView[]> {
    return this.machine.ndis.modules.map((module) => ({
      module: module.name,
      adapter: module.adapter.name,
      position: module.position,
      state: module.state,
      restarts: module.life.restarts,
    }));
  }

  async neighbours(adapter: AdapterName): Promise<NeighbourBooks> {
    return booksOf(this.stack(adapter));
  }

  async settle(): Promise<void> {
    if (!this.over) this.kernel.settle();
  }

  async bugcheck(): Promise<string | undefined> {
    return this.kernel.bugcheck?.message;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.kernel.abandon();
  }

  // ---- the machinery ---------------------------------------------------------------------------------------

  private get over(): boolean {
    return this.closed || this.kernel.bugcheck !== undefined;
  }

  private stack(adapter: AdapterName): Stack {
    const stack = this.machine.ndis.adapters.get(adapter);
    if (!stack) throw new Error(`There is no adapter ${adapter}.`);
    return stack;
  }

  private operate(name: string, body: () => Call<string>): Operation {
    return this.operations.start(name, body);
  }

  /** A lifecycle operation: NDIS does one at a time on a stack. */
  private onStack(adapter: AdapterName, name: string, sequence: (stack: Stack) => Call<NdisStatus | void>): Operation {
    const stack = this.stack(adapter);
    return this.operate(`${name} ${adapter}`, () => inItsTurn(stack, sequence));
  }

  /** A stimulus without an outcome of its own. */
  private perform(name: string, irql: number, body: () => Call<unknown>): void {
    if (this.over) return;
    this.kernel.spawn(name, body(), irql);
    this.kernel.settle();
  }

  private inTurn<T>(name: string, which: Selection, items: readonly T[], give: (item: T) => Call<void>): void {
    this.perform(name, which.passive ? PASSIVE_LEVEL : DISPATCH_LEVEL, () => oneByOne(items, give));
  }

  private *oid(
    protocol: Stack['protocol'],
    oid: string,
    type: 'NdisRequestSetInformation' | 'NdisRequestQueryInformation',
  ): Call<NdisStatus> {
    let outcome: NdisStatus | undefined;
    const request = protocol.newOid(oid, type);
    yield* protocol.issueOid(request, (status) => (outcome = status));
    yield* this.kernel.until(`${request.id} to end`, () => outcome !== undefined);
    return outcome as unknown as NdisStatus;
  }

  private batch(nbls: readonly { readonly id: string }[]): Batch {
    return { id: ++this.batches, items: nbls.map((nbl) => nbl.id) };
  }
}

// Functions of their own: V8 keeps a hidden class for each generator that is made inside another function, and with it, until a full
// collection, everything that this one can see, which is the whole machine.

function* inItsTurn(stack: Stack, sequence: (stack: Stack) => Call<NdisStatus | void>): Call<string> {
  return (yield* stack.exclusively(() => sequence(stack))) ?? 'NDIS_STATUS_SUCCESS';
}

function* oneByOne<T>(items: readonly T[], give: (item: T) => Call<void>): Call<void> {
  for (const item of items) yield* give(item);
}
