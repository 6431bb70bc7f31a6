import type { Crossing, Direction } from '../../trace';
import type { Judges } from '../judges-contract';
import { rules } from '../catalogue';
import type { Reading, Violation } from '../rule';
import { Books } from './books/books';
import type { ModuleBook } from './books/module-book';
import { makerOf } from './in-one';
import { planOf, type Plan, type Planned, type Seat, type Together } from './plan';

/** `->FilterPause`, `=>NdisFSendNetBufferLists` … */
export type CrossingKey = `${Direction}${string}`;
/** @param module the book of the module that the crossing is about, for kinds that come with it (`Planned.withBook`) */
export type Hearing = (crossing: Crossing, module: ModuleBook | undefined) => void;

/** One hearing for many kinds of crossings. `keys` must be a constant: judges are made anew for every trace, lists need not be. */
export interface Sitting {
  readonly keys: readonly CrossingKey[];
  readonly hear: Hearing;
  /** It has nothing to say of modules that are Running. Only for crossings that leave a module in its state. */
  readonly unlessRunning?: true;
}

/** A judge of one rule family. What it must look at before a crossing is entered into the books, and what after. */
export interface Judge {
  readonly before?: Readonly<Partial<Record<CrossingKey, Hearing>>>;
  readonly after?: Readonly<Partial<Record<CrossingKey, Hearing>>>;
  /** For kinds that `before` does not name. */
  readonly beforeAny?: readonly Sitting[];
  /** For kinds that `after` does not name. */
  readonly afterAny?: readonly Sitting[];
  /** Crossings were lost: what the judge remembers may not be so any more. */
  readonly forget?: () => void;
  /** The trace ends. */
  readonly finish?: () => void;
}

export type MakeJudge = (court: Court) => Judge;

export interface Charge {
  readonly at: Crossing;
  /** Crossings that prove it, `at` need not be among them. */
  readonly witnesses?: readonly (Crossing | undefined)[];
  readonly module?: string;
  readonly reading?: Reading;
  readonly message: string;
}

/** How often a rule was put to the test. */
export interface Tested {
  count: number;
}

/** What is done with a crossing, in this order: judges before it is entered into the books, the books, judges after it. */
interface Steps {
  readonly steps: readonly Hearing[];
  /** How many crossings took them. */
  heard: number;
  /** All of them, when there is but one, or when they were taken often. */
  inOne: Hearing | undefined;
  /** undefined: nobody asked for such crossings. */
  readonly together: Together | undefined;
}

/** What is done with one kind of crossing. */
interface Docket {
  /** It concerns one module, whether or not the trace names it. */
  readonly ofModule: boolean;
  readonly withBook: boolean;
  /** Who hears it says so when he keeps it. */
  readonly letsGo: boolean;
  readonly all: Steps;
  /** Those that are about a module that is Running, or about the driver when all modules are; undefined when they are the same. */
  readonly whileRunning: Steps | undefined;
}

/** The dockets of one name. */
type Dockets = Record<Direction, Docket | undefined>;

/** From so many crossings of a kind on it is worth while to put its steps together. */
const MANY = 200;

/** Judges begin in any order; equal counts are equal text. */
const IDS = rules.map(({ id }) => id).sort((left, right) => (left < right ? -1 : 1));

/** Violations of one rule that are written down; whoever breaks it more often learns nothing from more of them. */
const LISTED = 1000;

/** Where judges sit: gives each crossing to the books and to the judges that asked for it, and writes down violations. */
export class Court implements Judges {
  readonly books: Books;
  readonly violations: Violation[] = [];
  private readonly tests = new Map<string, Tested>();
  private readonly charges = new Map<string, number>();
  private readonly proof = new Map<number, Crossing>();
  private readonly dockets = new Map<string, Dockets>();
  private readonly kinds: (Docket | undefined)[] = [];
  /** In the order of their makers; made when the first crossing comes that they asked for. */
  private readonly judges: (Judge | undefined)[];
  private readonly plan: Plan;
  private readonly opens: Hearing = (crossing) => this.books.threads.opens(crossing);
  private readonly closes: Hearing = (crossing) => this.books.threads.closes(crossing);
  private readonly endsCalls: Hearing = (crossing) =>
    this.books.threads.endUnreturnedCalls(crossing, this.books.nbls.callEnded);
  private hasForgotten = false;
  private finished = false;

