import type { Irql } from '../trace/crossing';
import type { SpinLock } from './locks';

/**
 * The operation a thread is about to do. A thread yields it *before* doing it, so that a scheduler can put any other
 * thread in between, and a scenario can stop a thread right there.
 */
export interface Step {
  /** `NdisFSendNetBufferLists`: about to call it; `->FilterPause`: about to be entered; `<-FilterPause`: about to return. */
  readonly point: string;
  /** False while the operation would block. Absent: never blocks. */
  readonly ready?: () => boolean;
  /** Virtual time (ms) at which the thread goes on even if `ready` is false (a sleep, a wait with a timeout). */
  readonly deadline?: number;
  /** The spin lock it spins for, if that is what it is about to do. */
  readonly lock?: SpinLock;
}

/** Code that runs on a kernel thread: a generator that yields the operation it is about to do. */
export type Call<T> = Generator<Step, T, void>;

/** A handler that is being executed, innermost last in `Thread.frames`. */
export interface Frame {
  readonly ddi: string;
  readonly module?: string | undefined;
  /** Accesses already reported inside this handler call: one line each is enough for a reader. */
  reported?: Set<string>;
}

export interface Thread {
  readonly id: string;
  /** What it was started for, e.g. `write by app` or `DPC`. */
  readonly name: string;
  cpu: number;
  irql: Irql;
  readonly locks: SpinLock[];
  readonly frames: Frame[];
  /** True while code of the driver under test runs, false inside exports, NDIS and the neighbours. */
  inDriver: boolean;
  readonly body: Call<unknown>;
  /** Started at DISPATCH_LEVEL, not raised to it. */
  readonly isDpc: boolean;
  /** The step it is about to do; undefined before its first. */
  step: Step | undefined;
  done: boolean;
  /** Stopped by a scenario in front of `step`. */
  held: boolean;
  /** The settling in which time woke it last: it polls, and has had its chance. */
  wokenIn: number;
  /** How often time woke it in that settling. */
  wakes: number;
  /** Nobody waits until it ends: a thread that the driver has created for itself. */
  background: boolean;
  /** For how many ms it sleeps, if it does; and how often in a row it has slept for that long. */
  nap: number | undefined;
  naps: number;
  /** The ms that it has slept again and again for a whole settling: it polls, and has its time in each settling. */
  pollsEvery: number | undefined;
  /** Already reported as hanging. */
  hung: boolean;
}
