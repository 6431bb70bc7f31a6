import type {
  Adapter,
  AdapterName,
  AppName,
  Ask,
  ModuleView,
  Operation,
  OperationState,
  Rig,
} from '../../adapters/contract';
import type { Crossing } from '../../src/trace';
import { NotApplicable, NotObserved, startsFrom } from './expectation';
import { abilitiesOf } from './needs';
import { succeeded, toldOpen, toldState } from './outcomes';
import type { Patience } from './patience';
import type { Stacks } from './stacks';
import { happened, hasShown, howTried, isAskedInVain } from './tried';
import type { Asked, ModuleName } from './words';

/** What applications need of the scenario that they are in. */
export interface Surroundings {
  /** The adapter with the driver under test. */
  readonly stage: Adapter;
  readonly stacks: Stacks;
  readonly patience: Patience;
  /** Opens the rig, or gives the one that is open. */
  rig(): Promise<Rig>;
  /** The latest life of a filter module, or undefined when none was attached there. */
  findModule(name: ModuleName): Promise<ModuleView | undefined>;
  /** Crossings so far, for a message. */
  seen(): Promise<readonly Crossing[]>;
  /** What the driver does meanwhile is nothing that a sentence counts. */
  inPassing(body: () => Promise<void>): Promise<void>;
}

/** The applications of a scenario: their handles, and what they ask the driver. */
export class Applications {
  private readonly handles = new Map<AppName, AdapterName>();
  /** And how many crossings there were before. */
  private readonly asked = new Map<Ask, { readonly request: Operation; readonly before: number }>();
  private last: Operation | undefined;

  constructor(private readonly scenario: Surroundings) {}

  /**
   * Opens a handle.
   * @throws NotApplicable when the driver's profile names no device
   */
  async open(app: AppName, adapter: AdapterName): Promise<Operation> {
    const { stage, stacks } = this.scenario;
    const { profile } = await abilitiesOf(stage);
    if (!profile.device) throw new NotApplicable(`the profile of ${stage.driver} names no device to open`);
    const rig = await this.scenario.rig();
    const operation = await stacks.answeringOids(adapter, () => rig.openHandle(app, adapter));
    this.handles.set(app, adapter);
    return (this.last = operation);
  }

  /**
   * Opens a handle that the scenario starts from. A driver need not give handles on a module that is not Running: what would be done
   * through them then is not for it.
   */
  async openToStart(app: AppName, adapter: AdapterName): Promise<void> {
    const { length: before } = await this.scenario.seen();
    const state = await this.end(await this.open(app, adapter));
    const module = await this.scenario.findModule({ adapter, place: 'only' });
    if (state.state === 'done' && !succeeded(state) && module?.state !== 'Running') {
      throw new NotApplicable(
        `${this.scenario.stage.driver} gives no handle while its module is ${module?.state ?? 'not attached'}: ${toldState(state)}`,
      );
    }
    if (succeeded(state)) return;
    startsFrom(false, 'an application with a handle', toldOpen(state, await this.scenario.seen(), before));
  }

  /** Has the application opened a handle, and not closed it? */
  hasHandle(app: AppName): boolean {
    return this.handles.has(app);
  }

  /** The application, with a handle on `adapter` if it had none. */
  async withHandle(app: AppName, adapter: AdapterName): Promise<AppName> {
    if (!this.hasHandle(app)) await this.openInPassing(app, adapter);
    return app;
  }

  /** The application that has a handle on the adapter; one that has none opens it. */
  async userOf(adapter: AdapterName): Promise<AppName> {
    for (const [app, bound] of this.handles) if (bound === adapter) return app;
    const app = this.handles.has('application') ? `application on ${adapter}` : 'application';
    await this.openInPassing(app, adapter);
    return app;
  }

  /** No stimulus of the scenario. */
  private openInPassing(app: AppName, adapter: AdapterName): Promise<void> {
    return this.scenario.inPassing(() => this.openToStart(app, adapter));
  }

  /** Closes the handle of an application. */
  async close(app: AppName): Promise<void> {
    this.handles.delete(app);
    this.last = await (await this.scenario.rig()).closeHandle(app);
  }

