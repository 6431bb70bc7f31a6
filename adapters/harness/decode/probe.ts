/** Events of the probe, as ETW hands them out, to traces that judges can read. */
import type { Crossing } from '../../../src/trace';
import { ProbeCrossings } from './probe-crossings';
import { ProbeOrder, type Ordered } from './probe-order';
import { ProbeRecords, type ProbeRecord } from './probe-record';
import { BadEvent, type SelfDescribingEvent } from './trace-logging';

/** What one image has reported, from when it was loaded until it was unloaded or the session ended. */
export interface ProbeLife {
  readonly crossings: readonly Crossing[];
  /** Everything that the probe wrote from its first event on is there, and it followed every chain to its end. */
  readonly isWhole: boolean;
  /** How often it has answered who asked for its state: what it had written before it answered is there, or known to be missing. */
  readonly marks: number;
  /** It has said that nothing more comes, and nothing has: a driver may register once more. */
  readonly hasEnded: boolean;
  /** What is missing or unreadable, a sentence each, the first hundred. */
  readonly problems: readonly string[];
}

export interface ProbeOutcome {
  /** In the order of their first events. */
  readonly lives: readonly ProbeLife[];
  /** Events that cannot be read, a sentence each, the first hundred. They may be of any life: with one of them, none is whole. */
  readonly problems: readonly string[];
}

const MOST_PROBLEMS = 100;
/** A driver that is loaded more often than this in one session is none that a test plays with. */
const MOST_LIVES = 256;

/**
 * Reads what probed drivers have written. Events may come in any order; what cannot be read is a problem, and never an exception.
 * A crossing that is missing leaves a gap in `seq`, by which judges know that they cannot know.
 */
export class ProbeDecoder {
  private readonly records = new ProbeRecords();
  private readonly lives = new Map<string, LifeDecoder>();
  /** Images that are not followed. */
  private readonly others = new Set<string>();
  private readonly problems: string[] = [];
  private events = 0;
  private areUnreadable = 0;

  /** Nothing of whoever wrote it is taken. */
  leaveOut(event: SelfDescribingEvent): void {
    try {
      this.others.add(this.records.read(event).image);
    } catch (failure) {
      // Of nobody who can be known again.
      if (!(failure instanceof BadEvent)) throw failure;
    }
  }

  take(event: SelfDescribingEvent): void {
    this.events += 1;
    try {
      const record = this.records.read(event);
      if (!this.others.has(record.image)) this.lifeOf(record).take(record);
    } catch (failure) {
      if (!(failure instanceof BadEvent)) throw failure;
      this.areUnreadable += 1;
      const problem = `Event ${this.events}, in the order of arrival, cannot be read: ${failure.message}.`;
      if (this.problems.length < MOST_PROBLEMS) this.problems.push(problem);
    }
  }

  /** What is known by now; an event that one with a lower number has to come before is not in it, and its life not whole. */
  get soFar(): ProbeOutcome {
    const lives = [...this.lives.values()].map((life) => life.soFar(this.areUnreadable === 0));
    return { lives, problems: this.problems };
  }

  /** Nothing more comes. */
  finish(): ProbeOutcome {
    for (const life of this.lives.values()) life.finish();
    return this.soFar;
  }

  private lifeOf({ image }: ProbeRecord): LifeDecoder {
    const known = this.lives.get(image);
    if (known) return known;
    if (this.lives.size === MOST_LIVES) throw new BadEvent(`it is of another image than the first ${MOST_LIVES}`);
    const life = new LifeDecoder();
    this.lives.set(image, life);
    return life;
  }
}

class LifeDecoder {
  private readonly order = new ProbeOrder();
  private readonly made = new ProbeCrossings();
  private readonly found: Crossing[] = [];
  private readonly problems: string[] = [];
  private isWhole = true;
  private marks = 0;
  private hasEnded = false;

  take(record: ProbeRecord): void {
    this.add(this.order.take(record));
  }

  finish(): void {
    this.add(this.order.end());
  }

  soFar(isAllReadable: boolean): ProbeLife {
    const isWhole = this.isWhole && !this.order.isWaiting && isAllReadable;
    const { found: crossings, marks, hasEnded, problems } = this;
    return { crossings, isWhole, marks, hasEnded, problems };
  }

  private add(ordered: readonly Ordered[]): void {
    for (const each of ordered) {
      if ('lost' in each)
        this.lose(each.lost, `${each.lost} events are missing before crossing ${this.found.length + 1}.`);
      else this.cross(each);
    }
  }

  private cross({ record }: Extract<Ordered, { record: unknown }>): void {
    if (record.isCut)
      this.lose(1, `The chain of ${record.ddi} in event number ${record.seq} is longer than the probe follows.`);
    if (record.direction === 'limit') {
      this.lose(
        1,
        `A table of the probe is full, so that it does not see all of what ${record.ddi} (line ${record.line}) leads to.`,
      );
    }
    if (record.direction === 'mark') this.marks += 1;
    else this.hasEnded = record.direction === 'end';
    try {
      const crossing = this.made.take(record);
      if (crossing) this.found.push(crossing);
    } catch (failure) {
      if (!(failure instanceof BadEvent)) throw failure;
      this.lose(1, `Event number ${record.seq} cannot be read: ${failure.message}.`);
    }
  }

  private lose(count: number, problem: string): void {
    this.made.lose(count);
    this.isWhole = false;
    if (this.problems.length < MOST_PROBLEMS) this.problems.push(problem);
  }
}
