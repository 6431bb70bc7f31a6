/** Lines of UTF-8 out of bytes, wherever the bytes were cut, in memory that does not grow with the input. */
import { LONGEST_MESSAGE } from '../contract/protocol';

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = '\ufeff';

export interface MessageLines {
  /** A line without its end, and without the byte order mark that some systems begin a stream with. Empty lines are passed over. */
  line(text: string): void;
  /** @param why the line cannot be read @param start its first characters, as far as they can be shown */
  unreadable(why: string, start: string): void;
}

export class LineReader {
  private parts: Uint8Array[] = [];
  private length = 0;
  private overlong: string | undefined;
  private first = true;
  private readonly decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  constructor(private readonly listener: MessageLines) {}

  push(chunk: Uint8Array): void {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end !== -1; end = chunk.indexOf(LINE_FEED, start)) {
      this.take(chunk.subarray(start, end));
      this.complete();
      start = end + 1;
    }
    this.take(chunk.subarray(start));
  }

  /** @returns the beginning of a line that never ended, for a message; undefined when there is none */
  get unfinished(): string | undefined {
    return this.overlong ?? (this.length === 0 ? undefined : shown(Buffer.concat(this.parts)));
  }

  private take(part: Uint8Array): void {
    if (part.length === 0 || this.overlong !== undefined) return;
    this.parts.push(part);
    this.length += part.length;
    // One byte more: the carriage return of a line of the greatest length.
    if (this.length <= LONGEST_MESSAGE + 1) return;
    this.overlong = shown(Buffer.concat(this.parts));
    this.parts = [];
    this.length = 0;
  }

  private complete(): void {
    const bytes = Buffer.concat(this.parts);
    const { overlong } = this;
    this.parts = [];
    this.length = 0;
    this.overlong = undefined;
    const line = bytes.at(-1) === CARRIAGE_RETURN ? bytes.subarray(0, -1) : bytes;
    if (overlong !== undefined || line.length > LONGEST_MESSAGE) {
      this.listener.unreadable(`is longer than ${LONGEST_MESSAGE} bytes`, overlong ?? shown(line));
    } else {
      this.deliver(line);
    }
  }

  private deliver(line: Uint8Array): void {
    let text: string;
    try {
      text = this.decoder.decode(line);
    } catch {
      this.listener.unreadable('is not UTF-8', shown(line));
      return;
    }
    if (this.first && text.startsWith(BYTE_ORDER_MARK)) text = text.slice(BYTE_ORDER_MARK.length);
    this.first = false;
    if (text.trim() !== '') this.listener.line(text);
  }
}

const SHOWN = 60;

/** @returns the beginning of a line, printable */
export function shown(line: Uint8Array | string): string {
  const text =
    typeof line === 'string' ? line.slice(0, SHOWN + 1) : Buffer.from(line.subarray(0, SHOWN + 1)).toString();
  const printable = JSON.stringify(text.slice(0, SHOWN));
  return text.length > SHOWN ? `${printable}…` : printable;
}
