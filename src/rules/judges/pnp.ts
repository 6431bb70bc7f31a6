/** Plug and Play and power events: PNP-01 to PNP-04, PNP-06, PNP-07. OID requests in low power are with their originations. */
import type { Crossing } from '../../trace';
import type { ModuleBook } from './books/module-book';
import { FAILURE, isFailure, PENDING, SUCCESS } from './books/statuses';
import type { Reading } from '../rule';
import type { Court, Judge } from './court';
import { aRequestIsBelow } from './outstanding';

/** Events to which failure is an answer. */
const QUESTIONS: ReadonlySet<string> = new Set(['NetEventQueryPower', 'NetEventQueryRemoveDevice']);

/** Events that the pages on removal want forwarded, whatever the page of the handler says. */
const REMOVAL: ReadonlySet<string> = new Set(['NetEventQueryRemoveDevice', 'NetEventCancelRemoveDevice']);

/** Meant for this module alone. */
const PRE_DETACH = 'NetEventFilterPreDetach';

/** Only miniports may send these. */
const RESERVED: ReadonlySet<string> = new Set([
  'NetEventInhibitBindsAbove',
  'NetEventAllowBindsAbove',
  'NetEventRequirePause',
  'NetEventAllowStart',
]);

interface Event {
  readonly entry: Crossing;
  readonly name: string;
  forwarded: Crossing | undefined;
  /** What forwarding it returned. */
  answer: string | undefined;
}