  /** @param makers one for each family of rules */
  constructor(
    private readonly makers: readonly MakeJudge[],
    private readonly wanted: ReadonlySet<string> | undefined,
    complete: boolean,
  ) {
    this.books = new Books(complete);
    this.judges = makers.map(() => undefined);
    this.plan = planOf(makers, this);
  }

  see(crossing: Crossing, kind = -1): boolean {
    const { books } = this;
    books.beginning(crossing);
    if (books.gap) this.forget();
    // What neighbours do is shown, never judged, and no thread of theirs is "inside the driver".
    if (crossing.neighbour !== undefined) return !books.isKept;
    const docket = kind < 0 ? this.docketOf(crossing.dir, crossing.ddi) : this.docketOfKind(kind, crossing);
    if (docket.ofModule && crossing.module === undefined) this.hear(this.named(crossing), docket);
    else this.hear(crossing, docket);
    return docket.letsGo && !books.isKept;
  }

  private docketOfKind(kind: number, { dir, ddi }: Crossing): Docket {
    return this.kinds[kind] ?? (this.kinds[kind] = this.docketOf(dir, ddi));
  }

  private docketOf(direction: Direction, ddi: string): Docket {
    return this.dockets.get(ddi)?.[direction] ?? this.newDocket(direction, ddi);
  }

  private hear(crossing: Crossing, { withBook, all, whileRunning }: Docket): void {
    const { books } = this;
    const module = withBook ? books.moduleOf(crossing) : undefined;
    const way =
      whileRunning !== undefined && (module === undefined ? books.everyoneIsRunning : module.state === 'Running')
        ? whileRunning
        : all;
    if (way.inOne !== undefined) way.inOne(crossing, module);
    else this.hearInTurn(crossing, module, way);
  }

  private hearInTurn(crossing: Crossing, module: ModuleBook | undefined, way: Steps): void {
    const { steps, together } = way;
    way.heard += 1;
    if (together && way.heard === MANY) {
      together.inOne ??= makerOf(steps.length);
      way.inOne = together.inOne(...steps);
    }
    for (const step of steps) step(crossing, module);
  }

  /** A crossing without `module` gets the name of the module that it must be about. */
  private named(crossing: Crossing): Crossing {
    const module = this.books.moduleMeantBy(crossing);
    if (module !== undefined) return { ...crossing, module };
    // It may have been any of them: from here on nothing is known for sure.
    this.books.forget(crossing);
    this.forget();
    return crossing;
  }

  private forget(): void {
    this.hasForgotten = true;
    for (const judge of this.judges) judge?.forget?.();
  }

  /** Somebody asked for crossings of that name, or they are entered into the books. */
  hears(ddi: string): boolean {
    return Object.values(this.plan).some((kinds) => kinds.has(ddi));
  }

  finish(): void {
    if (this.finished) return;
    this.finished = true;
    for (const judge of this.judges) judge?.finish?.();
  }

  exercised(rule: string): number {
    return this.tests.get(rule)?.count ?? 0;
  }

  allExercised(): Record<string, number> {
    const exercised: Record<string, number> = {};
    for (const rule of IDS) {
      const count = this.tests.get(rule)?.count ?? 0;
      if (count > 0) exercised[rule] = count;
    }
    return exercised;
  }

  witness(seq: number): Crossing | undefined {
    return this.proof.get(seq);
  }

  unlisted(rule: string, reading: Reading): number {
    return Math.max(0, (this.charges.get(`${rule} ${reading}`) ?? 0) - LISTED);
  }

  /** The counter of a rule: a judge adds one whenever a driver could have broken the rule. */
  tested(rule: string): Tested {
    let tested = this.tests.get(rule);
    if (!tested) this.tests.set(rule, (tested = { count: 0 }));
    return tested;
  }

