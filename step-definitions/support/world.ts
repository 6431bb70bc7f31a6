import { setWorldConstructor, World } from '@cucumber/cucumber';
import type { PickleStep } from '@cucumber/messages';
import { PickleStepType } from '@cucumber/messages';
import { AssertionError } from 'chai';
import type {
  Adapter,
  AdapterName,
  AppName,
  Ask,
  Batch,
  ModuleView,
  Operation,
  OperationState,
  Rig,
} from '../../adapters/contract';
import { currentAdapter } from '../../adapters/contract';
import type { Crossing } from '../../src/trace';
import type { Evidence } from './evidence';
import { expectThat, NotApplicable, NotObserved, RuleBroken, startsFrom, told, Unmet } from './expectation';
import type { Need } from './needs';
import { abilitiesOf, requireNeeds } from './needs';
import { succeeded, toldOpen, toldState } from './outcomes';
import { Stacks } from './stacks';
import { Stops } from './stops';
import { declinedAttach, registeredHandlers, registeredVersion } from './trace-query';
import { isAskedInVain } from './tried';
import { Verdicts } from './verdicts';
import type { Asked, ModuleName } from './words';

/** What Cucumber is told of a step that does not throw. */
export type StepResult = 'skipped' | undefined;

/** What the run tells every scenario. */
export interface LwfParameters {
  readonly seed: number;
  readonly evidence: 'full' | 'violations';
}

/**
 * One scenario: the rig it plays on, the things it has named so far, and what the judges say. The rig is opened by the first
 * sentence that needs it.
 */
export class LwfWorld extends World<LwfParameters> {
  readonly verdicts = new Verdicts();
  readonly stacks = new Stacks(() => this.rig());
  readonly stops = new Stops(() => this.rig());
  /** What the application asked last. */
  lastRequest: Operation | undefined;
  /** What the protocol asked last. */
  lastOidRequest: Operation | undefined;
  /** NBLs that a neighbour handed to the stack last. */
  lastBatch: Batch | undefined;
  private adapter: Adapter | undefined;
  private opened: Promise<Rig> | undefined;
  private readonly handles = new Map<AppName, AdapterName>();
  private readonly asked = new Set<Ask>();
  private readonly procedures = new Map<string, Operation>();
  private readonly crossings: Crossing[] = [];
  private readonly inPassing = new Set<number>();
  private steps: readonly PickleStep[] = [];
  private played = 0;
  private acting = false;
  private markedSeq = 0;
  private loaded = false;
  private seesCrossings = false;
  private tags: readonly Need[] = [];

  // ---- the driver and the rig ------------------------------------------------------------------------------

  /** The adapter with the driver under test, or with the exhibit that the scenario names. */
  get stage(): Adapter {
    return (this.adapter ??= currentAdapter());
  }

  /**
   * Plays the rest of the scenario with a driver that the kit ships.
   * @throws NotApplicable when the adapter has none of that name
   */
  async exhibit(driver: string): Promise<void> {
    const exhibit = this.stage.exhibit(driver);
    if (!exhibit) throw new NotApplicable(`there is no driver "${driver}" for the adapter ${this.stage.name}`);
    this.adapter = exhibit;
    this.seesCrossings = false;
    await this.needsAsTagged();
  }

  /** Remembers what the scenario needs by its tags. */
  tagged(needs: readonly Need[]): void {
    this.tags = needs;
  }

  /** @throws NotApplicable, NotObserved when the driver or the adapter cannot do what the tags ask for */
  async needsAsTagged(): Promise<void> {
    await this.needs(...this.tags);
  }

  /** @throws NotApplicable, NotObserved when the driver or the adapter cannot do it */
  async needs(...needs: readonly Need[]): Promise<void> {
    requireNeeds(await abilitiesOf(this.stage), needs, this.stage.driver);
  }

  /** Loads the driver, if it is not loaded yet. */
  async load(): Promise<void> {
    if (this.loaded) return;
    this.loaded = true;
    this.note('load', await (await this.rig()).load());
  }

  rig(): Promise<Rig> {
    return (this.opened ??= this.stage.open({ seed: this.parameters.seed }));
  }

  // ---- what happened ---------------------------------------------------------------------------------------