  /**
   * Puts a request to the driver through an application's handle.
   * @throws NotApplicable when the driver's profile does not say how to ask for it, or the driver, Running, does not know the request
   */
  async ask(app: AppName, { what, count }: Asked): Promise<Operation> {
    const { stage } = this.scenario;
    const { profile } = await abilitiesOf(stage);
    if (!profile.requests[what]) {
      throw new NotApplicable(`the profile of ${stage.driver} does not say how to ask for "${what}"`);
    }
    const rig = await this.scenario.rig();
    const isSeen = (await howTried(stage)) === 'seen';
    const before = isSeen ? ((await this.scenario.seen()).at(-1)?.seq ?? 0) : 0;
    const request = await rig.ask(app, what, count);
    this.asked.set(what, { request, before });
    await this.requireKnown(app, what, request);
    return (this.last = request);
  }

  /** What a driver has no code for, such as a mode that came with a later version, it answers with one status at any time. */
  private async requireKnown(app: AppName, what: string, request: Operation): Promise<void> {
    const state = await this.stateOf(request);
    const adapter = this.handles.get(app);
    if (state.state !== 'done' || state.status !== 'STATUS_INVALID_DEVICE_REQUEST' || adapter === undefined) return;
    const module = await this.scenario.findModule({ adapter, place: 'only' });
    if (module?.state !== 'Running') return;
    const { driver } = this.scenario.stage;
    throw new NotApplicable(`${driver} does not know how it is asked for "${what}": ${toldState(state)}`);
  }

  /** The same where the scenario starts from it: the driver must accept the request. */
  async askToStart(app: AppName, asked: Asked): Promise<void> {
    const state = await this.end(await this.ask(app, asked));
    startsFrom(succeeded(state), 'a request that the filter accepts', toldState(state));
  }

  /** How the last request of an application stands. */
  async outcome(): Promise<OperationState> {
    return this.stateOf(this.lastRequest());
  }

  /** How it ends, if it ends in time. */
  async lastEnd(): Promise<OperationState> {
    return this.end(this.lastRequest());
  }

  /**
   * Nothing can be expected after a request that is not the one for what the scenario wants.
   * @param why the scenario is not observed already: of what was not tried there is nothing better to say then
   */
  async askedInVain(why?: NotObserved): Promise<NotObserved | undefined> {
    const { stage } = this.scenario;
    const how = await howTried(stage);
    if (how === undefined || (how === 'seen' && why)) return undefined;
    for (const what of this.asked.keys()) {
      if (how === 'alone' ? await isAskedInVain(stage, what) : await this.isNotSeen(what)) return inVain(what, how);
    }
    return undefined;
  }

  /**
   * The same where every expectation was met. What was done before everybody's eyes need not be tried, and by what was seen in other
   * scenarios alone no pass is taken back.
   * @param seen all crossings of the scenario
   */
  async passedInVain(seen: readonly Crossing[]): Promise<NotObserved | undefined> {
    if (this.asked.size === 0 || (await howTried(this.scenario.stage)) !== 'alone') return undefined;
    for (const [what, { before }] of this.asked) {
      if (!happened(what, seen, before) && (await isAskedInVain(this.scenario.stage, what)))
        return inVain(what, 'alone');
    }
    return undefined;
  }

  /** The driver has accepted what it was asked for, and nothing shows that the profile is right about it. */
  private async isNotSeen(what: Ask): Promise<boolean> {
    const asked = this.asked.get(what);
    if (!asked || !succeeded(await this.stateOf(asked.request))) return false;
    return !hasShown(this.scenario.stage, what, await this.scenario.seen(), asked.before);
  }

  private lastRequest(): Operation {
    if (!this.last) throw new Error('no application has asked anything in this scenario');
    return this.last;
  }

  private end(operation: Operation): Promise<OperationState> {
    return this.scenario.patience.until(
      () => this.stateOf(operation),
      ({ state }) => state !== 'pending',
    );
  }

  private async stateOf(operation: Operation): Promise<OperationState> {
    return (await this.scenario.rig()).operation(operation);
  }
}

function inVain(what: Ask, how: 'alone' | 'seen'): NotObserved {
  const where = how === 'alone' ? ', on a Running module either' : ', nor has it been seen to do it before';
  return new NotObserved(
    `asked for "${what}" as the profile says, the driver lets the request succeed and does not do it${where}`,
  );
}
