import type { ArgValue, CrossingDraft } from '../trace/crossing';
import { DISPATCH_LEVEL, OBSERVATION, PASSIVE_LEVEL } from '../trace/crossing';
import { Bugcheck, KitError } from './bugcheck';
import { isStuck } from './hang';
import { Pool } from './memory';
import { goesToSleep, hasHadItsChance, hasPolledEnough, learnWhoPolls, wokenByTime } from './polling';
import { Recorder } from './recorder';
import type { Scheduler } from './scheduler';
import { RunToBlock } from './scheduler';
import { Synchronisation } from './synchronisation';
import type { Call, Step, Thread } from './thread';
import { TimerQueue } from './timers';

/** How far `settle` lets virtual time run while threads sleep. Longer than any documented pause limit (10 s). */
const SETTLE_HORIZON_MS = 30_000;
/** A driver that takes this many steps without blocking spins for ever. */
const STEP_BUDGET = 200_000;

/** Stops the next driver thread that is about to do a step. */
interface Hold {
  readonly matches: (step: Step, thread: Thread) => boolean;
}

/** Who can tell more of what stops the system than the model can: an adapter that knows the machine code of the driver. */
export interface Witness {
  /** @returns what the trace is to keep: a call stack, the block that was hit */
  whereabouts(): Readonly<Record<string, ArgValue>>;
  /** @returns what is told in place of a bugcheck of the model's */
  explain(bugcheck: Bugcheck): Bugcheck;
  /** @returns the bugcheck of a thread that spins for ever; undefined when the system just hangs */
  hung(thread: Thread): Bugcheck | undefined;
}

export interface KernelOptions {
  readonly scheduler?: Scheduler;
  readonly recorder?: Recorder;
}

/**
 * A deterministic kernel: threads that yield before every operation, IRQL, spin locks, events, rundown references, and
 * timers on virtual time. It has enough processors that every thread can run; which one does is the scheduler's choice.
 */
export class Kernel {
  readonly recorder: Recorder;
  readonly pool: Pool;
  /** Spin locks, events, rundown references and sleep. */
  readonly sync: Synchronisation;
  /** Set by whoever executes the driver. */
  witness: Witness | undefined;
  private readonly scheduler: Scheduler;
  private readonly threads: Thread[] = [];
  private readonly timers = new TimerQueue();
  private readonly holds: Hold[] = [];
  private clock = 0;
  private settlings = 0;
  private started = 0;
  private readonly identities = new Map<string, number>();
  private current: Thread | undefined;
  private stopped: Bugcheck | undefined;
  private broken: KitError | undefined;
  private budget = STEP_BUDGET;
  private isAbandoned = false;

  constructor(options: KernelOptions = {}) {
    this.scheduler = options.scheduler ?? new RunToBlock();
    this.recorder = options.recorder ?? new Recorder();
    this.pool = new Pool(this);
    this.sync = new Synchronisation(this);
  }

  /** Virtual time in ms. */
  get now(): number {
    return this.clock;
  }

  /** The bugcheck that stopped the system, if one did. */
  get bugcheck(): Bugcheck | undefined {
    return this.stopped;
  }

  /** The thread that is running. @throws KitError outside a thread */
  get thread(): Thread {
    if (!this.current) throw new KitError('no thread is running');
    return this.current;
  }

  /** The thread that is running, if one is. */
  get running(): Thread | undefined {
    return this.current;
  }

  /** Must a thread offer each of its steps to the scheduler? If not, it may go on without yielding. */
  get interruptible(): boolean {
    return this.scheduler.preemptive || this.holds.length > 0;
  }

  /** Records a crossing on the running thread (or on none, between threads). Nothing is recorded after a bugcheck. */
  record(draft: CrossingDraft): void {
    if (!this.stopped) this.recorder.record(draft, this.current, this.clock);
  }

  /** @returns a fresh identity such as `lock3` */
  identity(kind: string): string {
    const number = (this.identities.get(kind) ?? 0) + 1;
    this.identities.set(kind, number);
    return `${kind}${number}`;
  }

  /**
   * Starts a thread. It runs when `settle` or `advance` is next called, or once the running thread lets it.
   * @param name what it is for
   * @param body its code
   * @param irql PASSIVE_LEVEL, or DISPATCH_LEVEL for a DPC
   */
  spawn(name: string, body: Call<unknown>, irql = PASSIVE_LEVEL): Thread {
    const thread: Thread = {
      id: `t${++this.started}`,
      name,
      cpu: this.freeProcessor(),
      irql,
      locks: [],
      frames: [],
      inDriver: false,
      body,
      isDpc: irql >= DISPATCH_LEVEL,
      step: undefined,
      done: false,
      held: false,
      wokenIn: 0,
      wakes: 0,
      background: false,
      nap: undefined,
      naps: 0,
      pollsEvery: undefined,
      hung: false,
    };
    this.threads.push(thread);
    return thread;
  }