  /**
   * All crossings so far.
   * @throws NotObserved when the adapter does not see crossings
   */
  async trace(): Promise<readonly Crossing[]> {
    if (!this.seesCrossings) {
      await this.needs('exactTrace');
      this.seesCrossings = true;
    }
    await this.readTrace();
    return this.crossings;
  }

  /** Crossings so far, for a message; none when the adapter does not see them. */
  async seen(): Promise<readonly Crossing[]> {
    await this.readTrace();
    return this.crossings;
  }

  /** Crossings from the first stimulus after the last arrangement or observation. */
  async since(): Promise<readonly Crossing[]> {
    return (await this.trace()).filter((crossing) => this.isRecent(crossing));
  }

  /** Is it a crossing of the stimuli that were given last? */
  isRecent(crossing: Crossing): boolean {
    return crossing.seq > this.markedSeq && !this.inPassing.has(crossing.seq);
  }

  /** @param seqs of crossings that were read */
  crossingsAt(seqs: readonly number[]): Crossing[] {
    return this.crossings.filter((crossing) => seqs.includes(crossing.seq));
  }

  /** The judges, having seen everything so far. */
  async judged(): Promise<Verdicts> {
    await this.readTrace();
    return this.verdicts;
  }

  // ---- procedures ------------------------------------------------------------------------------------------

  /** Remembers the last operation of a kind: `attach`, `disabling`. */
  note(procedure: string, operation: Operation): void {
    this.procedures.set(procedure, operation);
  }

  /** How the last operation of a kind stands. */
  async outcome(procedure: string): Promise<OperationState> {
    const operation = this.procedures.get(procedure);
    if (!operation) throw new Error(`no ${procedure} was begun in this scenario`);
    return (await this.rig()).operation(operation);
  }

  /** Arranges: the operation must end well at once. */
  async arrange(procedure: string, operation: Operation): Promise<void> {
    this.note(procedure, operation);
    await this.arranged(procedure);
  }

  /** @throws NotObserved when the last operation of a kind did not end well */
  async arranged(procedure: string): Promise<void> {
    const state = await this.outcome(procedure);
    startsFrom(succeeded(state), `a ${procedure} that succeeds`, toldState(state));
  }

  /** How the last request of an application stands. */
  async requestOutcome(): Promise<OperationState> {
    if (!this.lastRequest) throw new Error('no application has asked anything in this scenario');
    return (await this.rig()).operation(this.lastRequest);
  }

  /** How the last OID request from above stands. */
  async oidOutcome(): Promise<OperationState> {
    if (!this.lastOidRequest) throw new Error('the protocol has issued no OID request in this scenario');
    return (await this.rig()).operation(this.lastOidRequest);
  }

  /**
   * Goes on only when the driver has the entry point: NDIS passes by where it is NULL.
   * @throws NotApplicable when it has not
   */
  async requireHandler(ddi: string): Promise<void> {
    if (registeredHandlers(await this.trace()).includes(ddi)) return;
    throw new NotApplicable(`${this.stage.driver} registers no ${ddi}, so NDIS passes it by`);
  }

  /**
   * Goes on only when the driver registered for this version of NDIS or a later one.
   * @throws NotApplicable when it is older
   */
  async requireVersion(minor: number): Promise<void> {
    const registered = registeredVersion(await this.trace());
    if (registered === undefined || registered >= minor) return;
    throw new NotApplicable(`${this.stage.driver} registers for NDIS 6.${registered}, not for 6.${minor} or later`);
  }

  // ---- modules and applications ----------------------------------------------------------------------------

  /** The latest life of a filter module, or undefined when none was attached there. */
  async findModule({ adapter, place }: ModuleName): Promise<ModuleView | undefined> {
    const lives = (await (await this.rig()).modules()).filter((module) => module.adapter === adapter);
    const attached = lives.filter((module) => module.state !== 'Detached');
    const candidates = attached.length > 0 ? attached : lives.slice(-1);
    const [lowest] = [...candidates].sort((left, right) => left.position - right.position);
    return place === 'upper' ? highest(candidates) : lowest;
  }

  /** The latest life of the filter module on an adapter. @throws AssertionError when none was ever attached */
  async module(name: ModuleName): Promise<ModuleView> {
    const module = await this.findModule(name);
    expectThat(module !== undefined, `a filter module on adapter "${name.adapter}"`, 'none was attached');
    return module;
  }

