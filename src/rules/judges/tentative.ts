import type { Crossing } from '../../trace';
import type { Court } from './court';

interface Sentence {
  /** seq of the act. */
  readonly at: number;
  readonly pronounce: () => void;
}

/**
 * Findings that depend on what a lifecycle handler does next. A driver opens its gate inside FilterRestart (or links the module
 * inside FilterAttach) after the handler's last visible call; what another thread does from then on is right if the handler goes on
 * to return success without any further crossing, and wrong otherwise.
 */
export class Tentative {
  private readonly open = new Map<string, Sentence[]>();

  /** @param handler `FilterRestart` or `FilterAttach` */
  constructor(
    private readonly court: Court,
    private readonly handler: string,
  ) {}

  /** Keeps a finding until the handler of the module crosses again. */
  hold(module: string, act: Crossing, pronounce: () => void): void {
    const held = this.open.get(module);
    const sentence = { at: act.seq, pronounce };
    if (held) held.push(sentence);
    else this.open.set(module, [sentence]);
  }

  /** A crossing on the thread of the handler: earlier findings stand. */
  crossed(crossing: Crossing): void {
    if (this.open.size === 0) return;
    const entry = this.court.books.threads.inside(crossing, this.handler);
    if (entry?.module !== undefined) this.settle(entry.module, true);
  }

  /** The handler has pended, and its completion is called: the gate was opened since that thread entered its innermost handler. */
  completed(crossing: Crossing, acquits: boolean): void {
    if (crossing.module === undefined) return;
    const entry = this.court.books.threads.framesOf(crossing).findLast((frame) => frame.dir === '->');
    this.settle(crossing.module, !acquits, entry?.seq);
  }

  /** The handler returns. */
  returned(crossing: Crossing, acquits: boolean): void {
    if (crossing.module !== undefined) this.settle(crossing.module, !acquits);
  }

  /** Nothing more will happen: everything held so far stands. */
  standAll(): void {
    for (const module of [...this.open.keys()]) this.settle(module, true);
  }

  private settle(module: string, condemn: boolean, gateOpenedAfter = 0): void {
    const held = this.open.get(module);
    if (!held) return;
    this.open.delete(module);
    for (const { at, pronounce } of held) if (condemn || at < gateOpenedAfter) pronounce();
  }
}
