/** What is made of the lines of a trace, one after the other. Nothing in a line can make it throw. */
import { crossingFault, headerFault } from './check';
import type { Crossing, TraceHeader } from './crossing';
import { LONGEST_LINE, type LinePlace } from './lines';
import { KNOWN_NAMES, probablyMeant } from './names';
import { normaliseStatuses } from './normalise';
import { printable } from './printable';
import { toldBy, type Told } from './told';
import { isTorn, whyUnreadable } from './unreadable';

/** Something in the file that is not as it should be. */
export interface TraceProblem {
  /** 1 for the first line of the file. */
  readonly line: number;
  /** Where the line begins: bytes from the beginning of the trace, uncompressed. */
  readonly offset: number;
  /** What is wrong and what to do about it, in one line. */
  readonly what: string;
  /**
   * What is not there to be judged: `line` this line, `crossings` some before it, `order` which of them came first, `rest` all from here on,
   * `nothing` (something is said that does not matter to a verdict).
   */
  readonly lost: 'line' | 'crossings' | 'order' | 'rest' | 'nothing';
  /** What can still be told of the crossing in a line that is lost. */
  readonly told?: Told;
}

/** Who is told what is in a trace, in its order. */
export interface TraceListener {
  header(header: TraceHeader): void;
  /**
   * @param kind if there is one, a number for what the crossing is called: another one with the same number has the same direction
   * and name
   * @returns true when the listener will not look at this object again, so that it may be used for another crossing
   */
  crossing(crossing: Crossing, kind?: number): boolean | undefined;
  problem(problem: TraceProblem): void;
}

/** Unknown names that are looked at: a real driver has some dozens, a damaged file any number. */
const NAMES_LOOKED_AT = 500;

/** Numbers of lines left out that are remembered until the next crossing. */
const LEFT_OUT = 64;

const GUESS = 'as it is, states and objects are unknown from here on, and nothing is condemned on a guess.';

export class TraceParser {
  private header: TraceHeader | undefined;
  /** seq of the crossing before, and the highest so far. */
  private last = 0;
  private highest = 0;
  private stopped = false;
  private readonly unknown = new Set<string>();
  /** Numbers that lines tell which were left out since the crossing before. */
  private readonly leftOut = new Set<number>();

  /** @param made what is to become of a crossing that comes from `JSON.parse` */
  constructor(
    private readonly listener: TraceListener,
    private readonly made: (crossing: Crossing) => Crossing = (crossing): Crossing => crossing,
  ) {}

  /** Nothing more can be read from this source. */
  get isStopped(): boolean {
    return this.stopped;
  }

  /**
   * @param raw a line without its line feed (a carriage return may be left)
   * @param unfinished it ends where the trace ends, without a line feed
   */
  line(raw: string, place: LinePlace, unfinished: boolean): void {
    if (this.stopped || raw === '' || raw === '\r') return;
    const text = place.line === 1 && raw.startsWith('\ufeff') ? raw.slice(1) : raw;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (failure) {
      this.unreadable(text, place, unfinished, failure);
      return;
    }
    if (typeof value === 'object' && value !== null && Object.hasOwn(value, 'schema')) this.readHeader(value, place);
    else this.readCrossing(value, text, place);
  }

  tooLong(place: LinePlace): void {
    this.problem(
      place,
      'line',
      `This line is longer than ${LONGEST_LINE} characters and was left out; no crossing is that long.`,
    );
  }

  /** The source failed before its end. */
  brokeOff(place: LinePlace, failure: unknown): void {
    const reason = failure instanceof Error ? failure.message : 'the source gave no reason';
    this.problem(
      place,
      'rest',
      `Reading ended here before the end of the file (${reason}); what was read so far is judged.`,
    );
  }

  /**
   * Takes a crossing that is as it should be, but for its `seq`.
   * @param kind see `TraceListener`
   * @returns true when nobody will look at this object again
   */
  crossing(crossing: Crossing, line: number, offset: number, kind: number): boolean | undefined {
    if (this.stopped) return false;
    const { seq } = crossing;
    if (seq === this.last + 1 && this.last === this.highest && this.last > 0 && this.leftOut.size === 0) {
      this.last = seq;
      this.highest = seq;
    } else {
      this.follow(seq, { line, offset });
    }
    return this.listener.crossing(crossing, kind);
  }

