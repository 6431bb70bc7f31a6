/** Makes crossings of records again. */
import type { ArgValue, Crossing, NblView, NetBufferView } from '../crossing';
import { LONGEST_LINE } from '../lines';
import { TraceParser, type TraceListener } from '../parser';
import {
  GROUP_RECORD,
  GROUPS,
  LAST_LINE_RECORD,
  LINE_BYTES,
  LINE_RECORD,
  SEQ_UNIT,
  TEMPLATE_RECORD,
  TEXT_RECORD,
  TEXTS,
  TOO_LONG_RECORD,
} from './layout';
import { LINE_HEAD, padded } from './records';
import { Shapes, type Shape, type ShapeGroup } from './shapes';
import { listOf, makerOf, type GroupValue } from './groups';
import { templateOf, type Group } from './template';

/** Bytes before those of a text, and doubles before the values of a group. */
const TEXT_HEAD = 12;
const GROUP_HEAD = 2;
/**
 * So many texts are made unique: in most traces all, as the same names come again and again. Where each NBL has a name of its own, it takes
 * longer than it saves.
 */
const UNIQUE_TEXTS = 1 << 14;

/** Members of crossings that vary within a shape. */
const MODULE = 1;
const ADAPTER = 2;
const THREAD = 4;
const CPU = 8;
const IRQL = 16;
const TIME = 32;
const LOCKS = 64;
const ARGS = 128;
const NBLS = 256;

/** What all crossings of a shape share, and which of their members vary. */
interface Mould {
  /** Number of the shape. */
  readonly number: number;
  readonly dir: Crossing['dir'];
  readonly ddi: string;
  readonly neighbour: Crossing['neighbour'];
  readonly status: Crossing['status'];
  readonly locks: Crossing['locks'];
  readonly args: Crossing['args'];
  readonly nbls: Crossing['nbls'];
  readonly certainty: Crossing['certainty'];
  /** Which members vary, as one number: booleans of an object are looked at in many more steps. */
  readonly varying: number;
  /** One of them that nobody looks at any more. */
  spare: Draft | undefined;
}

type Draft = { -readonly [K in keyof Crossing]: Crossing[K] };

export class Rebuilder {
  private readonly parser: TraceParser;
  private readonly shapes = new Shapes();
  private readonly moulds: Mould[] = [];
  private readonly texts: string[] = new Array<string>(TEXTS).fill('');
  private uniqueTexts = 0;
  /** By the number of the kind of group. */
  private readonly makers: ReturnType<typeof makerOf>[] = [];
  /** Of the group that is being made. */
  private readonly values: ArgValue[] = [];
  private readonly groups: GroupValue[] = new Array<GroupValue>(GROUPS).fill([]);
  /** Of the line that comes next. */
  private line = 1;
  private offset = 0;

  constructor(listener: TraceListener) {
    this.parser = new TraceParser(listener, likeTheOthers);
  }

  /** Nothing more can be read from this source. */
  get isStopped(): boolean {
    return this.parser.isStopped;
  }

  /** @param records from where a double may begin; they are not needed afterwards */
  take(records: Uint8Array): void {
    const { buffer, byteOffset, byteLength } = records;
    const integers = new Int32Array(buffer, byteOffset, byteLength / 4);
    const doubles = new Float64Array(buffer, byteOffset, byteLength / 8);
    const bytes = Buffer.from(buffer, byteOffset, byteLength);
    let at = 0;
    while (at < integers.length) {
      const head = integers[at] as number;
      if (head >= 0) {
        this.crossing(head, integers, doubles, at);
        at += LINE_BYTES / 4;
      } else {
        at += this.other(head, integers, doubles, bytes, at);
      }
    }
  }

  /** The trace ends here. @param failure what ended it before its end */
  end(failure?: unknown): void {
    if (failure !== undefined) this.parser.brokeOff({ line: this.line, offset: this.offset }, failure);
  }

  /** Of a line that a template fits: see `LINE_BYTES`. */
  private crossing(head: number, integers: Int32Array, doubles: Float64Array, at: number): void {
    const mould = this.moulds[head] as Mould;
    const { spare } = mould;
    const crossing =
      spare !== undefined
        ? this.refilled(spare, mould, integers, doubles, at)
        : this.made(mould, integers, doubles, at);
    const left = this.parser.crossing(crossing, this.line, this.offset, mould.number) ? crossing : undefined;
    if (left !== spare) mould.spare = left;
    this.line += 1;
    this.offset += integers[at + 1] as number;
  }

