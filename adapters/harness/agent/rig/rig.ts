/** The rig on a Windows machine. What such a machine cannot be made to do is refused, and the scenario is then *not observed*. */
import type * as Contract from '../../../contract';
import { RigRefusal, type AdapterName, type Operation } from '../../../contract';
import type { Crossing } from '../../../../src/trace';
import type { Applications } from './applications';
import { Lifecycle } from './lifecycle';
import { Neighbours } from './neighbours';
import { asRefusal } from './operations';
import { refuse, WHY_NOT } from './refusals';
import type { Power } from './power';
import { RefusedCalls } from './refused';
import type { Site } from './site';

export interface RigParts {
  readonly profile: Contract.DriverProfile;
  readonly site: Site;
  readonly applications: Applications;
  /** The driver is about to be bound to the adapter. */
  readonly expectFilter: () => void;
  readonly power: Power;
  readonly nextNumber: () => number;
}

/** What a scenario may wait for with nothing else happening. */
const LONGEST_WAIT_MS = 30_000;

export class HarnessRig extends RefusedCalls implements Contract.Rig {
  readonly profile: Contract.DriverProfile;
  private readonly site: Site;
  private readonly lifecycle: Lifecycle;
  private readonly applications: Applications;
  private readonly power: Power;
  private readonly around: Neighbours;
  private closed: Promise<void> | undefined;

  constructor({ profile, site, applications, expectFilter, power, nextNumber }: RigParts) {
    super();
    this.profile = profile;
    this.site = site;
    this.applications = applications;
    this.power = power;
    this.lifecycle = new Lifecycle(site, applications, expectFilter, power);
    this.around = new Neighbours(site, nextNumber);
  }

  // ---- what the administrator and NDIS do ------------------------------------------------------------------

  load(): Promise<Operation> {
    return this.lifecycle.load();
  }

  unload(): Promise<Operation> {
    return this.lifecycle.unload();
  }

  addAdapter(adapter: AdapterName, spec?: Contract.AdapterSpec): Promise<void> {
    return this.lifecycle.addAdapter(adapter, spec);
  }

  attach(adapter: AdapterName): Promise<Operation> {
    return this.lifecycle.attach(adapter);
  }

  restart(adapter: AdapterName): Promise<Operation> {
    return this.lifecycle.restart(adapter);
  }

  pause(adapter: AdapterName): Promise<Operation> {
    return this.lifecycle.pause(adapter);
  }

  detach(adapter: AdapterName): Promise<Operation> {
    return this.lifecycle.detach(adapter);
  }

  enableAdapter(adapter: AdapterName): Promise<Operation> {
    return this.lifecycle.enableAdapter(adapter);
  }

  disableAdapter(adapter: AdapterName): Promise<Operation> {
    return this.lifecycle.disableAdapter(adapter);
  }

  suspend(adapter: AdapterName): Promise<Operation> {
    return this.power.suspend(adapter);
  }

  resume(adapter: AdapterName): Promise<Operation> {
    return this.power.resume(adapter);
  }

  // ---- what the application does ---------------------------------------------------------------------------

  openHandle(app: Contract.AppName, adapter: AdapterName): Promise<Operation> {
    return this.applications.open(app, adapter);
  }

  ask(app: Contract.AppName, what: Contract.Ask, count?: number): Promise<Operation> {
    return this.applications.ask(app, what, count);
  }

  closeHandle(app: Contract.AppName): Promise<Operation> {
    return this.applications.close(app);
  }

  cancelRequests(app: Contract.AppName): Promise<void> {
    return this.applications.cancel(app);
  }

  // ---- what the neighbours do ------------------------------------------------------------------------------

  setNeighbours(adapter: AdapterName, policy: Contract.NeighbourPolicy): Promise<void> {
    return this.around.set(adapter, policy);
  }

  sendFromAbove(adapter: AdapterName, what: Parameters<Contract.Rig['sendFromAbove']>[1]): Promise<Contract.Batch> {
    return this.around.sendFromAbove(adapter, what);
  }

  receiveFromBelow(
    adapter: AdapterName,
    what: Parameters<Contract.Rig['receiveFromBelow']>[1],
  ): Promise<Contract.Batch> {
    return this.around.receiveFromBelow(adapter, what);
  }

  completeSends(adapter: AdapterName, which?: Contract.Selection): Promise<void> {
    return this.around.completeSends(adapter, which);
  }

  returnReceives(adapter: AdapterName, which?: Contract.Selection): Promise<void> {
    return this.around.returnReceives(adapter, which);
  }

  oidFromAbove(adapter: AdapterName, oid: string, type?: 'query' | 'set'): Promise<Operation> {
    return this.around.oidFromAbove(adapter, oid, type);
  }

  completeOids(adapter: AdapterName, which?: Contract.Selection): Promise<void> {
    return this.around.completeOids(adapter, which);
  }

  // ---- time ------------------------------------------------------------------------------------------------

  async letTimePass(milliseconds: number): Promise<void> {
    if (milliseconds > LONGEST_WAIT_MS) refuse(WHY_NOT.time);
    await this.site.scene.wait(milliseconds);
  }

  // ---- what can be seen ------------------------------------------------------------------------------------

  async operation(operation: Operation): Promise<Contract.OperationState> {
    const { scene } = this.site;
    await scene.look();
    return scene.operations.stateOf(operation);
  }

  async trace(after = 0): Promise<readonly Crossing[]> {
    const { scene } = this.site;
    await scene.lookOnce();
    return scene.shown.filter(({ seq }) => seq > after);
  }

  async modules(): Promise<readonly Contract.ModuleView[]> {
    const { scene, adapter } = this.site;
    await scene.look();
    return adapter === undefined ? [] : scene.views(adapter);
  }

  neighbours(adapter: AdapterName): Promise<Contract.NeighbourBooks> {
    return this.around.books(adapter);
  }

  async settle(): Promise<void> {
    await this.site.scene.settle();
  }

  /** A system that has stopped answers nothing: whoever drives it finds out. */
  async bugcheck(): Promise<undefined> {
    return undefined;
  }

  close(): Promise<void> {
    return (this.closed ??= this.leave());
  }

  private async leave(): Promise<void> {
    const { scene, ends, oids, actions } = this.site;
    scene.end();
    const ended = this.applications.end();
    oids.close();
    const failures: RigRefusal[] = [];
    const attempt = async (act: () => Promise<void>): Promise<void> => {
      await act().catch((failure: unknown) => failures.push(asRefusal(failure)));
    };
    // What is held keeps Windows from everything else, and what is open from unloading the driver.
    await attempt(() => ends.close());
    await attempt(ended);
    await attempt(() => actions.takeBackAll());
    const [first] = failures;
    if (first) throw new RigRefusal(first.kind, failures.map(({ message }) => message).join(' '), { cause: first });
  }
}
