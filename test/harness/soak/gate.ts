/** A process of the agent: it can be killed and frozen, as its system does it, and from then on nothing reaches it. */
import { RigRefusal } from '../../../adapters/contract';
import type { HelperEvent, HelperEvents, Ports } from '../../../adapters/harness/agent/ports';
import type { Clock } from '../../../adapters/harness/protocol';
import type { Moments } from './moments';

const NEVER = new Promise<never>(() => undefined);

/** Thrown by a moment: what is asked for is done, and its answer is lost. */
export class AnswerLost extends Error {}

interface Timer {
  readonly work: () => void;
  readonly isOnce: boolean;
}

export class Gate {
  private state: 'runs' | 'frozen' | 'dead' = 'runs';
  private readonly queue: (() => void)[] = [];
  private readonly timers = new Map<Timer, () => void>();

  constructor(
    readonly pid: number,
    private readonly time: Clock,
  ) {}

  get isDead(): boolean {
    return this.state === 'dead';
  }

  /** Something from outside wants to go on in the process. */
  enter(work: () => void): void {
    if (this.state === 'runs') work();
    else if (this.state === 'frozen') this.queue.push(work);
  }

  kill(): void {
    this.state = 'dead';
    this.queue.length = 0;
    for (const stop of this.timers.values()) stop();
    this.timers.clear();
  }

  freeze(): void {
    if (this.state === 'runs') this.state = 'frozen';
  }

  thaw(): void {
    if (this.state !== 'frozen') return;
    this.state = 'runs';
    for (let work = this.queue.shift(); work; work = this.queue.shift()) work();
  }

  /** The system slept, or was starved: all that was to happen meanwhile is due, and what is repeated happens once. */
  jump(): void {
    for (const timer of [...this.timers.keys()]) if (this.timers.has(timer)) this.due(timer);
  }

  readonly clock: Clock = {
    every: (milliseconds, work) => this.timer({ work, isOnce: false }, milliseconds),
    after: (milliseconds, work) => this.timer({ work, isOnce: true }, milliseconds),
  };

  private timer(timer: Timer, milliseconds: number): () => void {
    if (this.isDead) return () => undefined;
    let isDue = false;
    const ring = (): void => {
      // However long a process was stopped, a repeated timer is due once.
      if (isDue) return;
      isDue = true;
      this.enter(() => {
        isDue = false;
        if (this.timers.has(timer)) this.due(timer);
      });
    };
    this.timers.set(timer, timer.isOnce ? this.time.after(milliseconds, ring) : this.time.every(milliseconds, ring));
    return () => this.stop(timer);
  }

  private due(timer: Timer): void {
    if (timer.isOnce) this.stop(timer);
    timer.work();
  }

  private stop(timer: Timer): void {
    this.timers.get(timer)?.();
    this.timers.delete(timer);
  }

  /** @returns what another process does for this one: its answer comes when this one can hear it */
  ask<T>(work: () => Promise<T>): Promise<T> {
    if (this.isDead) return NEVER;
    return new Promise((resolve, reject) => {
      work().then(
        (answer) => this.enter(() => resolve(answer)),
        (failure: unknown) => this.enter(() => reject(failure instanceof Error ? failure : new Error(String(failure)))),
      );
    });
  }

  /** @param raw ports of the machine @param moments told of each thing that is asked of it; what a moment throws is the answer */
  ports(raw: Ports, moments: Moments): Ports {
    const asked = <T>(moment: 'shell' | 'helper', work: () => Promise<T>): Promise<T> =>
      this.ask(async () => {
        try {
          moments.happens(moment);
        } catch (thrown) {
          if (!(thrown instanceof AnswerLost)) throw thrown;
          await work();
          throw new RigRefusal('timeout', 'Windows did it, and its answer never came');
        }
        return work();
      });
    const { shell, helper, programs, originate } = raw;
    return {
      clock: this.clock,
      shell: {
        call: (command, parameters) => asked('shell', () => shell.call(command, parameters)),
        close: () => shell.close(),
      },
      programs: { run: (program, args) => asked('shell', () => programs.run(program, args)) },
      helper: {
        request: (op, params) => asked('helper', () => helper.request(op, params)),
        on: <E extends HelperEvent>(event: E, listener: (params: HelperEvents[E]) => void) =>
          helper.on(event, (params) => this.enter(() => listener(params))),
        close: () => helper.close(),
      },
      ...(originate && {
        originate: {
          takesFrames: originate.takesFrames,
          start: (sending) => {
            if (this.isDead) return { ended: NEVER, stop: () => undefined };
            const { ended, stop } = originate.start(sending);
            return { ended: this.ask(() => ended), stop: () => (this.isDead ? undefined : stop()) };
          },
        },
      }),
    };
  }
}