  /**
   * Opens a handle.
   * @throws NotApplicable when the driver's profile names no device
   */
  async open(app: AppName, adapter: AdapterName): Promise<Operation> {
    const { profile } = await abilitiesOf(this.stage);
    if (!profile.device) throw new NotApplicable(`the profile of ${this.stage.driver} names no device to open`);
    const rig = await this.rig();
    const operation = await this.stacks.answeringOids(adapter, () => rig.openHandle(app, adapter));
    this.handles.set(app, adapter);
    return (this.lastRequest = operation);
  }

  /**
   * Puts a request to the driver through an application's handle.
   * @throws NotApplicable when the driver's profile does not say how to ask for it, or the driver, Running, does not know the request
   */
  async ask(app: AppName, { what, count }: Asked): Promise<Operation> {
    const { profile } = await abilitiesOf(this.stage);
    if (!profile.requests[what]) {
      throw new NotApplicable(`the profile of ${this.stage.driver} does not say how to ask for "${what}"`);
    }
    this.asked.add(what);
    const request = await (await this.rig()).ask(app, what, count);
    await this.requireKnown(app, what, request);
    return (this.lastRequest = request);
  }

  /** What a driver has no code for, such as a mode that came with a later version, it answers with one status at any time. */
  private async requireKnown(app: AppName, what: string, request: Operation): Promise<void> {
    const state = await (await this.rig()).operation(request);
    const adapter = this.handles.get(app);
    if (state.state !== 'done' || state.status !== 'STATUS_INVALID_DEVICE_REQUEST' || adapter === undefined) return;
    const module = await this.findModule({ adapter, place: 'only' });
    if (module?.state !== 'Running') return;
    throw new NotApplicable(`${this.stage.driver} does not know how it is asked for "${what}": ${toldState(state)}`);
  }

  /** The same where the scenario starts from it: the driver must accept the request. */
  async askToStart(app: AppName, asked: Asked): Promise<void> {
    const state = await (await this.rig()).operation(await this.ask(app, asked));
    startsFrom(succeeded(state), 'a request that the filter accepts', toldState(state));
  }

  /** Closes the handle of an application. */
  async close(app: AppName): Promise<void> {
    this.handles.delete(app);
    this.lastRequest = await (await this.rig()).closeHandle(app);
  }

  /**
   * Opens a handle that the scenario starts from. A driver need not give handles on a module that is not Running: what would be done
   * through them then is not for it.
   */
  async openToStart(app: AppName, adapter: AdapterName): Promise<void> {
    await this.readTrace();
    const before = this.crossings.length;
    const state = await (await this.rig()).operation(await this.open(app, adapter));
    const module = await this.findModule({ adapter, place: 'only' });
    if (state.state === 'done' && !succeeded(state) && module?.state !== 'Running') {
      throw new NotApplicable(
        `${this.stage.driver} gives no handle while its module is ${module?.state ?? 'not attached'}: ${toldState(state)}`,
      );
    }
    if (!succeeded(state)) await this.readTrace();
    startsFrom(succeeded(state), 'an application with a handle', toldOpen(state, this.crossings, before));
  }

