/** The rig on a Windows machine. What such a machine cannot be made to do is refused, and the scenario is then *not observed*. */
import type * as Contract from '../../../contract';
import type { Operation } from '../../../contract';
import type { Crossing } from '../../../../src/trace';
import type { Actions, Doing } from './actions';
import { booksOf } from './books';
import { backIn, handed, passes, type Traffic } from './border';
import { choose } from './choose';
import type { Ends } from './ends';
import type { MarkedFrame } from './frames';
import type { Turn } from './lives';
import type { Outcome } from './operations';
import { isAttached, isGone, isLoaded, isPaused, runs } from './outcomes';
import { refuse, WHY_NOT } from './refusals';
import { RefusedCalls } from './refused';
import type { Scene } from './scene';
import type { Sends } from './sends';

export interface RigParts {
  readonly profile: Contract.DriverProfile;
  readonly scene: Scene;
  readonly actions: Actions;
  readonly ends: Ends;
  /** Undefined: the driver cannot be asked for anything. */
  readonly sends: Sends | undefined;
  /** The vendor's command sends the frames that it is given. */
  readonly takesFrames: boolean;
  /** The driver is about to be bound to the adapter. */
  readonly expectFilter: () => void;
  readonly nextNumber: () => number;
}

/** What a scenario may wait for with nothing else happening. */
const LONGEST_WAIT_MS = 30_000;

export class HarnessRig extends RefusedCalls implements Contract.Rig {
  private adapter: string | undefined;
  private readonly handles = new Map<string, number>();
  private batches = 0;
  private closed: Promise<void> | undefined;

  constructor(private readonly parts: RigParts) {
    super();
  }

  get profile(): Contract.DriverProfile {
    return this.parts.profile;
  }

  // ---- what the administrator and NDIS do ------------------------------------------------------------------

  async load(): Promise<Operation> {
    const { actions, scene } = this.parts;
    return this.verb(
      () => actions.startService(),
      () => isLoaded(() => scene.shown),
    );
  }

  async unload(): Promise<Operation> {
    return this.verb(
      () => ({ done: this.parts.actions.takeBack('service') }),
      () => isGone(() => this.turns(0), 'STATUS_SUCCESS'),
      'ends-modules',
    );
  }

  async addAdapter(adapter: string, { layers = ['dut'], ...spec }: Contract.AdapterSpec = {}): Promise<void> {
    if (this.adapter !== undefined && this.adapter !== adapter) refuse(WHY_NOT.otherAdapter);
    if (layers.length !== 1 || layers[0] !== 'dut') refuse(WHY_NOT.layers);
    if (spec.mandatory === true) refuse(WHY_NOT.mandatory);
    if (spec.noPauseOnSuspend === true) refuse(WHY_NOT.sleepsWithoutPause);
    this.adapter = adapter;
    await this.parts.ends.open();
  }

  async attach(adapter: string): Promise<Operation> {
    this.require(adapter);
    return this.verb(
      () => this.bind(),
      (from) => isAttached(() => this.turns(from)),
      'restarts-by-itself',
    );
  }

  async restart(adapter: string): Promise<Operation> {
    this.require(adapter);
    await this.parts.scene.look();
    const from = this.parts.scene.showRestart();
    if (from === undefined) refuse(WHY_NOT.restart);
    return this.parts.scene.begin(
      Promise.resolve(),
      runs(() => this.turns(from)),
    );
  }

  async pause(adapter: string): Promise<Operation> {
    this.require(adapter);
    return this.verb(
      () => this.parts.actions.toggle(),
      (from) => isPaused(() => this.turns(from)),
      'restarts-by-itself',
    );
  }

  async detach(adapter: string): Promise<Operation> {
    this.require(adapter);
    return this.verb(
      () => ({ done: this.parts.actions.takeBack('binding') }),
      () => isGone(() => this.turns(0)),
      'ends-modules',
    );
  }

  async enableAdapter(adapter: string): Promise<Operation> {
    this.require(adapter);
    return this.verb(
      () => this.enable(),
      (from) => runs(() => this.turns(from)),
    );
  }

