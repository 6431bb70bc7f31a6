import type { Rig } from '../../adapters/contract';
import type { Crossing } from '../../src/trace';

/** What was seen of a scenario, and which of it is recent: what a `Then` counts. */
export class Recording {
  /** Those that were read. */
  readonly crossings: Crossing[] = [];
  private readonly passedOver = new Set<number>();
  private markedSeq = 0;

  /**
   * @param rig the one that is open; undefined before the first sentence that needs one
   * @param heard told of each crossing, once
   */
  constructor(
    private readonly rig: () => Promise<Rig> | undefined,
    private readonly heard: (crossing: Crossing) => void,
  ) {}

  /** All crossings so far. */
  async read(): Promise<readonly Crossing[]> {
    const rig = await this.rig();
    if (!rig) return this.crossings;
    for (const crossing of await rig.trace(this.crossings.at(-1)?.seq ?? 0)) {
      this.crossings.push(crossing);
      this.heard(crossing);
    }
    return this.crossings;
  }

  /** @param seqs of crossings that were read */
  at(seqs: readonly number[]): Crossing[] {
    return this.crossings.filter((crossing) => seqs.includes(crossing.seq));
  }

  /** A stimulus comes, the first after an arrangement or an observation. @returns seq of the last crossing before it */
  async mark(): Promise<number> {
    return (this.markedSeq = (await this.read()).at(-1)?.seq ?? 0);
  }

  /** Is it a crossing of the stimuli that were given last? */
  isRecent({ seq }: Crossing): boolean {
    return seq > this.markedSeq && !this.passedOver.has(seq);
  }

  /** No stimulus of the scenario: what the driver does while `body` runs is nothing that a sentence counts. */
  async inPassing(body: () => Promise<void>): Promise<void> {
    const { length: first } = await this.read();
    await body();
    for (const { seq } of (await this.read()).slice(first)) this.passedOver.add(seq);
  }
}