  /** Writes down a violation. */
  charge(rule: string, charge: Charge): void {
    if (this.wanted && !this.wanted.has(rule)) return;
    const { at, module = at.module, reading = 'default', message } = charge;
    this.books.keep();
    const proof = [at, ...(charge.witnesses ?? []).filter((witness) => witness !== undefined)];
    if (!isOrdered(proof)) return;
    const key = `${rule} ${reading}`;
    const charges = (this.charges.get(key) ?? 0) + 1;
    this.charges.set(key, charges);
    if (charges > LISTED) return;
    for (const crossing of proof) this.proof.set(crossing.seq, crossing);
    const witnesses = new Set(proof.map(({ seq }) => seq));
    this.violations.push({
      rule,
      reading,
      ...(module !== undefined && { module }),
      at: at.seq,
      witnesses: [...witnesses].sort((left, right) => left - right),
      message,
    });
  }

  /** Made when the first crossing of its kind comes: a trace has few of the kinds that judges ask for. */
  private newDocket(direction: Direction, ddi: string): Docket {
    const named = this.dockets.get(ddi);
    const planned = this.plan[direction].get(ddi);
    const docket = this.docketFor(direction, planned);
    if (named) named[direction] = docket;
    // Of names that nobody asks for a trace may make up as many as it likes.
    else if (planned) this.dockets.set(ddi, { ...NO_DOCKETS, [direction]: docket });
    return docket;
  }

  /** Done for every kind of crossing of every trace: lists are filled and not made of others. */
  private docketFor(direction: Direction, planned: Planned | undefined): Docket {
    const all: Hearing[] = [];
    // Of calls that do not return in the trace, the next step of their thread is the end.
    if (direction === '=>' || direction === '<-') all.push(this.endsCalls);
    const isReturn = direction === '<-' || direction === '<=';
    // Of what nobody asked for, the book of threads keeps what opens a frame.
    if (!planned) {
      if (direction !== '!!') all.push(isReturn ? this.closes : this.opens);
      return {
        ofModule: false,
        withBook: false,
        letsGo: isReturn,
        all: stepsOf(all, undefined),
        whileRunning: undefined,
      };
    }
    const { books } = this;
    const { ofModule, letsGo, enter } = planned;
    const whileRunning: Hearing[] = [];
    whileRunning.push(...all);
    this.seat(planned.before, all, whileRunning);
    const entering: Hearing[] = [];
    if (direction !== '!!') entering.push(isReturn ? this.closes : this.opens);
    if (enter) entering.push((crossing, module) => enter(books, crossing, module));
    all.push(...entering);
    whileRunning.push(...entering);
    this.seat(planned.after, all, whileRunning);
    const steps = stepsOf(all, planned.all);
    const isSplit = whileRunning.length < all.length;
    return {
      ofModule,
      withBook: planned.withBook || (ofModule && isSplit),
      letsGo,
      all: steps,
      whileRunning: isSplit ? stepsOf(whileRunning, planned.whileRunning) : undefined,
    };
  }

  private seat(seats: readonly Seat[], all: Hearing[], whileRunning: Hearing[]): void {
    for (const { judge, hearingOf, unlessRunning } of seats) {
      const hearing = hearingOf(this.judge(judge)) as Hearing;
      all.push(hearing);
      if (!unlessRunning) whileRunning.push(hearing);
    }
  }

  private judge(index: number): Judge {
    const seated = this.judges[index];
    if (seated) return seated;
    const judge = this.makers[index]?.(this) ?? {};
    // It comes late: what was lost before is lost to it as well.
    if (this.hasForgotten) judge.forget?.();
    this.judges[index] = judge;
    return judge;
  }
}

function stepsOf(steps: readonly Hearing[], together: Together | undefined): Steps {
  return { steps, heard: 0, inOne: steps.length === 1 ? steps[0] : undefined, together };
}

const NO_DOCKETS: Dockets = { '->': undefined, '<-': undefined, '=>': undefined, '<=': undefined, '!!': undefined };

/** A black box that knows only roughly when something happened does not know what came first. */
function isOrdered(crossings: readonly Crossing[]): boolean {
  for (const { certainty, seq } of crossings) {
    if (certainty === undefined || certainty === 'exact') continue;
    const { after, before } = certainty;
    if (crossings.some((other) => other.seq !== seq && other.seq > after && other.seq < before)) return false;
  }
  return true;
}
