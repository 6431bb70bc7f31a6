/** Reads `trace/1`: NDJSON of any length in memory of constant size. Nothing in a file can make it throw. */
import { StringDecoder } from 'node:string_decoder';
import { crossingFault, headerFault } from './check';
import type { Crossing, NblView, TraceHeader } from './crossing';
import { LineSplitter, LONGEST_LINE } from './lines';
import { KNOWN_NAMES, probablyMeant } from './names';
import { printable } from './printable';
import { normaliseStatus } from './status';
import { isTorn, whyUnreadable } from './unreadable';

/** Something in the file that is not as it should be. */
export interface TraceProblem {
  /** 1 for the first line of the file. */
  readonly line: number;
  /** What is wrong and what to do about it, in one line. */
  readonly what: string;
}

/** What the reader finds, in the order of the file. */
export type TraceEntry =
  | { readonly header: TraceHeader; readonly crossing?: undefined; readonly problem?: undefined }
  | { readonly crossing: Crossing; readonly header?: undefined; readonly problem?: undefined }
  | { readonly problem: TraceProblem; readonly header?: undefined; readonly crossing?: undefined };

/** Unknown names that are looked at: a real driver has some dozens, a damaged file any number. */
const NAMES_LOOKED_AT = 500;

/** Bounds what is parsed ahead of the consumer, however large the chunks of the source are. */
const PIECE = 64 * 1024;

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** In place: the object was parsed a moment ago and nobody else has it. */
function normaliseStatuses(crossing: Mutable<Crossing>): Crossing {
  const { ddi, status, args, nbls } = crossing;
  if (status !== undefined) crossing.status = normaliseStatus(status, ddi);
  if (args?.status !== undefined) {
    (args as Record<string, unknown>).status = normaliseStatus(args.status, ddi);
  }
  for (const nbl of (nbls ?? []) as readonly Mutable<NblView>[]) {
    // NET_BUFFER_LIST.Status is an NDIS_STATUS wherever it is seen.
    if (nbl.status !== undefined) nbl.status = normaliseStatus(nbl.status, 'NdisFSendNetBufferLists');
  }
  return crossing;
}

const GUESS = 'as it is, states and objects are unknown from here on, and nothing is condemned on a guess.';

class TraceParser {
  private found: TraceEntry[] = [];
  private header: TraceHeader | undefined;
  /** seq of the crossing before, and the highest so far. */
  private last = 0;
  private highest = 0;
  private stopped = false;
  private readonly unknown = new Set<string>();
  private readonly lines = new LineSplitter({
    line: (text, number) => this.line(text, number, false),
    tooLong: (number) =>
      this.problem(
        number,
        `This line is longer than ${LONGEST_LINE} characters and was left out; no crossing is that long.`,
      ),
  });

  /** Nothing more can be read from this source. */
  get isStopped(): boolean {
    return this.stopped;
  }

  push(text: string): readonly TraceEntry[] {
    this.lines.push(text);
    return this.take();
  }

  /** @param failure what ended the source before its end */
  end(failure?: unknown): readonly TraceEntry[] {
    const number = this.lines.current;
    const last = this.lines.end();
    if (last !== undefined) this.line(last, number, true);
    if (failure !== undefined) {
      const reason = failure instanceof Error ? failure.message : 'the source gave no reason';
      this.problem(
        number,
        `Reading ended here before the end of the file (${reason}); what was read so far is judged.`,
      );
    }
    return this.take();
  }

  private take(): readonly TraceEntry[] {
    const found = this.found;
    this.found = [];
    return found;
  }

  private problem(line: number, what: string): void {
    if (!this.stopped) this.found.push({ problem: { line, what: printable(what) } });
  }

  private stop(line: number, what: string): void {
    this.problem(line, what);
    this.stopped = true;
  }

  private line(raw: string, number: number, unfinished: boolean): void {
    if (this.stopped || raw === '' || raw === '\r') return;
    const text = number === 1 && raw.startsWith('\ufeff') ? raw.slice(1) : raw;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (failure) {
      this.unreadable(text, number, unfinished, failure);
      return;
    }
    if (typeof value === 'object' && value !== null && Object.hasOwn(value, 'schema')) this.readHeader(value, number);
    else this.readCrossing(value, number);
  }

