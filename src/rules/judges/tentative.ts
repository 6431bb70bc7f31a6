import type { Crossing } from '../../trace';
import { remember } from './books/recent';
import { PENDING, SUCCESS } from './books/statuses';
import type { Court } from './court';

interface Sentence {
  /** seq of the act. */
  readonly at: number;
  readonly pronounce: () => void;
}

/**
 * Findings that depend on what a lifecycle handler does next. A driver opens its gate inside FilterRestart (or links the module
 * inside FilterAttach) after the handler's last visible step; what another thread does from then on is right if the handler goes on
 * to return success without any further crossing, and wrong otherwise.
 */
export class Tentative {
  private readonly open = new Map<string, Sentence[]>();

  constructor(private readonly court: Court) {}

  /** Keeps a finding about the act of another thread until the handler of the module returns. */
  hold(module: string, act: Crossing, pronounce: () => void): void {
    this.court.books.keep();
    remember(this.open, module, { at: act.seq, pronounce });
  }

  /**
   * The handler has pended, and its completion is called: the gate was opened since that thread entered its innermost handler.
   * @param crossing the call, before it is entered
   */
  completed(crossing: Crossing): void {
    if (this.open.size === 0 || crossing.module === undefined) return;
    const entry = this.court.books.threads.handlerOf(crossing);
    this.settle(crossing.module, crossing.args?.['status'], entry?.seq ?? 0);
  }

  /**
   * The handler returns.
   * @param crossing the return, before it is entered
   */
  returned(crossing: Crossing): void {
    if (this.open.size === 0 || crossing.module === undefined || crossing.status === PENDING) return;
    // Without thread names it is not known which step was the handler's last.
    const lastStep = crossing.thread === undefined ? 0 : this.court.books.threads.lastStepOf(crossing);
    this.settle(crossing.module, crossing.status, lastStep);
  }

  /** Nothing more will happen: everything held so far stands. */
  standAll(): void {
    if (this.open.size === 0) return;
    for (const held of this.open.values()) for (const { pronounce } of held) pronounce();
    this.open.clear();
  }

  forget(): void {
    this.open.clear();
  }

  /** @param status how it ended; undefined when the trace does not say */
  private settle(module: string, status: unknown, gateOpenedAfter: number): void {
    const held = this.open.get(module);
    if (!held) return;
    this.open.delete(module);
    if (status === undefined) return;
    for (const { at, pronounce } of held) if (status !== SUCCESS || at < gateOpenedAfter) pronounce();
  }
}
