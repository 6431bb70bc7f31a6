/** One scenario on the machine: what is seen of it, how far it may be looked at, and when nothing more is on its way. */
import type { ModuleState, ModuleView, Operation } from '../../../contract';
import type { Crossing } from '../../../../src/trace';
import type { Clock } from '../../protocol';
import type { EtwEvent } from '../ports';
import type { Events, Listener } from './events';
import type { HeldMarked, Holds } from './holds';
import { Hidden } from './hidden';
import { HoldBudget } from './hold-budget';
import { turnsOf, viewsOf, type Turn } from './lives';
import type { Losses } from './losses';
import { Operations, type Outcome } from './operations';
import { refuse, WHY_NOT } from './refusals';
import type { OidRequests } from './oid-requests';
import type { Sight } from './sight';
import type { UnderWay } from './under-way';

/** Between two looks. */
const BREAK_MS = 25;
/** Looks at which nothing is new, after which nothing is on its way. */
const QUIET_LOOKS = 3;
/** What Driver Verifier allows a pause. */
const LONGEST_MS = 10_000;
/** The same while frames are held, which fnmp does for 5 s only. */
const LONGEST_WHILE_HOLDING_MS = 3_000;

const ON_THE_WAY: ReadonlySet<ModuleState> = new Set(['Attaching', 'Restarting', 'Pausing', 'Detaching']);

export interface SceneParts {
  readonly sight: Sight;
  readonly events: Events;
  readonly clock: Clock;
  readonly below: Holds;
  readonly above: Holds;
  readonly losses: Losses;
  readonly oids: OidRequests;
  readonly underWay: UnderWay;
}

export class Scene implements Listener {
  readonly operations = new Operations();
  heldBelow: readonly HeldMarked[] = [];
  heldAbove: readonly HeldMarked[] = [];
  readonly hidden = new Hidden();
  /** Windows has been told to do something to the module, and from this crossing on it must show. */
  private turnExpectedFrom: number | undefined;
  private readonly budget: HoldBudget;
  private turnsKnown: { readonly of: number; readonly turns: readonly Turn[] } = { of: -1, turns: [] };

  constructor(private readonly parts: SceneParts) {
    this.budget = new HoldBudget(parts.clock, (why) => this.lost(why));
  }

  // ---- what happens by itself ------------------------------------------------------------------------------

  before(event: EtwEvent): void {
    this.parts.sight.before(event);
  }

  event(event: EtwEvent): void {
    this.parts.sight.take(event);
  }

  flushing(): void {
    this.parts.sight.flushing();
  }

  flushed(): void {
    this.parts.sight.flushed();
  }

  lost(why: string): void {
    this.parts.losses.note(why);
    this.parts.sight.lose();
  }

  // ---- looking ---------------------------------------------------------------------------------------------

  /** Looks at everything that shows itself only then. */
  async refresh(): Promise<void> {
    try {
      await this.ask();
    } catch (failure) {
      // Where something is missing anyway, nobody needs to know why the rest is not there.
      if (this.parts.losses.isWhole) throw failure;
    }
  }

  /** The same for whoever concludes something from it. @throws RigRefusal (notObserved) when something is missing */
  async look(): Promise<void> {
    await this.refresh();
    this.parts.losses.require();
  }

  /** The same, but what is missing is told only once: after that, what was seen is what there is. */
  async lookOnce(): Promise<void> {
    if (!this.parts.losses.areTold) await this.look();
  }

  /** The trace as far as the scenario has come. */
  get shown(): readonly Crossing[] {
    const { crossings } = this.parts.sight;
    const end = this.hiddenFrom;
    return end === undefined ? crossings : crossings.slice(0, end);
  }

  /** The driver is built with the probe header, and reports what crosses its border. */
  get isProbed(): boolean {
    return this.parts.sight.isNumbered;
  }

  get turns(): readonly Turn[] {
    const end = this.hiddenFrom ?? Infinity;
    return this.everyTurn.filter(({ index }) => index < end);
  }

  views(adapter: string): ModuleView[] {
    return viewsOf(this.turns, adapter);
  }

  /** Of the module that was attached last; undefined when none was. */
  get state(): ModuleState | undefined {
    return this.turns.at(-1)?.state;
  }

  /** @throws RigRefusal (notSupported) when the machine is further than the scenario: what is done to it now would meet another state */
  requireHere(): void {
    if (this.hidden.isAsleep) refuse(WHY_NOT.asleep);
    if (this.hiddenFrom !== undefined) refuse(WHY_NOT.ahead);
  }

  // ---- doing -----------------------------------------------------------------------------------------------

  /** Number of crossings until now: what is done now shows after them. */
  get now(): number {
    return this.parts.sight.crossings.length;
  }

  /** @param from Windows has been told to do something to the module, after this many crossings */
  expectTurn(from: number): void {
    this.turnExpectedFrom = from;
  }

  /** Of what was to be seen until now. */
  get isWhole(): boolean {
    return this.parts.losses.isWhole;
  }

  /** Nothing can be concluded here, for a reason that is not the driver's. */
  unfit(why: string): void {
    this.parts.losses.note(why);
  }

  async begin(work: Promise<unknown>, outcome: Outcome, needsWindows = true): Promise<Operation> {
    const operation = this.operations.start(work, outcome, needsWindows);
    await this.settle();
    return operation;
  }

