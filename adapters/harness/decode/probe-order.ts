/** Brings the records of a probe into order and finds out what is missing: ETW keeps a buffer a processor, and drops what does not fit. */
import type { ProbeRecord } from './probe-record';

/** Records that may wait for one with a lower number. ETW hands them out much nearer to each other than this. */
const WINDOW = 1 << 16;

/** A record with its whole chain, or records that are missing. */
export type Ordered = { readonly record: ProbeRecord } | { readonly lost: number };

/** A place in the order, whose record may still grow. */
interface Place {
  content: Ordered;
  isUnfinished: boolean;
}

interface Chain {
  readonly place: Place;
  readonly parts: ProbeRecord[];
}

export class ProbeOrder {
  private readonly waiting = new Map<number, ProbeRecord>();
  private next = 1;
  /** Records whose chain goes on, by number. */
  private readonly chains = new Map<number, Chain>();
  /** In order, from the first record on whose chain is not whole yet. */
  private held: Place[] = [];

  /**
   * A record may come late, but not twice.
   * @returns what may be handed out by now, in order
   */
  take(record: ProbeRecord): Ordered[] {
    if (record.seq >= this.next) this.waiting.set(record.seq, record);
    this.advance();
    if (this.waiting.size > WINDOW) this.giveUpWaiting();
    return this.handOut();
  }

  /** Is there a record that cannot be handed out before others have come? */
  get isWaiting(): boolean {
    return this.waiting.size > 0 || this.held.length > 0;
  }

  /** Nothing more comes. */
  end(): Ordered[] {
    this.giveUpWaiting();
    this.giveUpChains();
    return this.handOut();
  }

  private advance(): void {
    for (let record = this.waiting.get(this.next); record; record = this.waiting.get(this.next)) {
      this.waiting.delete(this.next);
      this.next += 1;
      this.place(record);
    }
  }

  private giveUpWaiting(): void {
    for (const seq of [...this.waiting.keys()].sort((a, b) => a - b)) {
      if (seq < this.next) continue;
      this.held.push({ content: { lost: seq - this.next }, isUnfinished: false });
      this.next = seq;
      this.advance();
    }
  }

  private place(record: ProbeRecord): void {
    if (record.of === 0) {
      const place = { content: { record }, isUnfinished: record.more };
      if (record.more) this.chains.set(record.seq, { place, parts: [record] });
      this.held.push(place);
      return;
    }
    // Without a beginning it is the rest of one that was lost; that has been said.
    const chain = this.chains.get(record.of);
    if (!chain) return;
    const { place, parts } = chain;
    parts.push(record);
    if (record.more) return;
    this.chains.delete(record.of);
    const isCut = parts.some((part) => part.isCut);
    place.content = {
      record: { ...(parts[0] ?? record), more: false, isCut, chain: parts.flatMap((part) => part.chain) },
    };
    place.isUnfinished = false;
  }

  /** The end of a chain was lost: of a crossing whose chain is not known, nothing can be said. */
  private giveUpChains(): void {
    for (const { place } of this.chains.values()) {
      place.content = { lost: 1 };
      place.isUnfinished = false;
    }
    this.chains.clear();
  }

  private handOut(): Ordered[] {
    if (this.held.length > WINDOW) this.giveUpChains();
    const stop = this.chains.size === 0 ? -1 : this.held.findIndex(({ isUnfinished }) => isUnfinished);
    return this.held.splice(0, stop < 0 ? this.held.length : stop).map(({ content }) => content);
  }
}
