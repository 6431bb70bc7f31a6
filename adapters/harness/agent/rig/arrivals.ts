/** Whether what a neighbour holds is all that the driver has sent to it: nobody knows a frame again that the driver has altered. */
import type { Crossing } from '../../../../src/trace';
import { isLent } from './border';
import type { Holds } from './holds';
import type { UnderWay } from './under-way';

/** By which the driver hands frames on: to the miniport, to the protocol. */
const HANDS_ON = { below: 'NdisFSendNetBufferLists', above: 'NdisFIndicateReceiveNetBufferLists' } as const;

export class Arrivals {
  /** Crossings that there were when the neighbour began to hold. */
  private from = 0;
  /** What the driver has been given by the other neighbour since then. */
  private given: string[] = [];
  private before: ReadonlySet<string> = new Set();
  /** How many it has ever held until then. */
  private count = 0;

  constructor(
    private readonly side: keyof typeof HANDS_ON,
    private readonly holds: Holds,
    private readonly underWay: UnderWay,
  ) {}

  /** The neighbour is about to hold, or not any more. */
  begin(from: number): void {
    this.from = from;
    this.given = [];
    this.before = new Set(this.underWay.asked);
    this.count = this.holds.seen.size;
  }

  /** @param frames that the neighbour may keep */
  give(frames: readonly string[]): void {
    this.given.push(...frames);
  }

  /** @returns false when the driver has handed on, or may have, what the neighbour does not know */
  areKnown(shown: readonly Crossing[]): boolean {
    if (!this.holds.holds) return true;
    const { seen } = this.holds;
    // Whoever sees no calls sees nothing of frames that are neither held nor known.
    if (!shown.some(({ dir }) => dir === '=>')) return this.expected.every((frame) => seen.has(frame));
    const handed = shown.slice(this.from).filter((crossing) => this.isHandingOn(crossing));
    return handed.reduce((count, { nbls = [] }) => count + nbls.length, 0) <= seen.size - this.count;
  }

  /** Of what is only lent a neighbour can keep nothing. */
  private isHandingOn({ dir, ddi, neighbour, args }: Crossing): boolean {
    if (dir !== '=>' || ddi !== HANDS_ON[this.side] || neighbour !== undefined) return false;
    return this.side === 'below' || !isLent(args);
  }

  private get expected(): readonly string[] {
    const asked = this.side === 'below' ? [...this.underWay.asked].filter((frame) => !this.before.has(frame)) : [];
    return [...this.given, ...asked];
  }
}
