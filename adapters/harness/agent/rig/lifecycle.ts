/** What the administrator and NDIS do to the driver and its modules. */
import type { AdapterName, AdapterSpec, Operation } from '../../../contract';
import type { Doing } from './actions';
import type { Applications } from './applications';
import type { Outcome } from './operations';
import { isAttached, isGone, isLoaded, isPaused, runs } from './outcomes';
import { refuse, WHY_NOT } from './refusals';
import type { Power } from './power';
import type { Site } from './site';

/** Under way; `isKept`: it is for the applications to go on. */
type Begun = Doing & { readonly isKept?: boolean };

export class Lifecycle {
  /** @param expectFilter the driver is about to be bound to the adapter */
  constructor(
    private readonly site: Site,
    private readonly applications: Pick<Applications, 'requireHandles' | 'keepDriver'>,
    private readonly expectFilter: () => void,
    private readonly power: Power,
  ) {}

  async load(): Promise<Operation> {
    const { actions, adapter, scene } = this.site;
    if (adapter !== undefined) refuse(WHY_NOT.loadsUnbound);
    return this.verb(
      () => actions.startService(),
      () => isLoaded(() => scene.shown, scene.isProbed),
    );
  }

  async unload(): Promise<Operation> {
    return this.verb(
      () => {
        const done = this.site.actions.takeBack('service');
        const isKept = this.applications.keepDriver;
        if (isKept) this.site.underWay.add([], done);
        return { done, isKept };
      },
      (from) => this.isGone(from, 'STATUS_SUCCESS'),
      'ends-modules',
    );
  }

  async addAdapter(adapter: AdapterName, { layers = ['dut'], ...spec }: AdapterSpec = {}): Promise<void> {
    const { site } = this;
    if (site.adapter !== undefined && site.adapter !== adapter) refuse(WHY_NOT.otherAdapter);
    if (layers.length !== 1 || layers[0] !== 'dut') refuse(WHY_NOT.layers);
    if (spec.mandatory === true) refuse(WHY_NOT.mandatory);
    this.power.layOut(spec.noPauseOnSuspend === true);
    site.adapter = adapter;
    await site.ends.open();
  }

  async attach(adapter: AdapterName): Promise<Operation> {
    this.site.require(adapter);
    return this.verb(
      () => this.bind(),
      (from) => isAttached(() => this.site.turns(from)),
      'restarts-by-itself',
    );
  }

  async restart(adapter: AdapterName): Promise<Operation> {
    const { site } = this;
    site.require(adapter);
    await site.scene.look();
    const from = site.scene.hidden.showRestart();
    if (from === undefined) refuse(WHY_NOT.restart);
    return site.scene.begin(
      Promise.resolve(),
      runs(() => site.turns(from)),
    );
  }

  async pause(adapter: AdapterName): Promise<Operation> {
    this.site.require(adapter);
    return this.verb(
      () => this.site.actions.toggle(),
      (from) => isPaused(() => this.site.turns(from)),
      'restarts-by-itself',
    );
  }

  async detach(adapter: AdapterName): Promise<Operation> {
    this.site.require(adapter);
    return this.verb(
      () => ({ done: this.site.actions.takeBack('binding') }),
      (from) => this.isGone(from),
      'ends-modules',
    );
  }

  async enableAdapter(adapter: AdapterName): Promise<Operation> {
    this.site.require(adapter);
    return this.verb(
      () => this.enable(),
      (from) => runs(() => this.site.turns(from)),
    );
  }

  async disableAdapter(adapter: AdapterName): Promise<Operation> {
    this.site.require(adapter);
    return this.verb(
      () => {
        this.site.ends.leave();
        this.site.oids.leave();
        return this.site.actions.disableAdapter();
      },
      (from) => this.isGone(from),
      'ends-modules',
    );
  }

  private async verb(
    act: () => Begun | Promise<Begun>,
    outcome: (from: number) => Outcome,
    how?: 'restarts-by-itself' | 'ends-modules',
  ): Promise<Operation> {
    const { site } = this;
    await site.lookHere();
    if (how === 'ends-modules') this.requireEnd();
    const { scene } = site;
    const from = scene.now;
    const { done, isKept } = await act();
    if (isKept !== true) scene.expectTurn(from);
    if (how === 'restarts-by-itself') scene.hidden.hideRestart(from);
    return scene.begin(done, outcome(from), how !== 'restarts-by-itself');
  }

  private isGone(from: number, status?: string): Outcome {
    const { site } = this;
    const isUnloading = (): boolean => site.scene.shown.slice(from).some(({ ddi }) => ddi === 'FilterDriverUnload');
    return isGone(
      () => site.turns(0),
      () => site.turns(from).length > 0 || isUnloading(),
      status,
    );
  }

  private requireEnd(): void {
    this.applications.requireHandles();
    if (this.site.oids.isOut) refuse(WHY_NOT.oidsOut);
  }

  private bind(): Promise<Doing> {
    this.expectFilter();
    return this.site.actions.bind();
  }

  private async enable(): Promise<Doing> {
    const { actions, ends, oids } = this.site;
    if (!actions.is('adapter')) return actions.is('binding') ? refuse(WHY_NOT.enabled) : this.bind();
    oids.close();
    const enabled = actions.takeBack('adapter').then(() => ends.reopen());
    if (actions.is('binding')) return { done: enabled };
    await enabled;
    return this.bind();
  }
}
