/** What can be seen of the driver under test. */
import type { Crossing } from '../../../../src/trace';
import type { EtwEvent } from '../ports';

export interface Sight {
  /** It was handed out before the scenario began. */
  before(event: EtwEvent): void;
  take(event: EtwEvent): void;
  flushing(): void;
  flushed(): void;
  /** Frames that the miniport holds, as it has just said; `asked` is what `mark` gave before it was asked. */
  held(frames: readonly SeenFrame[], asked: number): void;
  /** A place in the trace: what happens from now on comes after it. */
  mark(): number;
  /** In order, and none of them changes any more. */
  readonly crossings: readonly Crossing[];
  /** An event that is missing is missed: by the number of the next one, whatever ETW says. */
  readonly isNumbered: boolean;
  /** Events are missing here. */
  lose(): void;
  /** @returns why nothing can be concluded from what is not there */
  fault(): string | undefined;
}

export interface SeenFrame {
  readonly frame: string;
  readonly origin: 'filter' | 'neighbour';
}