  async disableAdapter(adapter: string): Promise<Operation> {
    this.require(adapter);
    return this.verb(
      () => {
        this.parts.ends.leave();
        return this.parts.actions.disableAdapter();
      },
      () => isGone(() => this.turns(0)),
      'ends-modules',
    );
  }

  // ---- what the application does ---------------------------------------------------------------------------

  async openHandle(app: string, adapter: string): Promise<Operation> {
    this.require(adapter);
    const { scene, sends } = this.parts;
    await this.lookHere();
    if (!sends || scene.state !== 'Running') refuse(WHY_NOT.handle);
    this.handles.set(app, scene.now);
    return scene.begin(Promise.resolve(), () => 'STATUS_SUCCESS');
  }

  async ask(app: string, what: Contract.Ask, count = 1): Promise<Operation> {
    const { scene, sends, ends, takesFrames } = this.parts;
    if (what !== 'send' || !sends) refuse(WHY_NOT.ask);
    await this.lookHere();
    const opened = this.handles.get(app);
    if (opened === undefined) throw new Error(`${app} has no handle.`);
    const left = scene.turns.some(({ index, state }) => index >= opened && state === 'Restarting');
    if (left) refuse(WHY_NOT.keptHandle);
    if (ends.below.holds && !takesFrames) refuse(WHY_NOT.frames);
    const { work, status } = sends.start(app, count);
    return scene.begin(work, status);
  }

  // ---- what the neighbours do ------------------------------------------------------------------------------

  async setNeighbours(adapter: string, policy: Contract.NeighbourPolicy): Promise<void> {
    this.require(adapter);
    const { ends, scene } = this.parts;
    const { miniportSends = 'later', protocolReceives = 'later', miniportOids = 'inside-the-call' } = policy;
    if (miniportOids !== 'inside-the-call') refuse(WHY_NOT.oids);
    if (policy.oidStatus !== undefined || policy.sendStatus !== undefined) refuse(WHY_NOT.statuses);
    if (policy.protocolVetoes === true) refuse(WHY_NOT.events);
    const lets = (miniportSends !== 'hold' && ends.below.holds) || (protocolReceives !== 'hold' && ends.above.holds);
    if (lets && scene.holds) refuse(WHY_NOT.lettingGo);
    await ends.keepBelow(miniportSends === 'hold');
    await ends.keepAbove(protocolReceives === 'hold');
  }

  async sendFromAbove(adapter: string, what: Parameters<Contract.Rig['sendFromAbove']>[1]): Promise<Contract.Batch> {
    if (what.cancelId !== undefined) refuse(WHY_NOT.cancelSends);
    if ((what.netBuffersEach ?? 1) !== 1 || what.passive === true) refuse(WHY_NOT.chains);
    return this.inject(adapter, what.count, 'sends', (frames) => this.parts.ends.sendDown(frames));
  }

  async receiveFromBelow(
    adapter: string,
    { count, lowResources = false }: Parameters<Contract.Rig['receiveFromBelow']>[1],
  ): Promise<Contract.Batch> {
    return this.inject(adapter, count, 'receives', (frames) => this.parts.ends.indicateUp(frames, lowResources));
  }

  async completeSends(adapter: string, which: Contract.Selection = {}): Promise<void> {
    this.require(adapter);
    const { scene, ends } = this.parts;
    await scene.look();
    for (const chain of choose(scene.heldBelow, which)) await scene.release(ends.below, chain);
    await scene.settle();
  }

  async returnReceives(adapter: string, which: Contract.Selection = {}): Promise<void> {
    this.require(adapter);
    const { scene, ends } = this.parts;
    await scene.look();
    for (const chain of choose(scene.heldAbove, which)) await scene.release(ends.above, chain);
    await scene.settle();
  }

  // ---- time ------------------------------------------------------------------------------------------------

  async letTimePass(milliseconds: number): Promise<void> {
    if (milliseconds > LONGEST_WAIT_MS) refuse(WHY_NOT.time);
    await this.parts.scene.wait(milliseconds);
  }

  // ---- what can be seen ------------------------------------------------------------------------------------

  async operation(operation: Operation): Promise<Contract.OperationState> {
    await this.parts.scene.look();
    return this.parts.scene.operations.stateOf(operation);
  }

  async trace(after = 0): Promise<readonly Crossing[]> {
    await this.parts.scene.lookOnce();
    return this.parts.scene.shown.filter(({ seq }) => seq > after);
  }

