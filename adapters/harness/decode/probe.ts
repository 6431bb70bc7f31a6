/** Events of the probe, as ETW hands them out, to a trace that judges can read. */
import type { Crossing } from '../../../src/trace';
import { ProbeCrossings } from './probe-crossings';
import { ProbeOrder, type Ordered } from './probe-order';
import { ProbeRecords, type ProbeRecord } from './probe-record';
import { BadEvent, type SelfDescribingEvent } from './trace-logging';

export interface ProbeOutcome {
  readonly crossings: readonly Crossing[];
  /** Everything that the probe wrote from its first event on is there, and it followed every chain to its end. */
  readonly isWhole: boolean;
  /** What is missing or unreadable, a sentence each, the first hundred. */
  readonly problems: readonly string[];
}

const MOST_PROBLEMS = 100;

/**
 * Reads what a probed driver has written. Events may come in any order; what cannot be read is a problem, and never an exception.
 * A crossing that is missing leaves a gap in `seq`, by which judges know that they cannot know.
 */
export class ProbeDecoder {
  private readonly records = new ProbeRecords();
  private readonly order = new ProbeOrder();
  private readonly made = new ProbeCrossings();
  private readonly found: Crossing[] = [];
  private readonly problems: string[] = [];
  private isWhole = true;
  private events = 0;

  take(event: SelfDescribingEvent): void {
    this.events += 1;
    const record = this.readable(event);
    if (record) this.add(this.order.take(record));
  }

  /** Nothing more comes. */
  finish(): ProbeOutcome {
    this.add(this.order.end());
    return { crossings: this.found, isWhole: this.isWhole, problems: this.problems };
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
    try {
      const crossing = this.made.take(record);
      if (crossing) this.found.push(crossing);
    } catch (failure) {
      if (!(failure instanceof BadEvent)) throw failure;
      this.lose(1, `Event number ${record.seq} cannot be read: ${failure.message}.`);
    }
  }

  /** What is left out here is missing by its number later. */
  private readable(event: SelfDescribingEvent): ProbeRecord | undefined {
    try {
      return this.records.read(event);
    } catch (failure) {
      if (!(failure instanceof BadEvent)) throw failure;
      this.report(`Event ${this.events}, in the order of arrival, cannot be read: ${failure.message}.`);
      return undefined;
    }
  }

  private lose(count: number, problem: string): void {
    this.made.lose(count);
    this.report(problem);
  }

  private report(problem: string): void {
    this.isWhole = false;
    if (this.problems.length < MOST_PROBLEMS) this.problems.push(problem);
  }
}