  private unreadable(text: string, number: number, unfinished: boolean, failure: unknown): void {
    if (text.trim() === '') return;
    if (text.includes('\0')) {
      this.stop(
        number,
        'This is not a text in UTF-8 (perhaps UTF-16, as PowerShell writes it): save it as UTF-8. Nothing from here on was read.',
      );
    } else if (unfinished && isTorn(text)) {
      this.problem(
        number,
        'The last line ends in the middle: the recording was cut off here. What came before is judged; remove this line, or record again.',
      );
    } else {
      this.problem(number, whyUnreadable(text, failure));
    }
  }

  private readHeader(value: object, number: number): void {
    if (this.header !== undefined || this.last > 0) {
      this.stop(
        number,
        'Here another trace begins (a header is the first line of one): put it into a file of its own. Nothing from here on was read.',
      );
      return;
    }
    const { schema } = value as { schema: unknown };
    if (schema !== 'trace/1') {
      const named = JSON.stringify(schema).slice(0, 40);
      this.stop(
        number,
        `This trace says it is ${named}, and this version of the kit reads "trace/1" only: record it as "trace/1" or use a version that knows it. Nothing was read.`,
      );
      return;
    }
    const fault = headerFault(value);
    if (fault !== undefined) {
      this.problem(number, `${fault}. The header was left out.`);
      return;
    }
    this.header = value as TraceHeader;
    this.found.push({ header: this.header });
  }

  private readCrossing(value: unknown, number: number): void {
    const fault = crossingFault(value);
    if (fault !== undefined) {
      this.problem(number, `${fault}. The line was left out.`);
      return;
    }
    const crossing = value as Crossing;
    this.follow(crossing.seq, number);
    if (crossing.neighbour === undefined && !KNOWN_NAMES.has(crossing.ddi)) this.unknownName(crossing.ddi, number);
    this.found.push({ crossing: normaliseStatuses(crossing) });
  }

  private unknownName(ddi: string, number: number): void {
    if (this.unknown.has(ddi) || this.unknown.size >= NAMES_LOOKED_AT) return;
    this.unknown.add(ddi);
    const meant = probablyMeant(ddi);
    if (meant !== undefined) {
      this.problem(
        number,
        `\`${ddi}\` is a name that no rule knows; probably it should be \`${meant}\`. As it is, no rule sees it.`,
      );
    }
  }

  /** Reports what is lost or out of order. Judges see it from `seq` as well, and take everything to be unknown there. */
  private follow(seq: number, number: number): void {
    const { last, highest } = this;
    this.last = seq;
    this.highest = Math.max(highest, seq);
    if (seq <= last) {
      const what = seq === last ? `Crossing ${seq} is there twice` : `Crossing ${seq} comes after crossing ${last}`;
      this.problem(number, `${what}. Number the crossings 1, 2, 3 … in the order in which they happened; ${GUESS}`);
    } else if (seq > highest + 1 && (highest > 0 || this.header?.complete === true)) {
      // A recording may begin anywhere, unless it says that it has everything.
      const missing = seq === highest + 2 ? `Crossing ${seq - 1} is` : `Crossings ${highest + 1}–${seq - 1} are`;
      this.problem(number, `${missing} missing here, lost while recording or left out as a problem; ${GUESS}`);
    }
  }
}

function* pieces(chunk: Uint8Array | string, decoder: StringDecoder): Iterable<string> {
  for (let at = 0; at < chunk.length; at += PIECE) {
    if (typeof chunk === 'string') yield chunk.slice(at, at + PIECE);
    else yield decoder.write(Buffer.from(chunk.buffer, chunk.byteOffset + at, Math.min(PIECE, chunk.length - at)));
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
  const parser = new TraceParser();
  const decoder = new StringDecoder('utf8');
  let failure: unknown;
  try {
    for await (const chunk of typeof source === 'string' ? [source] : source) {
      for (const piece of pieces(chunk, decoder)) {
        for (const entry of parser.push(piece)) yield entry;
        if (parser.isStopped) return;
      }
    }
  } catch (thrown) {
    failure = thrown ?? new Error('no reason given');
  }
  for (const entry of parser.push(decoder.end())) yield entry;
  for (const entry of parser.end(failure)) yield entry;
}
