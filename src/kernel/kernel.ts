import type { CrossingDraft } from '../trace/crossing';
import { DISPATCH_LEVEL, OBSERVATION, PASSIVE_LEVEL } from '../trace/crossing';
import { Bugcheck, KitError } from './bugcheck';
import type { Event, RundownRef, SpinLock } from './locks';
import { Pool } from './memory';
import { Recorder } from './recorder';
import type { Scheduler } from './scheduler';
import { RunToBlock } from './scheduler';
import type { Call, Step, Thread } from './thread';

/** How far `settle` lets virtual time run while threads sleep. Longer than any documented pause limit (10 s). */
const SETTLE_HORIZON_MS = 30_000;
/** A driver that takes this many steps without blocking spins for ever. */
const STEP_BUDGET = 200_000;

interface PendingTimer {
  readonly id: number;
  due: number;
  readonly period: number;
  readonly fire: () => void;
}

/** Stops the next driver thread that is about to do a step. */
interface Hold {
  readonly matches: (step: Step, thread: Thread) => boolean;
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
  private readonly scheduler: Scheduler;
  private readonly threads: Thread[] = [];
  private readonly timers: PendingTimer[] = [];
  private readonly holds: Hold[] = [];
  private clock = 0;
  private started = 0;
  private objects = 0;
  private current: Thread | undefined;
  private stopped: Bugcheck | undefined;

