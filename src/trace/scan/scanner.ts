/**
 * Reads the bytes of a trace. A line of a known shape becomes a few numbers; any other is passed on as it is, for
 * `JSON.parse`, and teaches its shape. So whatever a line holds, it is read as if `JSON.parse` had read it.
 */
import { MOST_BYTES } from '../lines';
import { HOLES, LAST_LINE_RECORD, LINE_RECORD, PIECE, TEMPLATE_RECORD } from './layout';
import { giveBack, takeMatcher } from './matcher';
import { Records, TEMPLATES } from './records';
import { Shapes } from './shapes';
import { templateOf } from './template';
import { Tree } from './tree';

const LINE_FEED = 10;

/** After so many lines that taught nothing new, only some are looked at. */
const PATIENCE = 1000;
const SOME = 64;

export class Scanner {
  private readonly matcher = takeMatcher();
  private readonly records = new Records(this.matcher);
  private readonly tree = new Tree(this.matcher);
  private readonly shapes = new Shapes();
  private readonly buffer = this.matcher.input;
  /** What is in the buffer. */
  private filled = 0;
  private inVain = 0;
  /** Bytes of a line that is too long and goes on; 0: there is none. */
  private skipped = 0;

  /** @returns where the next bytes of the trace are to be put, PIECE at most */
  space(): Buffer {
    return this.buffer.subarray(this.filled, this.filled + PIECE);
  }

  /**
   * @param count so many bytes were put into `space()`
   * @returns bytes of the records that are there to be taken
   */
  scan(count: number): number {
    this.filled += count;
    let at = this.skipped > 0 ? this.skip() : 0;
    while (at < this.filled) {
      at = this.matcher.scan(at, this.filled);
      const end = this.line(at);
      if (end < 0) break;
      at = end;
    }
    this.keep(at);
    return this.matcher.recorded;
  }

  /** The trace ends here. */
  end(): void {
    if (this.skipped > 0) this.records.addTooLong(this.skipped + this.filled);
    else if (this.filled > 0) this.records.addLine(LAST_LINE_RECORD, this.buffer.subarray(0, this.filled));
    this.filled = 0;
    this.skipped = 0;
  }

  /** @returns the records since the last time, which stay as they are until more is scanned */
  take(): Buffer {
    return this.records.take();
  }

  /** Nothing more is to be scanned, and what was taken is not needed any more. */
  release(): void {
    giveBack(this.matcher);
  }

  /** What is left of the piece is the beginning of a line. */
  private keep(at: number): void {
    const left = this.filled - at;
    if (at > 0) this.buffer.copyWithin(0, at, this.filled);
    this.filled = left;
    if (this.skipped > 0 || left > MOST_BYTES) {
      this.skipped += left;
      this.filled = 0;
    }
  }

  private skip(): number {
    const feed = this.feedFrom(0);
    if (feed < 0) return 0;
    this.records.addTooLong(this.skipped + feed + 1);
    this.skipped = 0;
    return feed + 1;
  }

  private feedFrom(at: number): number {
    return this.buffer.subarray(0, this.filled).indexOf(LINE_FEED, at);
  }

  /** Passes on a line as it is. @returns where the next line begins; -1: this one goes on in the next piece */
  private line(at: number): number {
    const feed = at < this.filled ? this.feedFrom(at) : -1;
    if (feed < 0) return -1;
    const line = this.buffer.subarray(at, feed + 1);
    this.records.addLine(LINE_RECORD, line);
    this.learn(line);
    return feed + 1;
  }

  private learn(line: Buffer): void {
    if (this.shapes.all.length >= TEMPLATES || (this.inVain > PATIENCE && this.inVain % SOME !== 0)) {
      this.inVain += 1;
      return;
    }
    const template = templateOf(line.toString('latin1'));
    const path = template && template.holes.length <= HOLES ? this.tree.pathOf(template) : undefined;
    if (template && path) {
      this.tree.plant(path, this.shapes.add(template));
      this.inVain = 0;
      this.records.addLine(TEMPLATE_RECORD, line);
    } else {
      this.inVain += 1;
    }
  }
}