  private made(mould: Mould, integers: Int32Array, doubles: Float64Array, at: number): Draft {
    const { texts, groups } = this;
    const { varying } = mould;
    return {
      seq: seqAt(integers, at),
      dir: mould.dir,
      ddi: mould.ddi,
      module: (varying & MODULE) !== 0 ? texts[integers[at + 4] as number] : undefined,
      adapter: (varying & ADAPTER) !== 0 ? texts[integers[at + 5] as number] : undefined,
      neighbour: mould.neighbour,
      thread: (varying & THREAD) !== 0 ? texts[integers[at + 6] as number] : undefined,
      cpu: (varying & CPU) !== 0 ? integers[at + 7] : undefined,
      irql: (varying & IRQL) !== 0 ? integers[at + 8] : undefined,
      time: (varying & TIME) !== 0 ? doubles[(at + 12) >> 1] : undefined,
      locks: (varying & LOCKS) !== 0 ? (groups[integers[at + 9] as number] as readonly string[]) : mould.locks,
      status: mould.status,
      args: (varying & ARGS) !== 0 ? (groups[integers[at + 10] as number] as Record<string, ArgValue>) : mould.args,
      nbls: (varying & NBLS) !== 0 ? (groups[integers[at + 11] as number] as readonly NblView[]) : mould.nbls,
      certainty: mould.certainty,
    };
  }

  /** Makes another crossing of the same mould of one that is over. */
  private refilled(crossing: Draft, mould: Mould, integers: Int32Array, doubles: Float64Array, at: number): Draft {
    const { texts, groups } = this;
    const { varying } = mould;
    crossing.seq = seqAt(integers, at);
    if ((varying & MODULE) !== 0) crossing.module = texts[integers[at + 4] as number];
    if ((varying & ADAPTER) !== 0) crossing.adapter = texts[integers[at + 5] as number];
    if ((varying & THREAD) !== 0) crossing.thread = texts[integers[at + 6] as number];
    if ((varying & CPU) !== 0) crossing.cpu = integers[at + 7];
    if ((varying & IRQL) !== 0) crossing.irql = integers[at + 8];
    if ((varying & TIME) !== 0) crossing.time = doubles[(at + 12) >> 1];
    if ((varying & LOCKS) !== 0) crossing.locks = groups[integers[at + 9] as number] as readonly string[];
    if ((varying & ARGS) !== 0) crossing.args = groups[integers[at + 10] as number] as Record<string, ArgValue>;
    if ((varying & NBLS) !== 0) crossing.nbls = groups[integers[at + 11] as number] as readonly NblView[];
    return crossing;
  }

  /** @returns integers of the record */
  private other(head: number, integers: Int32Array, doubles: Float64Array, bytes: Buffer, at: number): number {
    if (head === TEXT_RECORD) return this.text(integers, bytes, at);
    if (head === GROUP_RECORD) return this.group(integers, doubles, at);
    return padded(this.rare(head, bytes.subarray(at * 4))) / 4;
  }

  /** @returns bytes of the record */
  private rare(head: number, record: Buffer): number {
    const second = record.readInt32LE(4);
    const line = record.subarray(LINE_HEAD, LINE_HEAD + second);
    switch (head) {
      case TEMPLATE_RECORD:
        this.learn(line.toString('latin1'));
        return LINE_HEAD + second;
      case LINE_RECORD:
        this.whole(line.subarray(0, -1), false);
        this.next(second);
        return LINE_HEAD + second;
      case LAST_LINE_RECORD:
        this.whole(line, true);
        return LINE_HEAD + second;
      case TOO_LONG_RECORD:
        this.parser.tooLong({ line: this.line, offset: this.offset });
        this.next(record.readDoubleLE(LINE_HEAD));
        return LINE_HEAD + 8;
      default:
        throw new Error(`no such record: ${head}`);
    }
  }

  /** A line for `JSON.parse`. @param unfinished it ends where the trace ends, without a line feed */
  private whole(line: Buffer, unfinished: boolean): void {
    const text = line.toString('utf8');
    const place = { line: this.line, offset: this.offset };
    if (text.length > LONGEST_LINE) this.parser.tooLong(place);
    else this.parser.line(text, place, unfinished);
  }