  constructor(options: KernelOptions = {}) {
    this.scheduler = options.scheduler ?? new RunToBlock();
    this.recorder = options.recorder ?? new Recorder();
    this.pool = new Pool(({ block, access, field }) => {
      this.record({
        dir: '!!',
        ddi: OBSERVATION.Access,
        args: { what: 'memory', object: block.id, tag: block.tag, scope: block.scope, access, field, freed: true },
      });
    });
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

  /** Records a crossing on the running thread (or on none, between threads). */
  record(draft: CrossingDraft): void {
    this.recorder.record(draft, this.current, this.clock);
  }

  /** @returns a fresh identity such as `lock3` */
  identity(kind: string): string {
    return `${kind}${++this.objects}`;
  }

  /**
   * Starts a thread. It runs when `settle` or `advance` is next called.
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
      body,
      step: undefined,
      done: false,
      held: false,
      hung: false,
    };
    this.threads.push(thread);
    return thread;
  }

  /**
   * Runs until nothing more will happen without a new stimulus, letting virtual time pass only for threads that sleep or
   * wait with a timeout, and never for timers. Records `!!Quiescent` (or `!!Hang` for each thread that can never go on).
   */
  settle(): void {
    const horizon = this.clock + SETTLE_HORIZON_MS;
    for (;;) {
      this.runReady();
      const next = this.nextDeadline();
      if (this.stopped || next === undefined || next > horizon) break;
      this.clock = Math.max(this.clock, next);
      this.fireTimers();
    }
    if (this.stopped) return;
    this.reportHangs();
    this.recorder.record({ dir: '!!', ddi: OBSERVATION.Quiescent }, undefined, this.clock);
  }

  /** Lets virtual time pass: timers fire and sleepers wake in order. Ends settled. */
  advance(milliseconds: number): void {
    const target = this.clock + milliseconds;
    this.runReady();
    while (!this.stopped) {
      const next = Math.min(this.nextDeadline() ?? Infinity, this.timers[0]?.due ?? Infinity);
      if (next > target) break;
      this.clock = Math.max(this.clock, next);
      this.fireTimers();
      this.runReady();
    }
    this.clock = target;
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

  // ---- what code on a thread calls -------------------------------------------------------------------------

  /** A point at which another thread may run. */
  *point(name: string): Call<void> {
    yield { point: name };
  }

  newSpinLock(): SpinLock {
    return { id: this.identity('lock'), owner: undefined, oldIrql: PASSIVE_LEVEL };
  }

  /** Raises to DISPATCH_LEVEL and takes the lock; taking a lock twice on one thread hangs, as on a real machine. */
  *acquire(lock: SpinLock): Call<void> {
    const thread = this.thread;
    const oldIrql = thread.irql;
    yield { point: 'NdisAcquireSpinLock', ready: () => lock.owner === undefined, lock };
    lock.owner = thread;
    lock.oldIrql = oldIrql;
    thread.irql = Math.max(thread.irql, DISPATCH_LEVEL);
    thread.locks.push(lock);
  }

  /** @throws Bugcheck 0x10 when the thread does not own the lock */
  *release(lock: SpinLock): Call<void> {
    const thread = this.thread;
    if (lock.owner !== thread) {
      throw new Bugcheck('0x10', 'SPIN_LOCK_NOT_OWNED', `${lock.id} was released by a thread that does not own it`, [
        lock.id,
      ]);
    }
    lock.owner = undefined;
    thread.locks.splice(thread.locks.indexOf(lock), 1);
    thread.irql = lock.oldIrql;
    yield { point: 'NdisReleaseSpinLock' };
  }

  newEvent(signaled = false): Event {
    return { id: this.identity('event'), signaled };
  }

  /**
   * Waits for an event.
   * @param timeoutMs 0 waits for ever
   * @returns true when the event was signaled, false on timeout
   * @throws Bugcheck 0x7C/0x14 above PASSIVE_LEVEL (NdisWaitEvent; bugcheck 0x7C page)
   */
  *wait(event: Event, timeoutMs = 0): Call<boolean> {
    this.requirePassiveWait('NdisWaitEvent');
    const deadline = timeoutMs > 0 ? this.clock + timeoutMs : undefined;
    yield { point: 'NdisWaitEvent', ready: () => event.signaled, ...(deadline !== undefined && { deadline }) };
    return event.signaled;
  }

  /** Sleeps for virtual milliseconds. */
  *sleep(milliseconds: number): Call<void> {
    this.requirePassiveWait('NdisMSleep');
    yield { point: 'NdisMSleep', ready: () => false, deadline: this.clock + milliseconds };
  }

  newRundownRef(): RundownRef {
    return { id: this.identity('rundown'), references: 0, rundown: false };
  }

  /** @returns false once the rundown has begun */
  *acquireRundown(ref: RundownRef): Call<boolean> {
    yield { point: 'ExAcquireRundownProtection' };
    if (ref.rundown) return false;
    ref.references += 1;
    return true;
  }

  /** @throws Bugcheck 0x18 when there is no reference to release */
  *releaseRundown(ref: RundownRef): Call<void> {
    yield { point: 'ExReleaseRundownProtection' };
    if (ref.references === 0) {
      throw new Bugcheck('0x18', 'REFERENCE_BY_POINTER', `${ref.id} was released more often than acquired`, [ref.id]);
    }
    ref.references -= 1;
  }

  /** Begins the rundown and waits until the last reference is gone. */
  *waitForRundown(ref: RundownRef): Call<void> {
    this.requirePassiveWait('ExWaitForRundownProtectionRelease');
    ref.rundown = true;
    yield { point: 'ExWaitForRundownProtectionRelease', ready: () => ref.references === 0 };
  }

  /**
   * Arms a timer on virtual time.
   * @param periodMs 0 for a one-shot timer
   * @param fire called when due, between threads (usually spawns a DPC)
   * @returns a token for `cancelTimer`
   */
  setTimer(dueMs: number, periodMs: number, fire: () => void): number {
    const id = ++this.objects;
    this.insertTimer({ id, due: this.clock + dueMs, period: periodMs, fire });
    return id;
  }

  /** @returns false when it is not armed (it has fired, or was never set) */
  cancelTimer(id: number): boolean {
    const index = this.timers.findIndex((timer) => timer.id === id);
    if (index < 0) return false;
    this.timers.splice(index, 1);
    return true;
  }

  /** Stops the system: records `!!Bugcheck`; nothing runs any more. */
  crash(bugcheck: Bugcheck): void {
    if (this.stopped) return;
    this.stopped = bugcheck;
    const [p1, p2, p3, p4] = bugcheck.parameters;
    this.record({
      dir: '!!',
      ddi: OBSERVATION.Bugcheck,
      args: {
        code: bugcheck.code,
        name: bugcheck.bugcheckName,
        reason: bugcheck.reason,
        ...(p1 !== undefined && { p1 }),
        ...(p2 !== undefined && { p2 }),
        ...(p3 !== undefined && { p3 }),
        ...(p4 !== undefined && { p4 }),
      },
    });
  }

  // ---- the loop --------------------------------------------------------------------------------------------

  private runReady(): void {
    let budget = STEP_BUDGET;
    let last: Thread | undefined;
    while (!this.stopped) {
      if (last && !this.scheduler.preemptive && this.canRun(last)) {
        this.resume(last);
      } else {
        const ready = this.threads.filter((thread) => this.canRun(thread));
        if (ready.length === 0) return;
        last = this.scheduler.pick(ready, last && ready.includes(last) ? last : undefined);
        this.resume(last);
      }
      if (--budget === 0) {
        this.crash(
          new Bugcheck('0x133', 'DPC_WATCHDOG_VIOLATION', 'the driver ran on and on without ever waiting', ['0x1']),
        );
      }
    }
  }

  private canRun(thread: Thread): boolean {
    if (thread.done || thread.held) return false;
    const step = thread.step;
    if (!step?.ready) return true;
    return step.ready() || (step.deadline !== undefined && step.deadline <= this.clock);
  }

  private resume(thread: Thread): void {
    this.current = thread;
    try {
      const { done, value } = thread.body.next();
      if (done) {
        thread.done = true;
        thread.step = undefined;
        this.threads.splice(this.threads.indexOf(thread), 1);
      } else {
        thread.step = value;
        this.holdIfAsked(thread, value);
      }
    } catch (failure) {
      thread.done = true;
      if (!(failure instanceof Bugcheck)) throw failure;
      this.crash(failure);
    } finally {
      this.current = undefined;
    }
  }

  private holdIfAsked(thread: Thread, step: Step): void {
    const index = this.holds.findIndex((hold) => hold.matches(step, thread));
    if (index < 0) return;
    this.holds.splice(index, 1);
    thread.held = true;
  }

  private nextDeadline(): number | undefined {
    let earliest: number | undefined;
    for (const thread of this.threads) {
      const deadline = thread.held ? undefined : thread.step?.deadline;
      if (deadline !== undefined && (earliest === undefined || deadline < earliest)) earliest = deadline;
    }
    return earliest;
  }

  private fireTimers(): void {
    for (;;) {
      const timer = this.timers[0];
      if (!timer || timer.due > this.clock) return;
      this.timers.shift();
      if (timer.period > 0) this.insertTimer({ ...timer, due: timer.due + timer.period });
      timer.fire();
    }
  }

  private insertTimer(timer: PendingTimer): void {
    const later = this.timers.findIndex((other) => other.due > timer.due);
    this.timers.splice(later < 0 ? this.timers.length : later, 0, timer);
  }

  private reportHangs(): void {
    for (const thread of this.threads) {
      const lock = thread.step?.lock;
      if (!lock?.owner || thread.held || thread.hung || lock.owner.held) continue;
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
    }
  }

  private requirePassiveWait(what: string): void {
    if (this.thread.irql > PASSIVE_LEVEL) {
      throw new Bugcheck('0x7C', 'BUGCODE_NDIS_DRIVER', `${what} was called at IRQL ${this.thread.irql}`, ['0x14']);
    }
  }

  private freeProcessor(): number {
    const taken = new Set(this.threads.map((thread) => thread.cpu));
    let cpu = 0;
    while (taken.has(cpu)) cpu += 1;
    return cpu;
  }
}