  /** Has a thread that has not run yet run on a free processor that suits. */
  move(thread: Thread, suits: (cpu: number) => boolean): void {
    if (!suits(thread.cpu)) thread.cpu = this.freeProcessor(suits);
  }

  /**
   * Runs until nothing more will happen without a new stimulus, letting virtual time pass only for threads that sleep or
   * wait with a timeout, and never for timers. Records `!!Hang` for each thread that can never go on, and `!!Quiescent`
   * when no debt can be paid any more without a new stimulus.
   * @throws KitError when the kit itself failed on a thread
   */
  settle(): void {
    const horizon = this.clock + SETTLE_HORIZON_MS;
    this.settlings += 1;
    for (;;) {
      this.runReady();
      const next = this.nextDeadline((thread) => hasHadItsChance(thread, this.settlings));
      if (this.stopped || next === undefined || next > horizon) break;
      this.passTimeTo(next);
    }
    learnWhoPolls(this.threads, this.settlings);
    if (this.stopped) return;
    this.reportHangs();
    if (this.stopped) return;
    if (this.timers.allHadTheirChance && !this.threads.some((thread) => this.mayStillAct(thread))) {
      this.recorder.record({ dir: '!!', ddi: OBSERVATION.Quiescent }, undefined, this.clock);
    }
  }

  /** Lets virtual time pass: timers fire and sleepers wake in order. Ends settled. */
  advance(milliseconds: number): void {
    const target = this.clock + milliseconds;
    this.settlings += 1;
    this.runReady();
    while (!this.stopped) {
      const next = Math.min(this.nextDeadline() ?? Infinity, this.timers.nextDue ?? Infinity);
      if (next > target) break;
      this.passTimeTo(next);
      this.runReady();
    }
    this.clock = Math.max(this.clock, target);
    this.settle();
  }

  /** Stops the next thread that is about to do a matching step, until `releaseHeld`. */
  holdNext(matches: (step: Step, thread: Thread) => boolean): void {
    this.holds.push({ matches });
  }

  /** Threads stopped by `holdNext`. */
  get heldThreads(): readonly Thread[] {
    return this.threads.filter((thread) => thread.held);
  }

  /** Lets all stopped threads go on at the next `settle`. */
  releaseHeld(): void {
    for (const thread of this.threads) thread.held = false;
  }

  /** Has the thread come as far as it can by itself: to its end, or to something that it waits for? */
  hasComeToRest({ done, held, step }: Thread): boolean {
    return done || (!held && step?.ready?.() === false);
  }

  /** True once `abandon` was called: what belongs to this boot may be used for another one. */
  get abandoned(): boolean {
    return this.isAbandoned;
  }

  /** Forgets all threads and timers: nothing runs any more. */
  abandon(): void {
    this.isAbandoned = true;
    this.threads.length = 0;
    this.holds.length = 0;
    this.timers.clear();
  }

  // ---- what code on a thread calls -------------------------------------------------------------------------

  /** A point at which another thread may run. */
  *point(name: string): Call<void> {
    this.spend();
    if (this.interruptible) yield { point: name };
  }

  /**
   * Waits inside the kit (NDIS or a neighbour), at any IRQL.
   * @param what shown when the thread never goes on
   */
  *until(what: string, ready: () => boolean): Call<void> {
    if (!ready()) yield { point: what, ready };
  }

  /** Waits until the DPCs that are queued or running now have run to their ends. */
  *flushDpcs(what: string): Call<void> {
    const dpcs = this.threads.filter(({ isDpc }) => isDpc);
    yield* this.until(what, () => dpcs.every(({ done }) => done));
  }

  /** Counts a step. @throws Bugcheck 0x133 when a driver takes more steps than any finite work needs */
  spend(): void {
    this.budget -= 1;
    if (this.budget > 0) return;
    throw this.stop(
      new Bugcheck('0x133', 'DPC_WATCHDOG_VIOLATION', 'the driver ran on and on without ever waiting', ['0x1']),
    );
  }

  /**
   * Arms a timer on virtual time.
   * @param dueMs taken as 1 at least: a timer that sets itself again must let time pass
   * @param periodMs 0 for a one-shot timer
   * @param fire called when due, between threads (usually spawns a DPC)
   * @returns a token for `cancelTimer`
   */
  setTimer(dueMs: number, periodMs: number, fire: () => void): number {
    return this.timers.arm(this.clock + Math.max(1, dueMs), periodMs, fire);
  }

  /** @returns false when it is not armed (it has fired, or was never set) */
  cancelTimer(token: number): boolean {
    return this.timers.disarm(token);
  }

