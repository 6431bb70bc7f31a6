import type { Crossing } from '../../trace';
import type { Court } from './court';

type Sentence = () => void;

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
  hold(module: string, sentence: Sentence): void {
    const held = this.open.get(module);
    if (held) held.push(sentence);
    else this.open.set(module, [sentence]);
  }

  /** A crossing on the thread of the handler: earlier findings stand. */
  crossed(crossing: Crossing): void {
    if (this.open.size === 0) return;
    const entry = this.court.books.threads.inside(crossing, this.handler);
    if (entry?.module !== undefined) this.settle(entry.module, true);
  }

  /** The handler returns. */
  returned(crossing: Crossing, acquits: boolean): void {
    if (crossing.module !== undefined) this.settle(crossing.module, !acquits);
  }

  private settle(module: string, condemn: boolean): void {
    const held = this.open.get(module);
    if (!held) return;
    this.open.delete(module);
    if (condemn) for (const sentence of held) sentence();
  }
}
