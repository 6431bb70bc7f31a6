/** Makes crossings of records again. */
import type { ArgValue, Crossing, NblView } from '../crossing';
import { LONGEST_LINE } from '../lines';
import { TraceParser, type TraceListener } from '../parser';
import { GROUPS } from './groups';
import {
  GROUP_RECORD,
  LAST_LINE_RECORD,
  LINE_RECORD,
  numbersFor,
  TEMPLATE_RECORD,
  TEMPLATES,
  TEXT_RECORD,
  TOO_LONG_RECORD,
} from './records';
import { Shapes, type Shape, type ShapeGroup } from './shapes';
import { argsOf, locksOf, nblsOf, templateOf, type Group } from './template';
import { TEXTS } from './texts';

/** A shape with what all its crossings share. */
interface Mould {
  readonly shape: Shape;
  readonly locks: Crossing['locks'];
  readonly args: Crossing['args'];
  readonly nbls: Crossing['nbls'];
}

type GroupValue = NonNullable<Crossing['locks'] | Crossing['args'] | Crossing['nbls']>;

export class Rebuilder {
  private readonly parser: TraceParser;
  private readonly shapes = new Shapes();
  private readonly moulds: Mould[] = [];
  private readonly texts: string[] = new Array<string>(TEXTS).fill('');
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

  /**
   * @param numbers records
   * @param length how many numbers they are
   */
  take(numbers: Float64Array, length: number): void {
    const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
    let at = 0;
    while (at < length) {
      const head = numbers[at] as number;
      at = head >= 0 ? this.crossing(head, numbers, at + 1) : this.other(head, numbers, bytes, at + 1);
    }
  }

  /** The trace ends here. @param failure what ended it before its end */
  end(failure?: unknown): void {
    if (failure !== undefined) this.parser.brokeOff({ line: this.line, offset: this.offset }, failure);
  }

  private crossing(head: number, numbers: Float64Array, start: number): number {
    const length = Math.floor(head / TEMPLATES);
    const { shape, locks, args, nbls } = this.moulds[head - length * TEMPLATES] as Mould;
    const { texts, groups } = this;
    const { places, dir, ddi, neighbour, status, certainty } = shape.template;
    let at = start;
    const crossing: Crossing = {
      seq: numbers[at++] as number,
      dir,
      ddi,
      module: places.module < 0 ? undefined : texts[numbers[at++] as number],
      adapter: places.adapter < 0 ? undefined : texts[numbers[at++] as number],
      neighbour,
      thread: places.thread < 0 ? undefined : texts[numbers[at++] as number],
      cpu: places.cpu < 0 ? undefined : numbers[at++],
      irql: places.irql < 0 ? undefined : numbers[at++],
      time: places.time < 0 ? undefined : numbers[at++],
      locks: hasHoles(shape.locks) ? (groups[numbers[at++] as number] as readonly string[]) : locks,
      status,
      args: hasHoles(shape.args) ? (groups[numbers[at++] as number] as Record<string, ArgValue>) : args,
      nbls: hasHoles(shape.nbls) ? (groups[numbers[at++] as number] as readonly NblView[]) : nbls,
      certainty,
    };
    this.parser.crossing(crossing, this.line, this.offset);
    this.line += 1;
    this.offset += length;
    return at;
  }

  private other(head: number, numbers: Float64Array, bytes: Buffer, at: number): number {
    const first = numbers[at] as number;
    switch (head) {
      case TEXT_RECORD: {
        const length = numbers[at + 1] as number;
        this.texts[first] = bytes.toString('latin1', (at + 2) * 8, (at + 2) * 8 + length);
        return at + 2 + numbersFor(length);
      }
      case GROUP_RECORD:
        return this.group(first, numbers, at + 1);
      case TEMPLATE_RECORD:
        this.learn(bytes.toString('latin1', (at + 1) * 8, (at + 1) * 8 + first));
        return at + 1 + numbersFor(first);
      case LINE_RECORD:
      case LAST_LINE_RECORD: {
        const end = (at + 1) * 8 + first - (head === LINE_RECORD ? 1 : 0);
        const text = bytes.toString('utf8', (at + 1) * 8, end);
        const place = { line: this.line, offset: this.offset };
        if (text.length > LONGEST_LINE) this.parser.tooLong(place);
        else this.parser.line(text, place, head === LAST_LINE_RECORD);
        if (head === LINE_RECORD) this.next(first);
        return at + 1 + numbersFor(first);
      }
      case TOO_LONG_RECORD:
        this.parser.tooLong({ line: this.line, offset: this.offset });
        this.next(first);
        return at + 1;
      default:
        throw new Error(`no such record: ${head}`);
    }
  }

  private next(length: number): void {
    this.line += 1;
    this.offset += length;
  }

  private learn(line: string): void {
    const template = templateOf(line);
    if (!template) throw new Error('a template that is none');
    const shape = this.shapes.add(template);
    this.moulds.push({
      shape,
      locks: shape.locks && locksOf(shape.locks.group, []),
      args: shape.args && argsOf(shape.args.group, []),
      nbls: shape.nbls && nblsOf(shape.nbls.group, []),
    });
  }

  private group(place: number, numbers: Float64Array, at: number): number {
    const group = this.shapes.kinds[numbers[at] as number] as Group;
    const values = group.texts.map((isText, index) => {
      const value = numbers[at + 1 + index] as number;
      return isText ? (this.texts[value] as string) : value;
    });
    this.groups[place] =
      group.member === 'args'
        ? argsOf(group, values)
        : group.member === 'nbls'
          ? nblsOf(group, values)
          : locksOf(group, values);
    return at + 1 + values.length;
  }
}

function hasHoles(group: ShapeGroup | undefined): boolean {
  return group !== undefined && group.texts.length > 0;
}

/** Those that come from JSON.parse are made alike: whoever reads crossings meets one kind of object, and is faster for it. */
function likeTheOthers(crossing: Crossing): Crossing {
  const { seq, dir, ddi, module, adapter, neighbour, thread, cpu, irql, time, locks, status, args, certainty } =
    crossing;
  const nbls = crossing.nbls?.map(({ nbl, source, status: ofNbl, nbs, cancelId, context }) => ({
    nbl,
    source,
    status: ofNbl,
    nbs: nbs?.map(({ nb, dataOffset, dataLength, mdls }) => ({ nb, dataOffset, dataLength, mdls })),
    cancelId,
    context,
  }));
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