  /**
   * Stops the system: records `!!Bugcheck`; nothing runs any more.
   * @returns what stopped it: the bugcheck, as far as it is known
   */
  crash(cause: Bugcheck): Bugcheck {
    if (this.stopped) return this.stopped;
    const bugcheck = this.witness?.explain(cause) ?? cause;
    const [p1, p2, p3, p4] = bugcheck.parameters;
    const module = this.current?.frames.at(-1)?.module;
    this.record({
      dir: '!!',
      ddi: OBSERVATION.Bugcheck,
      ...(module !== undefined && { module }),
      args: {
        code: bugcheck.code,
        name: bugcheck.bugcheckName,
        reason: bugcheck.reason,
        ...(p1 !== undefined && { p1 }),
        ...(p2 !== undefined && { p2 }),
        ...(p3 !== undefined && { p3 }),
        ...(p4 !== undefined && { p4 }),
        ...this.witness?.whereabouts(),
      },
    });
    this.stopped = bugcheck;
    return bugcheck;
  }

  /**
   * Stops the system at once, so that a driver that catches exceptions cannot go on, and hands the bugcheck back to be
   * thrown: `throw kernel.stop(new Bugcheck(…))`.
   */
  stop(bugcheck: Bugcheck): Bugcheck {
    return this.crash(bugcheck);
  }

  /** Remembers that the kit failed, whatever the driver does with the exception: `settle` throws it. */
  fail(error: KitError): KitError {
    this.broken ??= error;
    return error;
  }

  // ---- the loop --------------------------------------------------------------------------------------------

  private runReady(): void {
    this.budget = STEP_BUDGET;
    let last: Thread | undefined;
    while (!this.stopped) {
      if (!last || this.scheduler.preemptive || !this.canRun(last)) {
        const ready = this.threads.filter((thread) => this.canRun(thread));
        if (ready.length === 0) return;
        last = this.scheduler.pick(ready, last && ready.includes(last) ? last : undefined);
      }
      this.resume(last);
    }
  }

  /** A thread that a scenario has stopped, or that waits longer than time was let pass, may still pay what is owed. */
  private mayStillAct(thread: Thread): boolean {
    return thread.held || (thread.step?.deadline !== undefined && thread.wokenIn !== this.settlings);
  }

  private canRun(thread: Thread): boolean {
    if (thread.done || thread.held) return false;
    const step = thread.step;
    if (!step?.ready) return true;
    return step.ready() || (step.deadline !== undefined && step.deadline <= this.clock);
  }

  private resume(thread: Thread): void {
    this.current = thread;
    if (thread.step?.deadline !== undefined && thread.step.deadline <= this.clock) {
      wokenByTime(thread, this.settlings);
    }
    try {
      this.spend();
      const { done, value } = thread.body.next();
      if (done) {
        this.finish(thread);
      } else {
        thread.step = value;
        goesToSleep(thread, this.clock);
        this.holdIfAsked(thread, value);
      }
    } catch (failure) {
      this.finish(thread);
      if (failure instanceof Bugcheck) this.crash(failure);
      else this.fail(failure instanceof KitError ? failure : new KitError('the kit failed', { cause: failure }));
    } finally {
      this.current = undefined;
    }
    if (this.broken) throw this.broken;
  }

  private finish(thread: Thread): void {
    thread.done = true;
    thread.step = undefined;
    this.threads.splice(this.threads.indexOf(thread), 1);
  }

  private holdIfAsked(thread: Thread, step: Step): void {
    const index = this.holds.findIndex((hold) => hold.matches(step, thread));
    if (index < 0) return;
    this.holds.splice(index, 1);
    thread.held = true;
  }

  /** @param ignore for whose sake time must not pass */
  private nextDeadline(ignore: (thread: Thread) => boolean = () => false): number | undefined {
    let earliest: number | undefined;
    for (const thread of this.threads) {
      const sleeps = !thread.held && !hasPolledEnough(thread, this.settlings) && !ignore(thread);
      const deadline = sleeps ? thread.step?.deadline : undefined;
      if (deadline !== undefined && (earliest === undefined || deadline < earliest)) earliest = deadline;
    }
    return earliest;
  }

  private passTimeTo(time: number): void {
    this.clock = Math.max(this.clock, time);
    this.timers.fireUntil(this.clock);
  }

  private reportHangs(): void {
    for (const thread of this.threads) {
      const lock = thread.step?.lock;
      if (!lock?.owner || thread.hung || !isStuck(thread)) continue;
      thread.hung = true;
      const frame = thread.frames.at(-1);
      this.recorder.record(
        {
          dir: '!!',
          ddi: OBSERVATION.Hang,
          ...(frame?.module !== undefined && { module: frame.module }),
          args: { waitsFor: lock.id, heldBy: lock.owner.id, inside: frame?.ddi ?? thread.name },
        },
        thread,
        this.clock,
      );
      const bugcheck = this.witness?.hung(thread);
      if (bugcheck) {
        this.current = thread;
        this.crash(bugcheck);
        this.current = undefined;
        return;
      }
    }
  }

  private freeProcessor(suits: (cpu: number) => boolean = () => true): number {
    for (let cpu = 0; ; cpu += 1) {
      if (suits(cpu) && !this.threads.some((thread) => thread.cpu === cpu)) return cpu;
    }
  }
}