  async modules(): Promise<readonly Contract.ModuleView[]> {
    await this.parts.scene.look();
    return this.adapter === undefined ? [] : this.parts.scene.views(this.adapter);
  }

  async neighbours(adapter: string): Promise<Contract.NeighbourBooks> {
    this.require(adapter);
    const { scene, ends } = this.parts;
    await scene.look();
    const there = scene.views(adapter).filter(({ state }) => state !== 'Detached');
    return booksOf({
      below: ends.below.isOpen ? scene.heldBelow : undefined,
      above: ends.above.isOpen ? scene.heldAbove : undefined,
      border: backIn(scene.shown),
      module: there.length === 1 ? there[0]?.module : undefined,
    });
  }

  async settle(): Promise<void> {
    await this.parts.scene.settle();
  }

  /** A system that has stopped answers nothing: whoever drives it finds out. */
  async bugcheck(): Promise<undefined> {
    return undefined;
  }

  close(): Promise<void> {
    return (this.closed ??= this.leave());
  }

  // ---- the machinery ---------------------------------------------------------------------------------------

  private async leave(): Promise<void> {
    const { scene, sends, ends, actions } = this.parts;
    scene.end();
    sends?.stop();
    try {
      // What is held keeps Windows from everything else.
      await ends.close();
    } finally {
      await actions.takeBackAll();
    }
  }

  private require(adapter: string): void {
    if (this.adapter !== adapter) throw new Error(`There is no adapter ${adapter}.`);
  }

  /** Whoever ends a module must find the handles open that the scenario has opened: those of processes that are still there. */
  private requireHandles(): void {
    const { sends } = this.parts;
    for (const app of this.handles.keys()) if (sends?.isUnderWay(app) !== true) refuse(WHY_NOT.handle);
  }

  private turns(from: number): readonly Turn[] {
    return this.parts.scene.turns.filter(({ index }) => index >= from);
  }

  private async lookHere(): Promise<void> {
    await this.parts.scene.look();
    this.parts.scene.requireHere();
  }

  private async verb(
    act: () => Doing | Promise<Doing>,
    outcome: (from: number) => Outcome,
    how?: 'restarts-by-itself' | 'ends-modules',
  ): Promise<Operation> {
    await this.lookHere();
    if (how === 'ends-modules') this.requireHandles();
    const { scene } = this.parts;
    const from = scene.now;
    const { done } = await act();
    scene.expectTurn(from);
    if (how === 'restarts-by-itself') scene.hideRestart(from);
    return scene.begin(done, outcome(from), how !== 'restarts-by-itself');
  }

  private bind(): Promise<Doing> {
    this.parts.expectFilter();
    return this.parts.actions.bind();
  }

  private async enable(): Promise<Doing> {
    const { actions, ends } = this.parts;
    if (!actions.is('adapter')) return actions.is('binding') ? refuse(WHY_NOT.enabled) : this.bind();
    const enabled = actions.takeBack('adapter').then(() => ends.reopen());
    if (actions.is('binding')) return { done: enabled };
    await enabled;
    return this.bind();
  }

  private async inject(
    adapter: string,
    count: number,
    traffic: Traffic,
    put: (frames: readonly MarkedFrame[]) => Promise<readonly string[]>,
  ): Promise<Contract.Batch> {
    this.require(adapter);
    const { scene, nextNumber } = this.parts;
    await this.lookHere();
    if (scene.state !== 'Running') refuse(WHY_NOT.late);
    const frames = Array.from({ length: count }, () => ({ origin: 'neighbour', number: nextNumber() }) as const);
    const from = scene.now;
    const names = await put(frames);
    await scene.settle();
    this.batches += 1;
    return { id: this.batches, items: this.namesInTrace(traffic, from) ?? names };
  }

  /**
   * Nobody else sends on the adapter: what the driver gets is what was put there.
   * @returns undefined where the driver is passed by, or reports nothing
   */
  private namesInTrace(traffic: Traffic, from: number): readonly string[] | undefined {
    const { shown } = this.parts.scene;
    return passes(shown, traffic) ? handed(shown.slice(from), traffic) : undefined;
  }
}
