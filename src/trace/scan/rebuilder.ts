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
  TEMPLATE_BITS,
  TEXT_RECORD,
  TOO_LONG_RECORD,
} from './records';
import { Shapes, type Shape, type ShapeGroup } from './shapes';
import { argsOf, locksOf, nblsOf, templateOf, type Group } from './template';
import { TEXTS } from './texts';

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
  readonly hasModule: boolean;
  readonly hasAdapter: boolean;
  readonly hasThread: boolean;
  readonly hasCpu: boolean;
  readonly hasIrql: boolean;
  readonly hasTime: boolean;
  readonly locksVary: boolean;
  readonly argsVary: boolean;
  readonly nblsVary: boolean;
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
    const whole = head | 0;
    const length = whole === head ? whole >>> TEMPLATE_BITS : Math.floor(head / TEMPLATES);
    const mould = this.moulds[whole & (TEMPLATES - 1)] as Mould;
    const { texts, groups } = this;
    let at = start;
    const crossing: Crossing = {
      seq: numbers[at++] as number,
      dir: mould.dir,
      ddi: mould.ddi,
      module: mould.hasModule ? texts[numbers[at++] as number] : undefined,
      adapter: mould.hasAdapter ? texts[numbers[at++] as number] : undefined,
      neighbour: mould.neighbour,
      thread: mould.hasThread ? texts[numbers[at++] as number] : undefined,
      cpu: mould.hasCpu ? numbers[at++] : undefined,
      irql: mould.hasIrql ? numbers[at++] : undefined,
      time: mould.hasTime ? numbers[at++] : undefined,
      locks: mould.locksVary ? (groups[numbers[at++] as number] as readonly string[]) : mould.locks,
      status: mould.status,
      args: mould.argsVary ? (groups[numbers[at++] as number] as Record<string, ArgValue>) : mould.args,
      nbls: mould.nblsVary ? (groups[numbers[at++] as number] as readonly NblView[]) : mould.nbls,
      certainty: mould.certainty,
    };
    this.parser.crossing(crossing, this.line, this.offset, mould.number);
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
    this.moulds.push(mouldOf(this.shapes.add(template)));
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

function mouldOf({ number, template, locks, args, nbls }: Shape): Mould {
  const { dir, ddi, neighbour, status, certainty, places } = template;
  return {
    number,
    dir,
    ddi,
    neighbour,
    status,
    locks: locks && locksOf(locks.group, []),
    args: args && argsOf(args.group, []),
    nbls: nbls && nblsOf(nbls.group, []),
    certainty,
    hasModule: places.module >= 0,
    hasAdapter: places.adapter >= 0,
    hasThread: places.thread >= 0,
    hasCpu: places.cpu >= 0,
    hasIrql: places.irql >= 0,
    hasTime: places.time >= 0,
    locksVary: hasHoles(locks),
    argsVary: hasHoles(args),
    nblsVary: hasHoles(nbls),
  };
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