export function judgePnp(court: Court): Judge {
  const { books } = court;
  const { lowPower } = books;
  const tested = {
    decided: court.tested('PNP-01'),
    forwarded: court.tested('PNP-02'),
    stopped: court.tested('PNP-03'),
    ownSignal: court.tested('PNP-04'),
    downward: court.tested('PNP-06'),
    allowed: court.tested('PNP-07'),
  };
  /** The event that each module is dealing with, by module and kind. */
  const current = new Map<string, Event>();

  const keyOf = ({ module, ddi }: Crossing): string =>
    `${ddi.includes('DevicePnP') ? 'device' : 'net'} ${module ?? ''}`;

  const arrives = (crossing: Crossing): void => {
    const name = crossing.args?.['event'];
    if (typeof name !== 'string') return;
    current.set(keyOf(crossing), { entry: crossing, name, forwarded: undefined, answer: undefined });
  };

  const forwards = (crossing: Crossing): void => {
    const event = current.get(keyOf(crossing));
    const name = crossing.args?.['event'];
    if (event && (name === undefined || event.name === name)) event.forwarded ??= crossing;
    if (typeof name !== 'string' || crossing.ddi !== 'NdisFNetPnPEvent') return;
    tested.allowed.count += 1;
    if (!RESERVED.has(name) || event?.name === name) return;
    court.charge('PNP-07', {
      at: crossing,
      witnesses: [books.threads.rootOf(crossing)],
      message: `The filter sent ${name} at #${crossing.seq}, an event that only miniports may send`,
    });
  };

  const answered = (crossing: Crossing): void => {
    const event = current.get(keyOf(crossing));
    if (event?.forwarded && event.forwarded === books.threads.opener) event.answer = crossing.status;
  };

  const taken = (crossing: Crossing): Event | undefined => {
    const key = keyOf(crossing);
    const event = current.get(key);
    if (!event || event.entry !== books.threads.opener) return undefined;
    current.delete(key);
    return event;
  };

  // ---- network events, upward ------------------------------------------------------------------------------

  const netEventLeft = (crossing: Crossing): void => {
    const event = taken(crossing);
    if (!event) return;
    isDecided(event, crossing);
    isForwarded(event, crossing);
  };

  const isDecided = ({ entry, name, answer }: Event, crossing: Crossing): void => {
    const { status } = crossing;
    if (status === undefined) return;
    tested.decided.count += 1;
    if (status === SUCCESS || (status !== PENDING && status === answer)) return;
    if (status === FAILURE && QUESTIONS.has(name)) return;
    court.charge('PNP-01', {
      at: crossing,
      reading: isFailure(status) ? 'strict' : 'default',
      witnesses: [entry],
      message: `FilterNetPnPEvent returned ${status} at #${crossing.seq} for ${name}, which came at #${entry.seq}`,
    });
  };

  const isForwarded = ({ entry, name, forwarded, answer }: Event, crossing: Crossing): void => {
    if (name === PRE_DETACH) return;
    tested.forwarded.count += 1;
    const vetoed = crossing.status !== undefined && isFailure(crossing.status) && QUESTIONS.has(name);
    if (!forwarded) {
      court.charge('PNP-02', {
        at: crossing,
        reading: REMOVAL.has(name) && !vetoed ? 'default' : 'strict',
        witnesses: [entry],
        message: `FilterNetPnPEvent, entered with ${name} at #${entry.seq}, returned at #${crossing.seq} without passing the event on`,
      });
    } else if (answer !== undefined && crossing.status !== undefined && answer !== crossing.status) {
      court.charge('PNP-02', {
        at: crossing,
        reading: 'strict',
        witnesses: [entry, forwarded],
        message: `FilterNetPnPEvent returned ${crossing.status} at #${crossing.seq} for ${name}, although the drivers above had answered ${answer}`,
      });
    }
  };

  // ---- device events, downward -----------------------------------------------------------------------------

  const deviceEventLeft = (crossing: Crossing): void => {
    const event = taken(crossing);
    if (!event) return;
    tested.downward.count += 1;
    if (event.forwarded) return;
    court.charge('PNP-06', {
      at: crossing,
      witnesses: [event.entry],
      message: `FilterDevicePnPEventNotify, entered with ${event.name} at #${event.entry.seq}, returned at #${crossing.seq} without passing the event on`,
    });
  };

  // ---- power -----------------------------------------------------------------------------------------------

  /** Waits inside the handler while something of the filter is out. Whether they are for that shows when all is quiet. */
  const open = new Set<Crossing>();

  const waits = (crossing: Crossing): void => {
    const entry = books.threads.inside(crossing, 'FilterNetPnPEvent');
    if (!entry || (entry.args?.['event'] !== 'NetEventQueryPower' && !isGoingToSleep(entry))) return;
    if (!hasOutstanding(books.moduleOf(entry))) return;
    open.add(crossing);
    waitedInside(entry, crossing, crossing, 'strict');
  };

  const waited = (): void => {
    const { opener } = books.threads;
    if (opener) open.delete(opener);
  };

  const quiet = (crossing: Crossing): void => {
    for (const wait of open) {
      open.delete(wait);
      const entry = books.threads.inside(wait, 'FilterNetPnPEvent');
      if (entry && books.threads.isOpen(wait) && hasOutstanding(books.moduleOf(entry)))
        waitedInside(entry, wait, crossing, 'default');
    }
  };

  const waitedInside = (entry: Crossing, wait: Crossing, at: Crossing, reading: Reading): void =>
    court.charge('PNP-03', {
      at,
      reading,
      ...(entry.module !== undefined && { module: entry.module }),
      witnesses: [entry, wait],
      message: `FilterNetPnPEvent, entered with ${String(entry.args?.['event'])} at #${entry.seq}, waits since #${wait.seq} while I/O of the filter is outstanding`,
    });

  const sends = (crossing: Crossing): void => {
    if (!lowPower.someoneSleeps) return;
    const module = books.moduleOf(crossing);
    if (!module || !lowPower.isAsleep(module.name)) return;
    const own = crossing.nbls?.find((view) => books.nbls.relationAtHandOver(module, view, crossing)?.kind === 'own');
    const sleep = own && lowPower.forbids(module.name, crossing);
    if (!sleep) return;
    for (const rule of ['PNP-03', ...(module.state === 'Running' ? ['PNP-04'] : [])]) {
      court.charge(rule, {
        at: crossing,
        reading: sleep.reading,
        witnesses: [sleep.event, books.threads.rootOf(crossing)],
        message: `The filter originated send ${own.nbl} at #${crossing.seq} although the adapter has been going to sleep since #${sleep.event.seq}`,
      });
    }
  };

  const powered = (crossing: Crossing): void => {
    if (!isGoingToSleep(crossing)) return;
    tested.stopped.count += 1;
    if (books.moduleOf(crossing)?.state === 'Running') tested.ownSignal.count += 1;
  };

  return {
    forget: () => {
      current.clear();
      open.clear();
    },
    before: {
      '=>NdisFNetPnPEvent': forwards,
      '=>NdisFDevicePnPEventNotify': forwards,
      '=>NdisWaitEvent': waits,
      '=>NdisMSleep': waits,
      '=>NdisFSendNetBufferLists': sends,
      '!!Quiescent': quiet,
    },
    after: {
      '->FilterNetPnPEvent': (crossing): void => {
        arrives(crossing);
        powered(crossing);
      },
      '->FilterDevicePnPEventNotify': arrives,
      '<=NdisFNetPnPEvent': answered,
      '<=NdisWaitEvent': waited,
      '<=NdisMSleep': waited,
      '<-FilterNetPnPEvent': netEventLeft,
      '<-FilterDevicePnPEventNotify': deviceEventLeft,
    },
  };
}

function isGoingToSleep({ args }: Crossing): boolean {
  return args?.['event'] === 'NetEventSetPower' && typeof args['power'] === 'string' && args['power'] !== 'D0';
}

/** Without anything out, a wait is not for I/O. */
function hasOutstanding(module: ModuleBook | undefined): boolean {
  if (!module) return false;
  return module.ownSendsOut + module.ownReceivesOut > 0 || aRequestIsBelow(module);
}
