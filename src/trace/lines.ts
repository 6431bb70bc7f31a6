/** Lines out of chunks of text, wherever the chunks were cut, in memory that does not grow with the input. */

/** No crossing is this long; a line that is comes from another kind of file and must not fill the memory. */
export const LONGEST_LINE = 1024 * 1024;

export interface LineListener {
  /** @param text the line without its line feed (a carriage return may be left) @param number 1, 2, 3 … */
  line(text: string, number: number): void;
  /** The line was longer than LONGEST_LINE characters; it is left out. */
  tooLong(number: number): void;
}

export class LineSplitter {
  private rest = '';
  private number = 1;
  private skipping = false;

  constructor(private readonly listener: LineListener) {}

  /** Number of the line that is being read. */
  get current(): number {
    return this.number;
  }

  push(chunk: string): void {
    let start = 0;
    for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', start)) {
      // Most lines lie within one chunk: those are cut out without touching what is left of the chunk before.
      this.complete(this.rest === '' ? chunk.slice(start, end) : this.rest + chunk.slice(start, end));
      this.rest = '';
      start = end + 1;
    }
    if (start === chunk.length || this.skipping) return;
    this.rest += start === 0 ? chunk : chunk.slice(start);
    if (this.rest.length > LONGEST_LINE) {
      this.listener.tooLong(this.number);
      this.rest = '';
      this.skipping = true;
    }
  }

  /** @returns the last line, if it did not end in a line feed */
  end(): string | undefined {
    const last = this.rest;
    this.rest = '';
    return last === '' || this.skipping ? undefined : last;
  }

  private complete(text: string): void {
    const number = this.number;
    this.number += 1;
    if (this.skipping) this.skipping = false;
    else if (text.length > LONGEST_LINE) this.listener.tooLong(number);
    else this.listener.line(text, number);
  }
}
