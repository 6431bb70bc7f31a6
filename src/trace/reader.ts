/** Reads `trace/1`: NDJSON of any length in memory of constant size. Nothing in a file can make it throw. */
import type { Crossing, TraceHeader } from './crossing';
import { LineSplitter } from './lines';
import { TraceParser, type TraceProblem } from './parser';

/** What the reader finds, in the order of the file. */
export type TraceEntry =
  | { readonly header: TraceHeader; readonly crossing?: undefined; readonly problem?: undefined }
  | { readonly crossing: Crossing; readonly header?: undefined; readonly problem?: undefined }
  | { readonly problem: TraceProblem; readonly header?: undefined; readonly crossing?: undefined };

/** Bounds what is parsed ahead of the consumer, however large the chunks of the source are. */
const PIECE = 64 * 1024;

class EntryReader {
  private found: TraceEntry[] = [];
  private readonly parser = new TraceParser({
    header: (header) => this.found.push({ header }),
    crossing: (crossing) => {
      this.found.push({ crossing });
      return false;
    },
    problem: (problem) => this.found.push({ problem }),
  });
  private readonly lines = new LineSplitter({
    line: (text, place) => this.parser.line(text, place, false),
    tooLong: (place) => this.parser.tooLong(place),
  });

  get isStopped(): boolean {
    return this.parser.isStopped;
  }

  push(bytes: Uint8Array): readonly TraceEntry[] {
    this.lines.push(bytes);
    return this.take();
  }

  /** @param failure what ended the source before its end */
  end(failure?: unknown): readonly TraceEntry[] {
    this.lines.end((text, place) => this.parser.line(text, place, true));
    if (failure !== undefined) this.parser.brokeOff(this.lines.current, failure);
    return this.take();
  }

  private take(): readonly TraceEntry[] {
    const { found } = this;
    this.found = [];
    return found;
  }
}

/** Bytes of chunks of bytes or of text, in pieces. */
export class Pieces {
  /** The first half of a character that was cut in two. */
  private half = '';

  *of(chunk: Uint8Array | string): Iterable<Uint8Array> {
    const bytes = typeof chunk === 'string' ? this.bytesOf(chunk) : chunk;
    for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
  }

  private bytesOf(chunk: string): Uint8Array {
    const text = this.half + chunk;
    const isCut = /[\ud800-\udbff]$/.test(text);
    this.half = isCut ? text.slice(-1) : '';
    return Buffer.from(isCut ? text.slice(0, -1) : text);
  }
}

/**
 * Reads a trace. Malformed, torn or overlong lines, lost and late crossings are reported where they stand, and what is
 * readable is passed on, in the order of the source; where `seq` does not go on by one, crossings were lost. Statuses have
 * their WDK names (see `normaliseStatus`).
 * @param source chunks of UTF-8 or of text, cut anywhere; `openTraceFile` gives those of a file
 * @returns the header (at most one, before all crossings), crossings and problems, in the order of the source. Never
 * throws: a source that fails ends with a problem.
 */
export async function* readTrace(
  source: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
): AsyncGenerator<TraceEntry, void, undefined> {
  const reader = new EntryReader();
  const pieces = new Pieces();
  let failure: unknown;
  try {
    for await (const chunk of typeof source === 'string' ? [source] : source) {
      for (const piece of pieces.of(chunk)) {
        for (const entry of reader.push(piece)) yield entry;
        if (reader.isStopped) return;
      }
    }
  } catch (thrown) {
    failure = thrown ?? new Error('no reason given');
  }
  for (const entry of reader.end(failure)) yield entry;
}
