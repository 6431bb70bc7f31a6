import type { Thread } from './thread';

/** Decides which thread goes on. The seam for exploring interleavings. */
export interface Scheduler {
  /** False: a thread is left only when it blocks or ends, so `pick` need not be asked after each step. */
  readonly preemptive: boolean;
  /**
   * @param ready threads that can go on, in the order they were started, at least one
   * @param current the thread that ran last, if it is among `ready`
   */
  pick(ready: readonly Thread[], current: Thread | undefined): Thread;
}

/** Runs a thread until it blocks or ends, then the one started first. */
export class RunToBlock implements Scheduler {
  readonly preemptive = false;

  pick(ready: readonly Thread[], current: Thread | undefined): Thread {
    return current ?? (ready[0] as Thread);
  }
}

/** A seeded random walk: switches threads before a step with the given probability. */
export class RandomWalk implements Scheduler {
  readonly preemptive = true;

  /**
   * @param random uniform in [0, 1), from the run's seed
   * @param switching probability of leaving a thread that could go on
   */
  constructor(
    private readonly random: () => number,
    private readonly switching = 0.3,
  ) {}

  pick(ready: readonly Thread[], current: Thread | undefined): Thread {
    if (current && this.random() >= this.switching) return current;
    return ready[Math.floor(this.random() * ready.length)] as Thread;
  }
}