  /** @returns when nothing more is on its way without a neighbour or the scenario doing something, or it has taken too long */
  async settle(): Promise<void> {
    let before = '';
    let quiet = 0;
    for (let waited = 0; waited < this.longest; waited += BREAK_MS) {
      await this.refresh();
      if (!this.parts.losses.isWhole) return;
      const now = this.picture();
      quiet = now === before ? quiet + 1 : 0;
      before = now;
      if (quiet >= QUIET_LOOKS && !this.isAwaited) return;
      await this.wait(BREAK_MS);
    }
    if (this.waitsForWindows)
      this.parts.losses.note(`Windows has not done its part within ${this.longest / 1000} s.${this.hint}`);
    else if (this.isUntold) {
      this.parts.losses.note(
        `Windows has done its part, and nothing tells what came after ${this.state} within ${this.longest / 1000} s: an event may be lost.`,
      );
    }
  }

  /** Frames go back. Everything that has happened before is known. */
  async release(holds: Holds, chosen: readonly HeldMarked[]): Promise<void> {
    await this.parts.events.flush();
    await holds.release(chosen);
  }

  get holds(): boolean {
    return this.countHeld > 0;
  }

  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.parts.clock.after(milliseconds, resolve));
  }

  end(): void {
    this.budget.end();
    this.parts.events.stopListening();
  }

  private async ask(): Promise<void> {
    const { below, above, events, sight, losses, oids } = this.parts;
    const asked = sight.mark();
    this.heldBelow = await below.look();
    this.heldAbove = await above.look();
    sight.held(
      this.heldBelow.map(({ name, origin }) => ({ frame: name, origin })),
      asked,
    );
    await oids.look();
    await events.flush();
    // A thread may have been stopped between taking a number for its event and writing it.
    if (sight.fault() !== undefined) await events.flush();
    oids.flushed();
    const fault = sight.fault();
    if (fault !== undefined) losses.note(fault);
    const { failure } = this.operations;
    if (failure) losses.note(failure.message, failure.kind);
    this.budget.watch(this.holds);
  }

  /** Also those that are not shown. */
  get everyTurn(): readonly Turn[] {
    const { crossings } = this.parts.sight;
    if (this.turnsKnown.of !== crossings.length) this.turnsKnown = { of: crossings.length, turns: turnsOf(crossings) };
    return this.turnsKnown.turns;
  }

  private get hiddenFrom(): number | undefined {
    return this.hidden.firstOf(this.parts.sight.crossings, this.everyTurn);
  }

  private get longest(): number {
    return this.holds ? LONGEST_WHILE_HOLDING_MS : LONGEST_MS;
  }

  /** It is the driver, Windows or an application that must go on, and nobody else. */
  private get isAwaited(): boolean {
    const { underWay, oids } = this.parts;
    const held = [...this.heldBelow, ...this.heldAbove].map(({ name }) => name);
    if (this.waitsForTurn || oids.isOnTheWay) return true;
    if (this.holds) return underWay.isAwaited(new Set(held), oids.isHeld);
    return this.isOnTheWay || this.isToRestart || this.operations.areUnderWay || underWay.isAny;
  }

  /** Of what is awaited, the driver has nothing to do with it. */
  private get waitsForWindows(): boolean {
    if (this.waitsForTurn || this.isToRestart) return true;
    if (this.parts.oids.isOnTheWay) return !this.parts.oids.isWithDriver;
    return !this.isOnTheWay && !this.holds && this.operations.areUnderWay && !this.parts.underWay.isAny;
  }

  private get hint(): string {
    if (!this.isProbed || this.now > 0) return '';
    return " Or the driver's probe has said nothing yet: is the driver on the machine built with lwf_probe.h (docs/probe.md)?";
  }

  /** A state that should have passed: where nothing numbers the events, one that is missing is not missed. */
  private get isUntold(): boolean {
    if (this.isProbed || this.holds) return false;
    return this.isOnTheWay && !this.operations.waitForWindows;
  }

  private get waitsForTurn(): boolean {
    const from = this.turnExpectedFrom;
    if (from === undefined) return false;
    // Whoever sent them is above the driver, and has to have them back before its turn comes.
    if ([...this.heldBelow, ...this.heldAbove].some(({ origin }) => origin === 'neighbour')) return false;
    if (this.operations.areUnderWay && !this.everyTurn.some(({ index }) => index >= from)) return true;
    this.turnExpectedFrom = undefined;
    return false;
  }

  private get isOnTheWay(): boolean {
    const last = this.everyTurn.at(-1)?.state;
    return last !== undefined && ON_THE_WAY.has(last);
  }

  /** Paused or attached, with nobody having anything of the stack: Windows goes on by itself. */
  private get isToRestart(): boolean {
    if (this.holds || !this.hidden.awaitsRestart || this.hiddenFrom !== undefined) return false;
    return this.everyTurn.at(-1)?.state === 'Paused';
  }

  private get countHeld(): number {
    return this.heldBelow.length + this.heldAbove.length + (this.parts.oids.isHeld ? 1 : 0);
  }

  private picture(): string {
    const held = [...this.heldBelow, ...this.heldAbove].map(({ name }) => name);
    const { isHeld } = this.parts.oids;
    return JSON.stringify([this.everyTurn.length, this.visibleCount, held, isHeld, this.operations.areUnderWay]);
  }

  /** Sightings are told again and again; what is new is new turns, or crossings of a white box. */
  private get visibleCount(): number {
    return this.parts.sight.crossings.filter(({ dir }) => dir !== '!!').length;
  }
}
