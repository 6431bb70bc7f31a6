/** What was seen, numbered and kept until the controller has it: an agent that comes after this one goes on where it ended. */
import { LONGEST_MESSAGE } from '../../contract/protocol';
import { EVENT_PAGE, type Cursor, type EventPage, type NumberedObservation, type Observation } from '../protocol';
import type { Journal } from './journal';

/** Half of a message: the rest is the envelope, and characters of more than one byte. */
const PAGE_BYTES = LONGEST_MESSAGE / 2;

export class Observations {
  private seq: number;
  /** Those that the controller does not have yet. */
  private kept: readonly NumberedObservation[];
  private added: NumberedObservation[] = [];
  private known: Cursor | undefined;

  /** @param boot that is going on @param known the last observation that the controller has */
  constructor(
    private readonly journal: Journal,
    private readonly boot: string,
    known?: Cursor,
  ) {
    this.kept = journal.events;
    // What the controller has may be in no journal any more: that of a run which has said goodbye is gone.
    const first = known?.boot === boot ? known.seq : 0;
    this.seq = journal.events.reduce((last, event) => (event.boot === boot ? Math.max(last, event.seq) : last), first);
    if (known) this.forget(known);
  }

  /** What cannot be written down leaves a gap in the numbers, and is told as lost. */
  add(observation: Observation): void {
    const event = { ...observation, boot: this.boot, seq: (this.seq += 1) };
    try {
      this.journal.seen(event);
      this.added.push(event);
    } catch {
      // The gap tells.
    }
  }

  /**
   * @param after the last one that the controller has: it and those before it are not kept any longer
   * @returns those that follow, over all boots of the run, durable
   * @throws what the journal's file throws
   */
  page(after: Cursor | undefined, limit = EVENT_PAGE): EventPage {
    if (this.added.length > 0) this.kept = [...this.kept, ...this.added];
    this.added = [];
    this.journal.sync();
    if (after) this.forget(after);
    const events: NumberedObservation[] = [];
    let bytes = 0;
    for (const event of this.kept) {
      bytes += Buffer.byteLength(JSON.stringify(event));
      if (events.length > 0 && (events.length >= limit || bytes > PAGE_BYTES)) break;
      events.push(event);
    }
    return { events, more: events.length < this.kept.length, lost: missing(this.known, events) };
  }

  private forget(after: Cursor): void {
    this.known = after;
    const index = this.kept.findLastIndex(({ boot, seq }) => boot === after.boot && seq <= after.seq);
    this.kept = this.kept.slice(index + 1);
  }
}

/** How many numbers are left out in between. In a new boot they start with 1. */
function missing(after: Cursor | undefined, events: readonly NumberedObservation[]): number {
  let lost = 0;
  let last = after;
  for (const event of events) {
    lost += event.seq - 1 - (last?.boot === event.boot ? last.seq : 0);
    last = event;
  }
  return lost;
}
