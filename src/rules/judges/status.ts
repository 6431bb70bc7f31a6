/** Status indications: ST-01 to ST-03, PAU-17, what RST-07 says of them, and the status part of ATT-05, DET-05 and PNP-05. */
import type { Crossing } from '../../trace';
import type { ModuleBook, State } from './books/module-book';
import { Recent, remember } from './books/recent';
import { ControlPath } from './control-path';
import type { Court, Judge } from './court';

const HANDLER = 'FilterStatus';

/** An indication that came in and that the filter has not passed on. */
interface Arrival {
  readonly entry: Crossing;
  readonly module: ModuleBook;
  readonly code: string;
  readonly state: State;
  /** The module has had one with this code before: a filter may tell the drivers above of changes alone. */
  readonly isRepeat: boolean;
}

/** Arrivals remembered until all is quiet; bounded, because a filter may drop what it likes for as long as it likes. */
const REMEMBERED = 64;

export function judgeStatus(court: Court): Judge {
  const { books } = court;
  const controlPath = new ControlPath(court, 'ST-03', HANDLER);
  const { stopping } = books;
  const tested = {
    swift: court.tested('ST-01'),
    wellFormed: court.tested('ST-02'),
    attached: court.tested('ST-03'),
    pause: court.tested('PAU-17'),
    restart: court.tested('RST-07'),
    notInDetach: court.tested('DET-05'),
  };

  /** In the order in which they came. */
  const waiting: Arrival[] = [];
  /** Statuses of others that came in: one may be passed on long after. */
  const arrived = new Recent<true>();
  /** Codes that each module has had. */
  const had = new Recent<true>();
  /** By what it is compared by: where the driver passed one on while Running. */
  const forwarded = new Recent<Crossing>();
  /** Codes that it also drops while Running: dropping them says nothing. */
  const droppedAnyway = new Set<string>();
  /** Drops that nothing could be compared with yet. */
  const open = new Recent<Arrival[]>();

  const arrives = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    const code = crossing.args?.['code'];
    tested.swift.count += 1;
    if (!module || typeof code !== 'string') return;
    const rule = ruleFor(module.state);
    if (rule === 'PAU-17') tested.pause.count += 1;
    else if (rule === 'RST-07') tested.restart.count += 1;
    if (!module.known) return;
    arrived.set(statusOf(module, crossing), true);
    const isRepeat = had.has(`${module.name} ${code}`);
    had.set(`${module.name} ${code}`, true);
    if (waiting.length === REMEMBERED) waiting.shift();
    waiting.push({ entry: crossing, module, code, state: module.state, isRepeat });
  };

  const indicates = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (!module) return;
    tested.attached.count += 1;
    stateAllows(module, crossing);
    const arrival = takeArrival(module, crossing);
    if (arrival) passedOn(arrival, crossing);
    else if (!waiting.some((other) => other.module === module)) sourceIsOwn(module, crossing);
  };

  // ---- passing on ------------------------------------------------------------------------------------------

  /** The indication that this call passes on: the one this thread was given, else the oldest with this code. */
  const takeArrival = (module: ModuleBook, crossing: Crossing): Arrival | undefined => {
    if (waiting.length === 0) return undefined;
    const entry = books.threads.inside(crossing, HANDLER);
    const code = crossing.args?.['code'];
    let index = waiting.findIndex((arrival) => arrival.entry === entry);
    if (index < 0) index = waiting.findIndex((arrival) => arrival.module === module && arrival.code === code);
    return index < 0 ? undefined : waiting.splice(index, 1)[0];
  };

  const passedOn = ({ code, state, isRepeat }: Arrival, crossing: Crossing): void => {
    if (state !== 'Running') return;
    for (const kind of isRepeat ? [code, repeatOf(code)] : [code]) {
      if (!forwarded.has(kind)) forwarded.set(kind, crossing);
      const drops = open.get(kind);
      if (!drops) continue;
      open.delete(kind);
      if (!droppedAnyway.has(code)) for (const drop of drops) accuse(drop, crossing);
    }
  };

  const quiet = (): void => {
    if (waiting.length === 0 || books.threads.someoneIsInside()) return;
    const dropped = waiting.splice(0);
    for (const { state, code } of dropped) if (state === 'Running') droppedAnyway.add(code);
    for (const drop of dropped) {
      const { state, code, module, isRepeat } = drop;
      if (ruleFor(state) === undefined || droppedAnyway.has(code) || stopping.since(module.name)) continue;
      const kind = isRepeat ? repeatOf(code) : code;
      const before = forwarded.get(kind);
      if (before) accuse(drop, before);
      else remember(open, kind, drop);
    }
  };

  const accuse = ({ entry, module, code, state }: Arrival, forward: Crossing): void =>
    court.charge(ruleFor(state) ?? 'PAU-17', {
      at: entry,
      module: module.name,
      witnesses: [forward],
      message: `The filter dropped ${code}, which came at #${entry.seq} when ${module.name} was ${state}, although it passes this status on while Running (#${forward.seq})`,
    });

  // ---- originating -----------------------------------------------------------------------------------------

  const sourceIsOwn = (module: ModuleBook, crossing: Crossing): void => {
    // Inside FilterStatus it is the one that came in, though its code may not be written down.
    if (books.threads.inside(crossing, HANDLER)) return;
    const source = crossing.args?.['source'];
    const handle = crossing.args?.['handle'] ?? module.handle;
    if (source === undefined || typeof handle !== 'string' || !module.known) return;
    if (arrived.has(statusOf(module, crossing))) return;
    tested.wellFormed.count += 1;
    if (source === handle) return;
    court.charge('ST-02', {
      at: crossing,
      witnesses: [books.threads.rootOf(crossing)],
      message: `${String(crossing.args?.['code'] ?? 'The status')}, which the filter originates at #${crossing.seq}, has the SourceHandle ${String(source)} instead of its NdisFilterHandle ${handle}`,
    });
  };

  const stateAllows = (module: ModuleBook, crossing: Crossing): void =>
    controlPath.allows(
      module,
      crossing,
      `The filter indicated ${String(crossing.args?.['code'] ?? 'a status')} at #${crossing.seq}`,
    );

  const waits = (crossing: Crossing): void => {
    const entry = books.threads.inside(crossing, HANDLER);
    if (!entry) return;
    court.charge('ST-01', {
      at: crossing,
      witnesses: [entry],
      message: `The filter called ${crossing.ddi} at #${crossing.seq} inside ${HANDLER}, entered at #${entry.seq}`,
    });
  };

  const borderOfLife = (): void => {
    tested.attached.count += 1;
  };

  return {
    forget: () => {
      controlPath.forget();
      waiting.length = 0;
      open.clear();
    },
    before: {
      '=>NdisFIndicateStatus': indicates,
      '=>NdisWaitEvent': waits,
      '=>NdisMSleep': waits,
      '<-FilterAttach': (crossing) => controlPath.attached(crossing),
      '!!Quiescent': quiet,
    },
    after: {
      '->FilterStatus': arrives,
      '->FilterAttach': borderOfLife,
      '->FilterDetach': (): void => {
        borderOfLife();
        tested.notInDetach.count += 1;
      },
    },
  };
}

/** Like is compared with like: that a filter passes on the first one says nothing of those that may be the same again. */
function repeatOf(code: string): string {
  return `${code} again`;
}

/** Of whom it is, as far as the trace tells. */
function statusOf({ name }: ModuleBook, { args }: Crossing): string {
  return `${name} ${String(args?.['code'])} ${String(args?.['source'])}`;
}

function ruleFor(state: State): 'PAU-17' | 'RST-07' | undefined {
  if (state === 'Pausing' || state === 'Paused') return 'PAU-17';
  return state === 'Restarting' ? 'RST-07' : undefined;
}
