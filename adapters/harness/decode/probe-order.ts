/** Brings the records of a probe into order and finds out what is missing: ETW keeps a buffer a processor, and drops what does not fit. */
import type { ProbeRecord } from './probe-record';

/** Records that may wait for one with a lower number. ETW hands them out much nearer to each other than this. */
const WINDOW = 1 << 16;

/** A record with its whole chain, or records that are missing. */
export type Ordered = { readonly record: ProbeRecord } | { readonly lost: number };

/** @returns what may be handed out by now, in order */
export class ProbeOrder {
  private readonly waiting = new Map<number, ProbeRecord>();
  private next = 1;
  /** Records whose chain goes on, by number. */
  private readonly unfinished = new Map<number, ProbeRecord[]>();
  /** In order, behind a record whose chain is not whole yet. */
  private held: (Ordered & { readonly first?: number })[] = [];

  /** A record may come late, but not twice. */
  take(record: ProbeRecord): Ordered[] {
    if (record.seq >= this.next) this.waiting.set(record.seq, record);
    return this.release(this.waiting.size > WINDOW);
  }

  /** Nothing more comes. */
  end(): Ordered[] {
    const out = this.release(true);
    for (const first of this.unfinished.keys()) this.lose(first);
    return [...out, ...this.handOut()];
  }

  private release(everything: boolean): Ordered[] {
    for (;;) {
      const record = this.waiting.get(this.next);
      if (record) {
        this.waiting.delete(this.next);
        this.next += 1;
        this.place(record);
      } else if (everything && this.waiting.size > 0) {
        let lowest = Number.POSITIVE_INFINITY;
        for (const seq of this.waiting.keys()) lowest = Math.min(lowest, seq);
        this.held.push({ lost: lowest - this.next });
        this.next = lowest;
      } else {
        return this.handOut();
      }
    }
  }

  private place(record: ProbeRecord): void {
    if (record.of === 0) {
      if (record.more) this.unfinished.set(record.seq, [record]);
      this.held.push({ record, first: record.seq });
      return;
    }
    const parts = this.unfinished.get(record.of);
    // The beginning of its chain is what was lost; that has been said.
    if (!parts) return;
    parts.push(record);
    if (record.more) return;
    this.unfinished.delete(record.of);
    const [first] = parts;
    if (!first) return;
    const isCut = parts.some((part) => part.isCut);
    const whole = { ...first, more: false, isCut, chain: parts.flatMap(({ chain }) => chain) };
    this.held = this.held.map((each) => (each.first === record.of ? { record: whole, first: record.of } : each));
  }

  /** The end of a chain was lost: of a crossing whose chain is not known, nothing can be said. */
  private lose(first: number): void {
    this.unfinished.delete(first);
    this.held = this.held.map((each) => (each.first === first ? { lost: 1 } : each));
  }

  private handOut(): Ordered[] {
    const last = this.held.at(-1);
    if (this.unfinished.size > 0 && this.held.length <= WINDOW && last) {
      const stop = this.held.findIndex(({ first }) => first !== undefined && this.unfinished.has(first));
      return this.held.splice(0, stop < 0 ? this.held.length : stop);
    }
    for (const first of [...this.unfinished.keys()]) this.lose(first);
    return this.held.splice(0);
  }
}