  /** The application that has a handle on the adapter; one that has none opens it. */
  async userOf(adapter: AdapterName): Promise<AppName> {
    for (const [app, bound] of this.handles) if (bound === adapter) return app;
    const app = this.handles.has('application') ? `application on ${adapter}` : 'application';
    await this.openInPassing(app, adapter);
    return app;
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

  /** No stimulus of the scenario: what the driver does on this occasion is nothing that a sentence counts. */
  private async openInPassing(app: AppName, adapter: AdapterName): Promise<void> {
    await this.readTrace();
    const first = this.crossings.length;
    await this.openToStart(app, adapter);
    await this.readTrace();
    for (const { seq } of this.crossings.slice(first)) this.inPassing.add(seq);
  }

  // ---- playing a step --------------------------------------------------------------------------------------

  /** @param steps of the scenario, which will be played in this order */
  follow(steps: readonly PickleStep[]): void {
    this.steps = steps;
  }

  /** Plays the next step. What a `Then` counts, it counts from the first `When` after the last `Given` or `Then`. */
  async step(body: () => Promise<void>): Promise<StepResult> {
    const acts = this.steps[this.played]?.type === PickleStepType.ACTION;
    this.played += 1;
    if (acts && !this.acting) {
      await this.mark();
      this.verdicts.stimulated(this.markedSeq);
    }
    this.acting = acts;
    return this.play(body);
  }

  /** Plays a part of the scenario and sorts what it throws into verdicts. */
  async play(body: () => Promise<void>): Promise<StepResult> {
    try {
      await body();
      return undefined;
    } catch (failure) {
      return this.sortOut(failure);
    }
  }

  /** Ends the scenario: everything is judged and the rig is closed. */
  async conclude(): Promise<Evidence> {
    const rig = await this.opened;
    try {
      // A thread that the scenario left standing goes on, so that the judges see how its work ends.
      if (rig && (await rig.stopped()).length > 0) await rig.letGo();
      await this.readTrace();
      const bugcheck = await rig?.bugcheck();
      return this.verdicts.evidence(bugcheck, this.parameters.evidence === 'full' ? this.crossings : undefined);
    } finally {
      await rig?.close();
    }
  }

  /** The bugcheck that stopped the system, if one did. */
  async bugcheck(): Promise<string | undefined> {
    return (await this.opened)?.bugcheck();
  }

  private async sortOut(failure: unknown): Promise<StepResult> {
    if (failure instanceof NotApplicable || failure instanceof NotObserved) {
      this.verdicts.skip((failure instanceof NotObserved ? await this.askedInVain() : undefined) ?? failure);
      return 'skipped';
    }
    const unmet = failure instanceof Unmet && !(failure instanceof RuleBroken);
    const nothing = unmet && ((await this.declinedAdapter()) ?? (await this.askedInVain()));
    if (nothing) {
      this.verdicts.skip(nothing);
      return 'skipped';
    }
    if (failure instanceof AssertionError) {
      const ruleBroken = failure instanceof RuleBroken;
      this.verdicts.fail(failure.message, ruleBroken);
      const message = await this.toldFailure(failure);
      this.verdicts.fail(message, ruleBroken);
      throw new AssertionError(message);
    }
    // A system that has stopped answers nothing: that is the driver's doing, not the rig's.
    this.verdicts.error(failure);
    const bugcheck = await this.bugcheck();
    if (bugcheck !== undefined) {
      this.verdicts.fail(`the system stopped: ${bugcheck}`);
      throw new AssertionError(`The system stopped: ${bugcheck}`);
    }
    throw failure;
  }

  /** Nothing can be expected of a filter that does not want the adapter. */
  private async declinedAdapter(): Promise<NotApplicable | undefined> {
    await this.readTrace();
    const declined = declinedAttach(this.crossings);
    if (!declined) return undefined;
    return new NotApplicable(`${this.stage.driver} declines this adapter: FilterAttach returned ${declined.status}`);
  }

  /** Nothing can be expected after a request that is not the one for what the scenario wants. */
  private async askedInVain(): Promise<NotObserved | undefined> {
    for (const what of this.asked) {
      if (await isAskedInVain(this.stage, what)) {
        return new NotObserved(
          `asked for "${what}" as the profile says, the driver lets the request succeed and does not do it, on a Running module either`,
        );
      }
    }
    return undefined;
  }

  /** What was expected, what was there, and the crossings that matter: those of the expectation, or of the rule that is broken. */
  private async toldFailure(failure: Error): Promise<string> {
    await this.readTrace();
    if (failure instanceof Unmet && failure.crossings.length > 0) {
      return [failure.message, ...told(failure.crossings)].join('\n');
    }
    const broken = this.verdicts.unexpected;
    if (!broken) return failure.message;
    const witnesses = told(this.crossingsAt(broken.witnesses));
    return [failure.message, `Broken:   ${broken.rule}: ${broken.message}`, ...witnesses].join('\n');
  }

  private async mark(): Promise<void> {
    await this.readTrace();
    this.markedSeq = this.crossings.at(-1)?.seq ?? 0;
  }

  private async readTrace(): Promise<void> {
    if (!this.opened) return;
    for (const crossing of await (await this.opened).trace(this.crossings.at(-1)?.seq ?? 0)) {
      this.crossings.push(crossing);
      this.verdicts.see(crossing);
    }
  }
}

function highest(modules: readonly ModuleView[]): ModuleView | undefined {
  return [...modules].sort((left, right) => right.position - left.position)[0];
}

setWorldConstructor(LwfWorld);
