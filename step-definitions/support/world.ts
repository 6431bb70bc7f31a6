import { setWorldConstructor, World } from '@cucumber/cucumber';
import type { PickleStep } from '@cucumber/messages';
import { PickleStepType } from '@cucumber/messages';
import { AssertionError } from 'chai';
import type { Adapter, Batch, ModuleView, Operation, OperationState, Rig } from '../../adapters/contract';
import { currentAdapter, RigRefusal } from '../../adapters/contract';
import type { Crossing } from '../../src/trace';
import { Applications } from './applications';
import type { Evidence } from './evidence';
import { expectThat, NotApplicable, NotObserved, RuleBroken, startsFrom, told, Unmet } from './expectation';
import type { Need } from './needs';
import { abilitiesOf, requireNeeds } from './needs';
import { succeeded, toldState } from './outcomes';
import { Stacks } from './stacks';
import { Stops } from './stops';
import { declinedAttach, registeredHandlers, registeredVersion } from './trace-query';
import { Verdicts } from './verdicts';
import type { ModuleName } from './words';

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
  readonly applications = new Applications(this);
  /** What the protocol asked last. */
  lastOidRequest: Operation | undefined;
  /** NBLs that a neighbour handed to the stack last. */
  lastBatch: Batch | undefined;
  private adapter: Adapter | undefined;
  private opened: Promise<Rig> | undefined;
  private readonly procedures = new Map<string, Operation>();
  private readonly crossings: Crossing[] = [];
  private readonly passedOver = new Set<number>();
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
    return crossing.seq > this.markedSeq && !this.passedOver.has(crossing.seq);
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

  // ---- modules ---------------------------------------------------------------------------------------------

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

  /** No stimulus of the scenario: what the driver does while `body` runs is nothing that a sentence counts. */
  async inPassing(body: () => Promise<void>): Promise<void> {
    await this.readTrace();
    const first = this.crossings.length;
    await body();
    await this.readTrace();
    for (const { seq } of this.crossings.slice(first)) this.passedOver.add(seq);
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

  /** Ends the scenario: everything is judged and the rig is closed. Never throws: what the rig cannot do any more is in the evidence. */
  async conclude(): Promise<Evidence> {
    // A rig that did not open has said so in the step that wanted it.
    const rig = await this.opened?.catch(() => undefined);
    let bugcheck: string | undefined;
    try {
      // A thread that the scenario left standing goes on, so that the judges see how its work ends.
      if (rig && (await rig.stopped()).length > 0) await rig.letGo();
      await this.readTrace();
      bugcheck = await rig?.bugcheck();
    } catch (failure) {
      this.verdicts.error(failure);
    }
    await rig?.close().catch((failure: unknown) => this.verdicts.error(failure));
    return this.verdicts.evidence(bugcheck, this.parameters.evidence === 'full' ? this.crossings : undefined);
  }

  /** The bugcheck that stopped the system, if one did. */
  async bugcheck(): Promise<string | undefined> {
    return (await this.opened)?.bugcheck();
  }

  private async sortOut(thrown: unknown): Promise<StepResult> {
    const failure = thrown instanceof RigRefusal ? asVerdict(thrown) : thrown;
    if (failure instanceof NotApplicable || failure instanceof NotObserved) {
      this.verdicts.skip(
        (failure instanceof NotObserved ? await this.applications.askedInVain() : undefined) ?? failure,
      );
      return 'skipped';
    }
    const unmet = failure instanceof Unmet && !(failure instanceof RuleBroken);
    const nothing = unmet && ((await this.declinedAdapter()) ?? (await this.applications.askedInVain()));
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
    const bugcheck = await this.bugcheck().catch(() => undefined);
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

/** What a rig says that it cannot do says nothing against the driver. */
function asVerdict(refusal: RigRefusal): Error {
  if (refusal.kind === 'notApplicable') return new NotApplicable(refusal.message);
  if (refusal.kind === 'notSupported' || refusal.kind === 'notObserved') return new NotObserved(refusal.message);
  return refusal;
}

function highest(modules: readonly ModuleView[]): ModuleView | undefined {
  return [...modules].sort((left, right) => right.position - left.position)[0];
}

setWorldConstructor(LwfWorld);
