/** Cancelling sends: CAN-01 to CAN-04. */
import type { Crossing, NblView } from '../../trace';
import type { ModuleBook, Relation } from './books/module-book';
import { NBL_FREE_KEYS } from './books/nbl-calls';
import { Recent } from './books/recent';
import { SEND_ABORTED } from './books/statuses';
import type { Court, Judge } from './court';

const HANDLER = 'FilterCancelSendNetBufferLists';

/** A cancel that came in, and the held sends that it was for. */
interface Cancel {
  readonly entry: Crossing;
  readonly id: string | undefined;
  exit: Crossing | undefined;
  /** No other handler of the driver was open when it returned: what it had not found was in no one's hands but the filter's. */
  alone: boolean;
  passedOn: boolean;
}

export function judgeCancel(court: Court): Judge {
  const { books } = court;
  const tested = {
    aborted: court.tested('CAN-01'),
    passedOn: court.tested('CAN-02'),
    onlyHeld: court.tested('CAN-03'),
    stillOut: court.tested('CAN-04'),
  };
  /** The cancel that each module is in or was in last. */
  const latest = new Recent<Cancel>();
  /** Sends that a cancel asked for and that the filter has not parted with. Empty but for a few moments of a trace. */
  const asked = new Map<Relation, Cancel>();
  /** Deliveries that a cancel has completed: an NBL may be delivered again. */
  const aborted = new WeakMap<Relation, Crossing>();
  /** The ids that the driver itself has cancelled below. */
  const cancelledBelow = new Recent<Crossing>();

  const entered = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (module === undefined) return;
    const cancel: Cancel = {
      entry: crossing,
      id: idOf(crossing),
      exit: undefined,
      alone: false,
      passedOn: false,
    };
    latest.set(module.name, cancel);
    tested.passedOn.count += 1;
    if (module.heldSends === 0 || cancel.id === undefined) return;
    for (const relation of module.nbls.values()) {
      if (!isHeldSend(relation) || relation.snapshot.cancelId !== cancel.id) continue;
      // On its way into the queue: the cancel comes too early for it.
      if (books.threads.isOpen(relation.since)) continue;
      tested.aborted.count += 1;
      tested.onlyHeld.count += 1;
      asked.set(relation, cancel);
    }
  };

  const left = (crossing: Crossing): void => {
    const { opener } = books.threads;
    const cancel = crossing.module === undefined ? undefined : latest.get(crossing.module);
    if (!cancel || cancel.entry !== opener) return;
    cancel.exit = crossing;
    cancel.alone = asked.size > 0 && !books.threads.someoneIsInside();
    if (cancel.passedOn || cancel.id === undefined) return;
    court.charge('CAN-02', {
      at: crossing,
      witnesses: [cancel.entry],
      message: `The cancel of ${cancel.id} that came in at #${cancel.entry.seq} was not passed on with NdisFCancelSendNetBufferLists when the handler returned at #${crossing.seq}`,
    });
  };

  const passesOn = (crossing: Crossing): void => {
    const id = idOf(crossing);
    if (id !== undefined) cancelledBelow.set(id, crossing);
    const cancel = crossing.module === undefined ? undefined : latest.get(crossing.module);
    if (cancel && !cancel.exit && (id === undefined || cancel.id === id)) cancel.passedOn = true;
  };

  // ---- what becomes of the sends ---------------------------------------------------------------------------

  const completes = (crossing: Crossing): void => {
    if (latest.size === 0) return;
    const module = books.moduleOf(crossing);
    if (module === undefined) return;
    const entry = books.threads.inside(crossing, HANDLER);
    for (const view of crossing.nbls ?? []) {
      const relation = module.nbls.get(view.nbl);
      if (relation?.kind !== 'send') continue;
      if (entry) completedByCancel(view, relation, entry, crossing);
      else if (relation.place === 'home' && aborted.get(relation) === relation.since)
        completedAgain(relation, crossing);
      asked.delete(relation);
    }
  };

  const completedByCancel = (view: NblView, relation: Relation, entry: Crossing, crossing: Crossing): void => {
    const id = idOf(entry);
    if (relation.place === 'below' || relation.place === 'home') {
      const did = relation.place === 'below' ? 'passed it down' : 'completed it';
      court.charge('CAN-03', {
        at: crossing,
        witnesses: [entry, relation.moved],
        message: `The cancel of #${entry.seq} completed ${view.nbl} at #${crossing.seq} although the filter had ${did} at #${relation.moved.seq} and no longer held it`,
      });
      return;
    }
    if (!isHeldSend(relation)) return;
    aborted.set(relation, relation.since);
    const { cancelId } = relation.snapshot;
    if (cancelId === id && view.status !== undefined && view.status !== SEND_ABORTED) {
      court.charge('CAN-01', {
        at: crossing,
        witnesses: [entry, relation.since],
        message: `The cancel of #${entry.seq} completed ${view.nbl} at #${crossing.seq} with ${view.status} instead of ${SEND_ABORTED}`,
      });
    } else if (cancelId !== undefined && id !== undefined && cancelId !== id && view.status === SEND_ABORTED) {
      court.charge('CAN-01', {
        at: crossing,
        witnesses: [entry, relation.since],
        message: `The cancel of ${id} at #${entry.seq} completed ${view.nbl} at #${crossing.seq}, whose cancel id is ${cancelId}`,
      });
    }
  };

  const completedAgain = (relation: Relation, crossing: Crossing): void =>
    court.charge('CAN-03', {
      at: crossing,
      witnesses: [relation.since, relation.moved],
      message: `The filter completed ${relation.nbl} at #${crossing.seq} although a cancel had completed it at #${relation.moved.seq}`,
    });

  /** Whoever took the send out of the queue before the cancel came may still pass it down; whoever came later may not. */
  const passesDown = (crossing: Crossing): void => {
    if (asked.size === 0) return;
    const module = books.moduleOf(crossing);
    const root = books.threads.rootOf(crossing);
    for (const view of crossing.nbls ?? []) {
      const relation = module?.nbls.get(view.nbl);
      const cancel = relation && asked.get(relation);
      if (relation === undefined || !cancel) continue;
      asked.delete(relation);
      const inside = books.threads.inside(crossing, HANDLER) === cancel.entry;
      const later = root && cancel.exit && root.seq > cancel.exit.seq;
      if (inside || later) missed(relation, cancel, crossing, 'passed down');
    }
  };

  const missed = (relation: Relation, { entry }: Cancel, crossing: Crossing, became: string): void =>
    court.charge('CAN-01', {
      at: crossing,
      ...(entry.module !== undefined && { module: entry.module }),
      witnesses: [relation.since, entry],
      message: `Send ${relation.nbl}, held since #${relation.since.seq}, was not completed by the cancel of its id at #${entry.seq}: it was ${became} at #${crossing.seq}`,
    });

  const quiet = (crossing: Crossing): void => {
    if (asked.size === 0 || books.threads.someoneIsInside()) return;
    for (const [relation, cancel] of asked) {
      asked.delete(relation);
      const module = books.moduleOf(cancel.entry);
      if (module && isHeldSend(relation) && module.nbls.get(relation.nbl) === relation)
        missed(relation, cancel, crossing, 'still held');
    }
  };

  /** A trace that ends before all is quiet decides only where no one else can have had the send in hand. */
  const finish = (): void => {
    for (const [relation, cancel] of asked) {
      const { exit, alone, entry } = cancel;
      const module = books.moduleOf(entry);
      if (exit && alone && isHeldSend(relation) && module?.nbls.get(relation.nbl) === relation)
        missed(relation, cancel, exit, 'still held when the handler returned');
    }
    asked.clear();
  };

  // ---- own sends -------------------------------------------------------------------------------------------

  const frees = (crossing: Crossing): void => {
    if (cancelledBelow.size === 0) return;
    for (const view of crossing.nbls ?? []) {
      for (const module of books.modules.values()) {
        const relation = module.nbls.get(view.nbl);
        if (relation?.kind === 'own') freesOwn(module, view, relation, crossing);
      }
    }
  };

  const freesOwn = (module: ModuleBook, view: NblView, relation: Relation, crossing: Crossing): void => {
    const call = cancelledBelow.get(view.cancelId ?? relation.snapshot.cancelId ?? '');
    if (!call) return;
    tested.stillOut.count += 1;
    if (relation.place !== 'below' || call.seq < relation.moved.seq) return;
    court.charge('CAN-04', {
      at: crossing,
      module: module.name,
      witnesses: [relation.moved, call],
      message: `The filter cancelled its send ${view.nbl} at #${call.seq} and freed it at #${crossing.seq} although it had been out since #${relation.moved.seq} and had not come back`,
    });
  };

  return {
    forget: () => {
      latest.clear();
      asked.clear();
      cancelledBelow.clear();
    },
    before: {
      [`->${HANDLER}`]: entered,
      '=>NdisFCancelSendNetBufferLists': passesOn,
      '=>NdisFSendNetBufferListsComplete': completes,
      '=>NdisFSendNetBufferLists': passesDown,
      '!!Quiescent': quiet,
    },
    beforeAny: [{ keys: NBL_FREE_KEYS, hear: frees }],
    after: { [`<-${HANDLER}`]: left },
    finish,
  };
}

function isHeldSend({ kind, place }: Relation): boolean {
  return kind === 'send' && place === 'held';
}

/** Identities travel as strings; a trace written by hand may have a number. */
function idOf({ args }: Crossing): string | undefined {
  const id = args?.['cancelId'];
  return typeof id === 'string' || typeof id === 'number' ? String(id) : undefined;
}
