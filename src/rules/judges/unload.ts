/** How a driver leaves: UNL-01, UNL-02 and UNL-04. */
import type { Crossing } from '../../trace';
import type { Court, Judge } from './court';

/** Scope of memory that belongs to the driver as a whole. */
const DRIVER_SCOPE = 'driver';

export function judgeUnload(court: Court): Judge {
  const { books } = court;
  const deregisters = court.tested('UNL-01');
  const globals = court.tested('UNL-02');
  const alive = court.tested('UNL-04');
  let registered: Crossing | undefined;
  let deregistering: Crossing | undefined;
  let deregistered: Crossing | undefined;

  const left = (crossing: Crossing): void => {
    if (!books.wholeStory || !registered) return;
    deregisters.count += 1;
    // The return of the call may have been left out.
    if (deregistered ?? deregistering) return;
    court.charge('UNL-01', {
      at: crossing,
      witnesses: [registered],
      message: `FilterDriverUnload returned at #${crossing.seq} without NdisFDeregisterFilterDriver; NDIS would go on calling the driver that registered at #${registered.seq}`,
    });
  };

  const begins = (crossing: Crossing): void => {
    const before = deregistered ?? deregistering;
    if (before && books.wholeStory) {
      court.charge('UNL-01', {
        at: crossing,
        witnesses: [before],
        message: `The driver called NdisFDeregisterFilterDriver at #${crossing.seq} although it had done so at #${before.seq}`,
      });
    }
    deregistering = crossing;
    if (anyAttached()) globals.count += 1;
  };

  const ends = (crossing: Crossing): void => {
    deregistering = undefined;
    deregistered = crossing;
    leaked(crossing);
  };

  /** All modules are detached by now: no NBL of the driver may be alive. */
  const leaked = (crossing: Crossing): void => {
    alive.count += 1;
    const [first, ...more] = books.allocations.values();
    if (!first) return;
    court.charge('UNL-04', {
      at: crossing,
      ...(first.module !== undefined && { module: first.module }),
      witnesses: [first.at],
      message: `The driver deregistered at #${crossing.seq} while ${first.nbl}, allocated at #${first.at.seq}, was alive${more.length > 0 ? ` (and ${more.length} more)` : ''}`,
    });
  };

  /** NDIS finds the leak itself, and the call never returns. */
  const stopped = (crossing: Crossing): void => {
    if (deregistering && !anyAttached()) leaked(crossing);
  };

  const anyAttached = (): boolean => {
    for (const { state } of books.modules.values()) if (state !== 'Detached' && state !== 'Unknown') return true;
    return false;
  };

  const touched = (crossing: Crossing): void => {
    const { args } = crossing;
    if (args?.['what'] !== 'memory' || args['scope'] !== DRIVER_SCOPE || args['freed'] !== true) return;
    if (deregistered) return;
    const inside = deregistering ?? books.threads.inside(crossing, 'FilterDriverUnload');
    const unloading = inside ?? openUnload();
    if (!unloading) return;
    court.charge('UNL-02', {
      at: crossing,
      witnesses: [unloading, books.threads.rootOf(crossing)],
      message: `The driver used ${String(args['object'] ?? 'global memory')} at #${crossing.seq}, which its unload (#${unloading.seq}) had freed before NdisFDeregisterFilterDriver returned`,
    });
  };

  const openUnload = (): Crossing | undefined => {
    for (const open of books.threads.open()) if (open.ddi === 'FilterDriverUnload') return open;
    return undefined;
  };

  return {
    before: {
      '<=NdisFRegisterFilterDriver': (crossing) => {
        if (crossing.status === 'NDIS_STATUS_SUCCESS') registered = crossing;
        deregistered = undefined;
        deregistering = undefined;
      },
      '=>NdisFDeregisterFilterDriver': begins,
      '<=NdisFDeregisterFilterDriver': ends,
      '<-FilterDriverUnload': left,
      '!!Access': touched,
      '!!Bugcheck': stopped,
    },
  };
}
