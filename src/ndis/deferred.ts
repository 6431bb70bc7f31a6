import type { Call } from '../kernel';
import { Bugcheck } from '../kernel';
import { DISPATCH_LEVEL } from '../trace';
import { Handle } from './handle';
import type { Ndis } from './ndis';
import type { NdisTimerCharacteristics } from './wdk';

/** An NDIS timer object: its function runs as a DPC. */
export class Timer {
  readonly handle: Handle;
  private token: number | undefined;
  private freed = false;
  private period = 0;

  constructor(
    private readonly ndis: Ndis,
    readonly id: string,
    readonly module: string | undefined,
    private readonly characteristics: NdisTimerCharacteristics,
  ) {
    this.handle = new Handle(id, this);
  }

  get usable(): boolean {
    return !this.freed;
  }

  get isPeriodic(): boolean {
    return this.period > 0;
  }

  /** @returns true when it was armed already */
  set(dueMs: number, periodMs: number): boolean {
    const wasArmed = this.cancel();
    this.period = periodMs;
    const { kernel } = this.ndis;
    this.token = kernel.setTimer(dueMs, periodMs, () => {
      if (periodMs === 0) this.token = undefined;
      kernel.spawn(`DPC of ${this.id}`, this.run(), DISPATCH_LEVEL);
    });
    return wasArmed;
  }

  /** @returns false when the function has run, runs now, or the timer was never set */
  cancel(): boolean {
    const wasArmed = this.token !== undefined && this.ndis.kernel.cancelTimer(this.token);
    this.token = undefined;
    return wasArmed;
  }

  /** @throws Bugcheck 0xC7 when it is still armed */
  free(): void {
    this.freed = true;
    if (this.token !== undefined) throw this.invalid('an armed timer was freed');
  }

  private *run(): Call<void> {
    if (this.freed) throw this.invalid('a timer was freed while its DPC was queued');
    const { TimerFunction, FunctionContext } = this.characteristics;
    yield* this.ndis.boundary.enter('NdisTimerFunction', { module: this.module, args: { timer: this.id } }, () =>
      TimerFunction(FunctionContext),
    );
  }

  private invalid(reason: string): Bugcheck {
    return this.ndis.kernel.stop(
      new Bugcheck('0xC7', 'TIMER_OR_DPC_INVALID', `${this.id}: ${reason}`, ['0x0', this.id]),
    );
  }
}

/** An NDIS I/O work item: its routine runs on a system worker thread. */
export class WorkItem {
  readonly handle: Handle;
  private queued = false;
  private freed = false;

  constructor(
    private readonly ndis: Ndis,
    readonly id: string,
    readonly module: string | undefined,
  ) {
    this.handle = new Handle(id, this);
  }

  get usable(): boolean {
    return !this.freed;
  }

  /** @throws Bugcheck 0xE4 when it is queued already */
  queue(routine: (context: unknown) => Call<void>, context: unknown): void {
    if (this.queued) throw this.invalid('0x1', 'a work item was queued while it was in the queue');
    this.queued = true;
    this.ndis.kernel.spawn(`worker of ${this.id}`, this.run(routine, context));
  }

  /** @throws Bugcheck 0xE4 when it is in the queue */
  free(): void {
    this.freed = true;
    if (this.queued) throw this.invalid('0x0', 'a work item was freed while it was in the queue');
  }

  private *run(routine: (context: unknown) => Call<void>, context: unknown): Call<void> {
    this.queued = false;
    yield* this.ndis.boundary.enter(
      'NdisIoWorkItemFunction',
      { module: this.module, args: { workItem: this.id } },
      () => routine(context),
    );
  }

  private invalid(parameter: string, reason: string): Bugcheck {
    return this.ndis.kernel.stop(new Bugcheck('0xE4', 'WORKER_INVALID', `${this.id}: ${reason}`, [parameter, this.id]));
  }
}
