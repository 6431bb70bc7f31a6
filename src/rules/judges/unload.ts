/** How a driver leaves: UNL-01, UNL-02 and UNL-04. */
import type { Crossing } from '../../trace';
import { SUCCESS } from './books/statuses';
import type { Court, Judge } from './court';
import { SPIN_LOCK_NOT_OWNED } from './levels-and-locks';

/** What gives memory back; a device that goes before the driver deregisters is in nobody's way. */
const MEMORY_FREES = ['=>NdisFreeMemory', '=>ExFreePool', '=>ExFreePoolWithTag'] as const;
const UNLOAD = 'FilterDriverUnload';
const MAY_DEREGISTER: ReadonlySet<string> = new Set([UNLOAD, 'DriverEntry']);

export function judgeUnload(court: Court): Judge {
  const { books } = court;
  const deregisters = court.tested('UNL-01');
  const globals = court.tested('UNL-02');
  const alive = court.tested('UNL-04');
  const { registrations } = books;
  let refused: Crossing | undefined;
  /** The last call, until it returns and after it has. */
  let deregistering: Crossing | undefined;
  let deregistered: Crossing | undefined;
  let freedEarly: Crossing | undefined;

  const left = (crossing: Crossing): void => {
    const registered = registrations.first;
    if (!books.wholeStory || !(registered ?? deregistered ?? deregistering)) return;
    deregisters.count += 1;
    if (!registered) return;
    court.charge('UNL-01', {
      at: crossing,
      witnesses: [registered],
      message: `FilterDriverUnload returned at #${crossing.seq} without NdisFDeregisterFilterDriver; NDIS would go on calling the driver that registered at #${registered.seq}`,
    });
  };

  const begins = (crossing: Crossing): void => {
    const said = `The driver called NdisFDeregisterFilterDriver at #${crossing.seq}`;
    const registered = registrations.endedBy(crossing);
    const before = deregistered ?? deregistering;
    const root = books.threads.rootOf(crossing);
    if (!registered && before && books.wholeStory) {
      court.charge('UNL-01', {
        at: crossing,
        witnesses: [before],
        message: `${said} although it had done so at #${before.seq}`,
      });
    } else if (!registered && refused && books.wholeStory) {
      court.charge('UNL-01', {
        at: crossing,
        witnesses: [refused],
        message: `${said} although its registration had failed at #${refused.seq} with ${refused.status ?? ''}`,
      });
    } else if (root && !MAY_DEREGISTER.has(root.ddi)) {
      court.charge('UNL-01', {
        at: crossing,
        witnesses: [registered, root],
        message: `${said} from ${root.ddi} (#${root.seq}); that is for ${UNLOAD}, or for DriverEntry when it fails`,
      });
    }
    deregistering = crossing;
    if (anyAttached()) globals.count += 1;
  };

  const ends = (crossing: Crossing): void => {
    deregistering = undefined;
    deregistered = crossing;
    if (!registrations.first) leaked(crossing);
  };

  /** No registration is in force, and all modules are detached by now: no NBL of the driver may be alive. */
  const leaked = (crossing: Crossing): void => {
    alive.count += 1;
    const [first, ...more] = books.nbls.allocations.values();
    if (!first) return;
    court.charge('UNL-04', {
      at: crossing,
      ...(first.module !== undefined && { module: first.module }),
      witnesses: [first.at],
      message: `The driver deregistered at #${crossing.seq} while ${first.nbl}, allocated at #${first.at.seq}, was alive${more.length > 0 ? ` (and ${more.length} more)` : ''}`,
    });
  };

  const anyAttached = (): boolean => {
    for (const { state } of books.modules.values()) if (state !== 'Detached' && state !== 'Unknown') return true;
    return false;
  };

  const touched = (crossing: Crossing): void => {
    const freed = books.ledger.freedMemoryOf(crossing);
    if (!freed || freed.module !== undefined) return;
    usedTooLate(crossing, String(crossing.args?.['object'] ?? 'global memory'), 'which its unload had freed');
  };

  const usedTooLate = (crossing: Crossing, what: string, why: string): void => {
    if (deregistered && !registrations.first) return;
    const unloading = deregistering ?? books.threads.inside(crossing, UNLOAD) ?? openUnload();
    if (!unloading) return;
    court.charge('UNL-02', {
      at: crossing,
      witnesses: [unloading, books.threads.rootOf(crossing)],
      message: `The driver used ${what} at #${crossing.seq}, ${why} before NdisFDeregisterFilterDriver (#${unloading.seq}) had returned`,
    });
  };

  /** Memory of the driver as a whole that its unload frees before it deregisters. */
  const frees = (crossing: Crossing): void => {
    if (crossing.module !== undefined || deregistering || (deregistered && !registrations.first)) return;
    if (books.threads.inside(crossing, UNLOAD)) freedEarly = crossing;
  };

  /** The call never returns: NDIS finds the leak itself, or a module that it detaches on the way needs what is gone. */
  const stopped = (crossing: Crossing): void => {
    if (!deregistering) return;
    if (!anyAttached()) {
      leaked(crossing);
      return;
    }
    const handler = books.threads.framesOf(crossing).findLast(({ dir }) => dir === '->');
    if (!freedEarly || handler?.module === undefined || handler.seq < deregistering.seq) return;
    if (crossing.args?.['code'] === SPIN_LOCK_NOT_OWNED) return;
    // Another rule was broken on the way: that is why the system stopped.
    const begun = deregistering.seq;
    if (court.violations.some(({ at }) => at > begun)) return;
    const what = `something in ${handler.ddi} (#${handler.seq}) that was not there`;
    usedTooLate(crossing, what, `after memory was freed at #${freedEarly.seq},`);
  };

  const openUnload = (): Crossing | undefined => {
    for (const open of books.threads.open()) if (open.ddi === UNLOAD) return open;
    return undefined;
  };

  return {
    forget: () => {
      refused = undefined;
      deregistering = undefined;
      freedEarly = undefined;
    },
    before: {
      '<=NdisFRegisterFilterDriver': (crossing) => {
        refused = crossing.status === undefined || crossing.status === SUCCESS ? undefined : crossing;
        deregistered = undefined;
        deregistering = undefined;
        freedEarly = undefined;
      },
      '=>NdisFDeregisterFilterDriver': begins,
      '<=NdisFDeregisterFilterDriver': ends,
      [`<-${UNLOAD}`]: left,
      '!!Access': touched,
      '!!Bugcheck': stopped,
    },
    beforeAny: [{ keys: MEMORY_FREES, hear: frees }],
  };
}