  private next(length: number): void {
    this.line += 1;
    this.offset += length;
  }

  private learn(line: string): void {
    const template = templateOf(line);
    if (!template) throw new Error('a template that is none');
    this.moulds.push(mouldOf(this.shapes.add(template)));
  }

  /** @returns integers of the record */
  private text(integers: Int32Array, bytes: Buffer, at: number): number {
    const begin = at * 4 + TEXT_HEAD;
    const length = integers[at + 2] as number;
    const text = bytes.toString('latin1', begin, begin + length);
    this.uniqueTexts += 1;
    this.texts[integers[at + 1] as number] = this.uniqueTexts <= UNIQUE_TEXTS ? unique(text) : text;
    return padded(TEXT_HEAD + length) / 4;
  }

  /** @returns integers of the record */
  private group(integers: Int32Array, doubles: Float64Array, at: number): number {
    const kind = integers[at + 2] as number;
    const { texts } = this.shapes.kinds[kind] as Group;
    const { values } = this;
    const from = at / 2 + GROUP_HEAD;
    for (let index = 0; index < texts.length; index += 1) {
      const value = doubles[from + index] as number;
      values[index] = texts[index] === true ? (this.texts[value] as string) : value;
    }
    this.groups[integers[at + 1] as number] = this.makerFor(kind)(values);
    return (GROUP_HEAD + texts.length) * 2;
  }

  private makerFor(kind: number): ReturnType<typeof makerOf> {
    return (this.makers[kind] ??= makerOf(this.shapes.kinds[kind] as Group));
  }
}

/** V8 has each name of a member once: such texts are compared by address. */
function unique(text: string): string {
  const [name = text] = Object.keys({ [text]: true });
  return name;
}

function seqAt(integers: Int32Array, at: number): number {
  const units = integers[at + 3] as number;
  const rest = integers[at + 2] as number;
  return units === 0 ? rest : units * SEQ_UNIT + rest;
}

function mouldOf({ number, template, locks, args, nbls }: Shape): Mould {
  const { dir, ddi, neighbour, status, certainty, places } = template;
  return {
    number,
    dir,
    ddi,
    neighbour,
    status,
    locks: locks && (makerOf(locks.group)([]) as readonly string[]),
    args: args && (makerOf(args.group)([]) as Record<string, ArgValue>),
    nbls: nbls && (makerOf(nbls.group)([]) as readonly NblView[]),
    certainty,
    varying:
      (places.module >= 0 ? MODULE : 0) |
      (places.adapter >= 0 ? ADAPTER : 0) |
      (places.thread >= 0 ? THREAD : 0) |
      (places.cpu >= 0 ? CPU : 0) |
      (places.irql >= 0 ? IRQL : 0) |
      (places.time >= 0 ? TIME : 0) |
      (hasHoles(locks) ? LOCKS : 0) |
      (hasHoles(args) ? ARGS : 0) |
      (hasHoles(nbls) ? NBLS : 0),
    spare: undefined,
  };
}

function hasHoles(group: ShapeGroup | undefined): boolean {
  return group !== undefined && group.texts.length > 0;
}

/** Those that come from JSON.parse are made alike: whoever reads crossings meets one kind of object, and is faster for it. */
function likeTheOthers(crossing: Crossing): Crossing {
  const { seq, dir, ddi, module, adapter, neighbour, thread, cpu, irql, time, locks, status, args, certainty } =
    crossing;
  const nbls = crossing.nbls && listOf(crossing.nbls, viewLikeTheOthers);
  return {
    seq,
    dir,
    ddi,
    module,
    adapter,
    neighbour,
    thread,
    cpu,
    irql,
    time,
    locks,
    status,
    args,
    nbls,
    certainty,
  };
}

function viewLikeTheOthers({ nbl, source, status, nbs, cancelId, context }: NblView): NblView {
  return { nbl, source, status, nbs: nbs && listOf(nbs, netBufferLikeTheOthers), cancelId, context };
}

function netBufferLikeTheOthers({ nb, dataOffset, dataLength, mdls }: NetBufferView): NetBufferView {
  return { nb, dataOffset, dataLength, mdls };
}