  private problem({ line, offset }: LinePlace, lost: TraceProblem['lost'], what: string, told?: Told): void {
    if (this.stopped) return;
    if (lost === 'line' && told?.seq !== undefined && this.leftOut.size < LEFT_OUT) this.leftOut.add(told.seq);
    this.listener.problem({ line, offset, what: printable(what), lost, ...(told && { told }) });
  }

  private stop(place: LinePlace, what: string): void {
    this.problem(place, 'rest', what);
    this.stopped = true;
  }

  private unreadable(text: string, place: LinePlace, unfinished: boolean, failure: unknown): void {
    if (text.trim() === '') return;
    if (text.includes('\0')) {
      this.stop(
        place,
        'This is not a text in UTF-8 (perhaps UTF-16, as PowerShell writes it): save it as UTF-8. Nothing from here on was read.',
      );
    } else if (unfinished && isTorn(text)) {
      const what =
        'The last line ends in the middle: the recording was cut off here. What came before is judged; remove this line, or record again.';
      this.problem(place, 'line', what, toldBy(text));
    } else {
      this.problem(place, 'line', whyUnreadable(text, failure), toldBy(text));
    }
  }

  private readHeader(value: object, place: LinePlace): void {
    if (this.header !== undefined || this.last > 0) {
      this.stop(
        place,
        'Here another trace begins (a header is the first line of one): put it into a file of its own. Nothing from here on was read.',
      );
      return;
    }
    const { schema } = value as { schema: unknown };
    if (schema !== 'trace/1') {
      const named = JSON.stringify(schema).slice(0, 40);
      this.stop(
        place,
        `This trace says it is ${named}, and this version of the kit reads "trace/1" only: record it as "trace/1" or use a version that knows it. Nothing was read.`,
      );
      return;
    }
    const fault = headerFault(value);
    if (fault !== undefined) {
      this.problem(place, 'nothing', `${fault}. The header was left out.`);
      return;
    }
    this.header = value as TraceHeader;
    this.listener.header(this.header);
  }

  private readCrossing(value: unknown, text: string, place: LinePlace): void {
    const fault = crossingFault(value);
    if (fault !== undefined) {
      this.problem(place, 'line', `${fault}. The line was left out.`, toldBy(text));
      return;
    }
    const crossing = value as Crossing;
    this.follow(crossing.seq, place);
    if (crossing.neighbour === undefined && !KNOWN_NAMES.has(crossing.ddi)) this.unknownName(crossing.ddi, place);
    this.listener.crossing(this.made(normaliseStatuses(crossing)));
  }

  private unknownName(ddi: string, place: LinePlace): void {
    if (this.unknown.has(ddi) || this.unknown.size >= NAMES_LOOKED_AT) return;
    this.unknown.add(ddi);
    const meant = probablyMeant(ddi);
    if (meant !== undefined) {
      this.problem(
        place,
        'line',
        `\`${ddi}\` is a name that no rule knows; probably it should be \`${meant}\`. As it is, no rule sees it.`,
        { ddi: meant },
      );
    }
  }

  /** Reports what is lost or out of order. Judges see it from `seq` as well, and take everything to be unknown there. */
  private follow(seq: number, place: LinePlace): void {
    const { last, highest, leftOut } = this;
    const known = [...leftOut].filter((number) => number > highest && number < seq).length;
    leftOut.clear();
    this.last = seq;
    this.highest = Math.max(highest, seq);
    if (seq <= last) {
      const what = seq === last ? `Crossing ${seq} is there twice` : `Crossing ${seq} comes after crossing ${last}`;
      const remedy = `Number the crossings 1, 2, 3 … in the order in which they happened; ${GUESS}`;
      this.problem(place, 'order', `${what}. ${remedy}`);
    } else if (seq > highest + 1 && (highest > 0 || this.header?.complete === true)) {
      // A recording may begin anywhere, unless it says that it has everything.
      const missing = seq === highest + 2 ? `Crossing ${seq - 1} is` : `Crossings ${highest + 1}–${seq - 1} are`;
      // Of lines that were left out it has been said already what they were.
      if (known === seq - highest - 1)
        this.problem(place, 'nothing', `${missing} missing here: left out, as was said.`);
      else
        this.problem(
          place,
          'crossings',
          `${missing} missing here, lost while recording or left out as a problem; ${GUESS}`,
        );
    }
  }
}
