/** What is seen from outside of a driver, and when it was so: never by a clock, only by what was written down before and after. */
import { mayFollow, type Crossing } from '../../../trace';

/** The moment of a sighting lies between the moments in which the crossings of these numbers were written down, the ends included. */
export interface Span {
  readonly earliest: number;
  readonly latest: number;
}

export function spanOf({ seq, certainty }: Crossing): Span {
  if (certainty === undefined || certainty === 'exact') return { earliest: seq, latest: seq };
  return { earliest: certainty.after, latest: Math.max(certainty.after, certainty.before) };
}

/** Whether one moment was before another, whatever the two were. */
export function isBefore(one: Span, other: Span): boolean {
  return one.latest <= other.earliest;
}

/** What is known of one module. */
export class SeenLife {
  state: string | undefined;
  /** When the present state was seen first. */
  since: Crossing;
  /** The pause that the module is in, or was in last and has not left: it is over with the next restart. */
  pausing: Crossing | undefined;
  /** The end of that pause. */
  paused: Crossing | undefined;

  constructor(
    readonly module: string,
    readonly adapter: string | undefined,
    first: Crossing,
  ) {
    this.since = first;
  }

  /** It cannot be restarted any more. */
  get isEnding(): boolean {
    return this.state === 'Detaching' || this.state === 'Detached';
  }

  /** @returns whether that is what can come next; when not, something was missed, and nothing is known of what was before */
  enter(state: string, at: Crossing): boolean {
    if (state === this.state) return true;
    const follows = this.state === undefined || mayFollow(state, this.state);
    if (state === 'Pausing') {
      this.pausing = at;
      this.paused = undefined;
    } else if (!follows || state === 'Restarting' || state === 'Running') {
      this.pausing = undefined;
      this.paused = undefined;
    } else if (state === 'Paused' && this.state === 'Pausing') {
      this.paused = at;
    }
    this.state = state;
    this.since = at;
    return follows;
  }
}
