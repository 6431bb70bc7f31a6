/** Lines out of chunks of bytes, wherever the chunks were cut, in memory that does not grow with the input. */

/** In characters. No crossing is this long; a line that is comes from another kind of file and must not fill the memory. */
export const LONGEST_LINE = 1024 * 1024;

/** A line of more bytes of UTF-8 has more than LONGEST_LINE characters. */
export const MOST_BYTES = 3 * LONGEST_LINE;

const LINE_FEED = 10;

/** Where a line is. */
export interface LinePlace {
  /** 1, 2, 3 … */
  readonly line: number;
  /** Bytes before it. */
  readonly offset: number;
}

export interface LineListener {
  /** @param text the line without its line feed (a carriage return may be left) */
  line(text: string, place: LinePlace): void;
  /** The line was longer than LONGEST_LINE characters; it is left out. */
  tooLong(place: LinePlace): void;
}

export class LineSplitter {
  /** What is there of the line that is being read. */
  private rest: Buffer[] = [];
  private length = 0;
  private number = 1;
  private offset = 0;

  constructor(private readonly listener: LineListener) {}

  /** The line that is being read. */
  get current(): LinePlace {
    return { line: this.number, offset: this.offset };
  }

  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, start)) {
      this.add(bytes.subarray(start, end));
      this.pass((text, place) => this.listener.line(text, place));
      this.number += 1;
      this.offset += this.length + 1;
      this.length = 0;
      start = end + 1;
    }
    // The owner of the chunk may use it for the next one.
    if (start < bytes.length) this.add(Buffer.from(bytes.subarray(start)));
  }

  /** @param last is given the last line, if it did not end in a line feed */
  end(last: LineListener['line']): void {
    if (this.length > 0) this.pass(last);
  }

  private add(part: Buffer): void {
    this.length += part.length;
    if (this.length <= MOST_BYTES) this.rest.push(part);
    else this.rest = [];
  }

  private pass(to: LineListener['line']): void {
    const [first] = this.rest;
    const whole = this.rest.length === 1 && first ? first : Buffer.concat(this.rest);
    this.rest = [];
    const text = this.length > MOST_BYTES ? undefined : whole.toString('utf8');
    if (text === undefined || text.length > LONGEST_LINE) this.listener.tooLong(this.current);
    else to(text, this.current);
  }
}
