/** Which judges asked for which kinds of crossings. */
import type { Direction } from '../../trace';
import { entered, entryFor, type Entry } from './books/entries';
import type { makerOf } from './in-one';
import type { Court, CrossingKey, Hearing, Judge, MakeJudge } from './court';

/** A judge that asked for a kind of crossing. */
export interface Seat {
  readonly judge: number;
  readonly hearingOf: (judge: Judge) => Hearing | undefined;
  readonly unlessRunning: boolean;
}

/** Puts steps together: made once for all traces. */
export interface Together {
  inOne: ReturnType<typeof makerOf> | undefined;
}

/** The docket of every trace for one kind of crossing, before there are judges. */
export interface Planned {
  readonly ofModule: boolean;
  /** Whoever hears it is given the book of the module, which is begun if there is none yet. */
  readonly withBook: boolean;
  /** Who hears it says so when he keeps it. */
  readonly letsGo: boolean;
  readonly before: Seat[];
  readonly enter: Entry | undefined;
  readonly after: Seat[];
  readonly all: Together;
  /** Without the seats that are empty then. */
  readonly whileRunning: Together;
}

export type Plan = Readonly<Record<Direction, Map<string, Planned>>>;

/** The same makers ask for the same crossings in every trace. */
const plans = new WeakMap<readonly MakeJudge[], Plan>();

/** What the judges of these makers ask for. */
export function planOf(makers: readonly MakeJudge[], court: Court): Plan {
  const known = plans.get(makers);
  if (known) return known;
  const plan = byDirection<Planned>();
  const at = (direction: Direction, ddi: string): Planned => {
    let planned = plan[direction].get(ddi);
    if (!planned) {
      planned = {
        ofModule: OF_A_MODULE.test(ddi),
        withBook: WITH_BOOK.test(`${direction}${ddi}`) && OF_A_MODULE.test(ddi),
        letsGo: LET_GO.has(`${direction}${ddi}`),
        before: [],
        enter: entryFor(direction, ddi),
        after: [],
        all: { inOne: undefined },
        whileRunning: { inOne: undefined },
      };
      plan[direction].set(ddi, planned);
    }
    return planned;
  };
  for (const [direction, ddi] of entered()) at(direction, ddi);
  makers.forEach((make, judge) => {
    const asked = make(court);
    for (const when of ['before', 'after'] as const) {
      const seat = (key: CrossingKey, hearingOf: Seat['hearingOf'], unlessRunning = false): void => {
        at(key.slice(0, 2) as Direction, key.slice(2))[when].push({ judge, hearingOf, unlessRunning });
      };
      const named = asked[when] ?? {};
      for (const key of Object.keys(named) as CrossingKey[]) seat(key, (made) => made[when]?.[key]);
      const sittings = when === 'before' ? 'beforeAny' : 'afterAny';
      asked[sittings]?.forEach(({ keys, unlessRunning }, index) => {
        for (const key of keys) if (!(key in named)) seat(key, (made) => made[sittings]?.[index]?.hear, unlessRunning);
      });
    }
  });
  plans.set(makers, plan);
  return plan;
}

function byDirection<T>(): Record<Direction, Map<string, T>> {
  return { '->': new Map(), '<-': new Map(), '=>': new Map(), '<=': new Map(), '!!': new Map() };
}

/**
 * Returns that make up much of the trace of a busy driver, and that are hardly ever kept: whoever hears one of these and keeps it,
 * other than by a charge, says so (`Books.keep`). Who reads a trace uses the same object for the next one.
 */
const LET_GO: ReadonlySet<CrossingKey> = new Set<CrossingKey>([
  '<-FilterSendNetBufferLists',
  '<-FilterSendNetBufferListsComplete',
  '<-FilterReceiveNetBufferLists',
  '<-FilterReturnNetBufferLists',
  '<=NdisFIndicateReceiveNetBufferLists',
  '<-IRP_MJ_WRITE',
]);

/** Handlers of a module, and exports that take its handle. */
const OF_A_MODULE = /^(?:Filter(?!SetOptions$|DriverUnload$)|NdisF(?!ree|(?:Der|R)egisterFilterDriver$))/;

/** Calls that take a module's handle, and what NBLs come and go by. A book is not begun for what says nothing of its module. */
const WITH_BOOK =
  /^(?:=>|->Filter\w*NetBufferLists|<-FilterReceiveNetBufferLists$|<=NdisFIndicateReceiveNetBufferLists$)/;
