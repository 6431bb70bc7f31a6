import type { Crossing, Direction } from '../../trace';
import type { Judges } from '../judges-contract';
import { rules } from '../catalogue';
import type { Reading, Violation } from '../rule';
import { Books } from './books/books';
import { entered, entryFor, type Entry } from './books/entries';

/** `->FilterPause`, `=>NdisFSendNetBufferLists` … */
export type CrossingKey = `${Direction}${string}`;
export type Hearing = (crossing: Crossing) => void;

/** One hearing for many kinds of crossings. `keys` must be a constant: judges are made anew for every trace, lists need not be. */
export interface Sitting {
  readonly keys: readonly CrossingKey[];
  readonly hear: Hearing;
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

/** What is done with one kind of crossing. */
interface Docket {
  /** It concerns one module, whether or not the trace names it. */
  readonly ofModule: boolean;
  readonly before: readonly Hearing[];
  readonly enter: Entry | undefined;
  readonly after: readonly Hearing[];
}

const NOTHING_TO_DO: Docket = { ofModule: false, before: [], enter: undefined, after: [] };

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
  private readonly dockets = byDirection<Docket>();
  /** In the order of their makers; made when the first crossing comes that they asked for. */
  private readonly judges: (Judge | undefined)[];
  private readonly plan: Plan;
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

  see(crossing: Crossing): void {
    const { books } = this;
    books.beginning(crossing);
    if (books.gap) this.forget();
    // What neighbours do is shown, never judged, and no thread of theirs is "inside the driver".
    if (crossing.neighbour !== undefined) return;
    const docket = this.dockets[crossing.dir].get(crossing.ddi) ?? this.newDocket(crossing.dir, crossing.ddi);
    if (docket.ofModule && crossing.module === undefined) this.hear(this.named(crossing), docket);
    else this.hear(crossing, docket);
  }

  private hear(crossing: Crossing, { before, enter, after }: Docket): void {
    const { books } = this;
    for (let index = 0; index < before.length; index += 1) (before[index] as Hearing)(crossing);
    books.threads.take(crossing);
    enter?.(books, crossing);
    for (let index = 0; index < after.length; index += 1) (after[index] as Hearing)(crossing);
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
    const planned = this.plan[direction].get(ddi);
    // Not kept: a trace may make up as many names as it likes.
    if (!planned) return NOTHING_TO_DO;
    const { ofModule, enter } = planned;
    const hearings = (seats: readonly Seat[]): Hearing[] =>
      seats.map(({ judge, hearingOf }) => hearingOf(this.judge(judge)) as Hearing);
    const docket: Docket = { ofModule, before: hearings(planned.before), enter, after: hearings(planned.after) };
    this.dockets[direction].set(ddi, docket);
    return docket;
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

/** A judge that asked for a kind of crossing. */
interface Seat {
  readonly judge: number;
  readonly hearingOf: (judge: Judge) => Hearing | undefined;
}

/** The docket of every trace for one kind of crossing, before there are judges. */
interface Planned {
  readonly ofModule: boolean;
  readonly before: Seat[];
  readonly enter: Entry | undefined;
  readonly after: Seat[];
}

type Plan = Readonly<Record<Direction, Map<string, Planned>>>;

/** The same makers ask for the same crossings in every trace. */
const plans = new WeakMap<readonly MakeJudge[], Plan>();

function planOf(makers: readonly MakeJudge[], court: Court): Plan {
  const known = plans.get(makers);
  if (known) return known;
  const plan = byDirection<Planned>();
  const at = (direction: Direction, ddi: string): Planned => {
    let planned = plan[direction].get(ddi);
    if (!planned) {
      planned = { ofModule: OF_A_MODULE.test(ddi), before: [], enter: entryFor(direction, ddi), after: [] };
      plan[direction].set(ddi, planned);
    }
    return planned;
  };
  for (const [direction, ddi] of entered()) at(direction, ddi);
  makers.forEach((make, judge) => {
    const asked = make(court);
    for (const when of ['before', 'after'] as const) {
      const seat = (key: CrossingKey, hearingOf: Seat['hearingOf']): void => {
        at(key.slice(0, 2) as Direction, key.slice(2))[when].push({ judge, hearingOf });
      };
      const named = asked[when] ?? {};
      for (const key of Object.keys(named) as CrossingKey[]) seat(key, (made) => made[when]?.[key]);
      const sittings = when === 'before' ? 'beforeAny' : 'afterAny';
      asked[sittings]?.forEach(({ keys }, index) => {
        for (const key of keys) if (!(key in named)) seat(key, (made) => made[sittings]?.[index]?.hear);
      });
    }
  });
  plans.set(makers, plan);
  return plan;
}

function byDirection<T>(): Record<Direction, Map<string, T>> {
  return { '->': new Map(), '<-': new Map(), '=>': new Map(), '<=': new Map(), '!!': new Map() };
}

/** Handlers of a module, and exports that take its handle. */
const OF_A_MODULE = /^(?:Filter(?!SetOptions$|DriverUnload$)|NdisF(?!ree|(?:Der|R)egisterFilterDriver$))/;

/** A black box that knows only roughly when something happened does not know what came first. */
function isOrdered(crossings: readonly Crossing[]): boolean {
  for (const { certainty, seq } of crossings) {
    if (certainty === undefined || certainty === 'exact') continue;
    const { after, before } = certainty;
    if (crossings.some((other) => other.seq !== seq && other.seq > after && other.seq < before)) return false;
  }
  return true;
}
