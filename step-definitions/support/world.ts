import { setWorldConstructor, World } from '@cucumber/cucumber';
import type { PickleStep } from '@cucumber/messages';
import { PickleStepType } from '@cucumber/messages';
import type { Adapter, Batch, ModuleView, Operation, OperationState, Rig } from '../../adapters/contract';
import { currentAdapter, RigRefusal } from '../../adapters/contract';
import type { Crossing } from '../../src/trace';
import { Applications } from './applications';
import type { Evidence } from './evidence';
import { expectThat, NotApplicable, NotObserved } from './expectation';
import type { Need } from './needs';
import { abilitiesOf, requireNeeds } from './needs';
import { Patience } from './patience';
import { Procedures } from './procedures';
import { Recording } from './recording';
import type { StepResult } from './sort-out';
import { sortOut } from './sort-out';
import { Stacks } from './stacks';
import { Stops } from './stops';
import { registeredHandlers, registeredVersion } from './trace-query';
import { Verdicts } from './verdicts';
import type { ModuleName } from './words';

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
  readonly patience = new Patience(
    () => this.stage,
    () => this.rig(),
  );
  readonly procedures = new Procedures(
    () => this.rig(),
    this.patience,
    () => this.seen(),
  );
  /** What the protocol has asked for in the scenario, in order. */
  readonly oidRequests: Operation[] = [];
  /** NBLs that a neighbour handed to the stack last. */
  lastBatch: Batch | undefined;
  /** How many they have handed to it in the scenario. */
  readonly handed = { sends: 0, receives: 0 };
  private adapter: Adapter | undefined;
  private opened: Promise<Rig> | undefined;
  private readonly recording = new Recording(
    () => this.opened,
    (crossing) => this.verdicts.see(crossing),
  );
  private steps: readonly PickleStep[] = [];
  private played = 0;
  private acting = false;
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
    this.procedures.note('load', await (await this.rig()).load());
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
    return this.recording.read();
  }

  /** Crossings so far, for a message; none when the adapter does not see them. */
  seen(): Promise<readonly Crossing[]> {
    return this.recording.read();
  }

  /** Crossings from the first stimulus after the last arrangement or observation. */
  async since(): Promise<readonly Crossing[]> {
    return (await this.trace()).filter((crossing) => this.isRecent(crossing));
  }

  /** Is it a crossing of the stimuli that were given last? */
  isRecent(crossing: Crossing): boolean {
    return this.recording.isRecent(crossing);
  }

  /** @param seqs of crossings that were read */
  crossingsAt(seqs: readonly number[]): Crossing[] {
    return this.recording.at(seqs);
  }

  /** The judges, having seen everything so far. */
  async judged(): Promise<Verdicts> {
    await this.recording.read();
    return this.verdicts;
  }

  /** How the last OID request from above ends, if it ends in time. */
  oidEnd(): Promise<OperationState> {
    return this.patience.until(
      () => this.oidOutcome(),
      ({ state }) => state !== 'pending',
    );
  }

  /** How the last OID request from above stands. */
  async oidOutcome(): Promise<OperationState> {
    const last = this.oidRequests.at(-1);
    if (!last) throw new Error('the protocol has issued no OID request in this scenario');
    return (await this.rig()).operation(last);
  }

  // ---- what the driver must have ---------------------------------------------------------------------------

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
  inPassing(body: () => Promise<void>): Promise<void> {
    return this.recording.inPassing(body);
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
    const begins = acts && !this.acting;
    this.acting = acts;
    return this.play(async () => {
      if (begins) this.verdicts.stimulated(await this.recording.mark());
      await body();
    });
  }

  /** Plays a part of the scenario and sorts what it throws into verdicts. */
  async play(body: () => Promise<void>): Promise<StepResult> {
    try {
      await body();
      return undefined;
    } catch (failure) {
      return sortOut(this, failure);
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
      await this.readToTheEnd();
      if (rig) await this.doubtTrace(rig);
      await this.doubtRequests();
      bugcheck = await rig?.bugcheck();
      if (rig) this.verdicts.seenBy((await abilitiesOf(this.stage)).capabilities.observation);
    } catch (failure) {
      this.verdicts.error(failure);
    }
    bugcheck = await this.closed(rig, bugcheck);
    return this.verdicts.evidence(bugcheck, this.parameters.evidence === 'full' ? this.recording.crossings : undefined);
  }

  /** @param known bugcheck that stopped the system before @returns it, or the one that came while all was left as it was found */
  private async closed(rig: Rig | undefined, known: string | undefined): Promise<string | undefined> {
    try {
      await rig?.close();
      return known;
    } catch (failure) {
      this.verdicts.endedBadly(failure);
    }
    if (known !== undefined) return known;
    // Only of a machine that is looked for again: a rig that is closed says nothing.
    const bugcheck = await rig?.bugcheck().catch(() => undefined);
    if (bugcheck !== undefined) this.verdicts.fail(`the system stopped: ${bugcheck}`);
    return bugcheck;
  }

  /** What the rig has not seen in the meantime takes nothing from what it has seen, and from that nothing but a pass. */
  private async readToTheEnd(): Promise<void> {
    try {
      await this.recording.read();
    } catch (failure) {
      if (!(failure instanceof RigRefusal) || failure.kind !== 'notObserved') throw failure;
      this.verdicts.skip(new NotObserved(failure.message));
      await this.recording.read();
    }
  }

  /** Nobody breaks a rule in a trace that leaves everything out. */
  private async doubtTrace(rig: Rig): Promise<void> {
    if (!this.verdicts.isKept || this.recording.crossings.some(({ ddi }) => ddi === 'FilterAttach')) return;
    const { capabilities } = await abilitiesOf(this.stage);
    if (!capabilities.adapter.includes('exactTrace')) return;
    const [unseen] = await rig.modules();
    if (!unseen) return;
    const why = `The adapter says that it sees every crossing (exactTrace), and shows no FilterAttach of ${unseen.module}, which is among its modules.`;
    throw new RigRefusal('environment', why);
  }

  /** What a driver keeps that never does what it is asked for, it keeps for want of a test. */
  private async doubtRequests(): Promise<void> {
    if (!this.verdicts.isKept || this.adapter !== currentAdapter()) return;
    const inVain = await this.applications.passedInVain(this.recording.crossings);
    if (inVain) this.verdicts.skip(inVain);
  }

  /** The bugcheck that stopped the system, if one did. */
  async bugcheck(): Promise<string | undefined> {
    return (await this.opened)?.bugcheck();
  }
}

function highest(modules: readonly ModuleView[]): ModuleView | undefined {
  return [...modules].sort((left, right) => right.position - left.position)[0];
}

setWorldConstructor(LwfWorld);
