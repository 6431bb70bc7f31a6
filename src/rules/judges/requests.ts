/** DEV-04: requests of applications at a module that is not Running are failed or parked, and never in the way. */
import type { Crossing } from '../../trace';
import type { ModuleBook } from './books/module-book';
import { Recent } from './books/recent';
import { PENDING } from './books/statuses';
import type { Court, Judge } from './court';
import { anOwnRequestIsBelow, isDrained } from './outstanding';

const WAIT_FOR_DATA: ReadonlySet<string> = new Set(['IRP_MJ_WRITE', 'IRP_MJ_DEVICE_CONTROL']);
const WAITS: ReadonlySet<string> = new Set(['NdisWaitEvent', 'NdisMSleep', 'ExWaitForRundownProtectionRelease']);
const REQUESTS: ReadonlySet<string> = new Set(['IRP_MJ_WRITE', 'IRP_MJ_READ', 'IRP_MJ_DEVICE_CONTROL']);
const ARRIVALS = ['->IRP_MJ_WRITE', '->IRP_MJ_DEVICE_CONTROL'] as const;
const ORIGINATIONS = ['=>NdisFSendNetBufferLists', '=>NdisFIndicateReceiveNetBufferLists'] as const;

export function judgeRequests(court: Court): Judge {
  const { books } = court;
  const tested = court.tested('DEV-04');
  /** IRPs that are pending, by identity. */
  const pending = new Recent<Crossing>();
  const told = new Set<Crossing>();

  const entered = (crossing: Crossing): void => {
    const irp = crossing.args?.['irp'];
    // The structure of a request that is over may be in use for the next one.
    if (typeof irp === 'string' && completed.size > 0) completed.delete(irp);
  };

  const arrives = (): void => {
    for (const module of books.modules.values()) {
      if (module.state === 'Unknown' || module.state === 'Running') continue;
      tested.count += 1;
      return;
    }
  };

  const originates = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (!module || module.state === 'Running') return;
    const root = books.threads.rootOf(crossing);
    if (!root || !REQUESTS.has(root.ddi) || !notRunningSince(module, root)) return;
    const own = (crossing.nbls ?? []).find(
      (view) => books.nbls.relationAtHandOver(module, view, crossing)?.kind === 'own',
    );
    if (!own) return;
    court.charge('DEV-04', {
      at: crossing,
      witnesses: [root, module.pauseEnd ?? module.pauseBarrier ?? module.attach],
      message: `${root.ddi} at #${root.seq} came when ${module.name} was not Running, and the filter originated ${own.nbl} for it at #${crossing.seq} while ${module.name} was ${module.state}`,
    });
  };

  /** The request began when the module was surely not Running, and it has not run since. */
  const notRunningSince = (module: ModuleBook, root: Crossing): boolean => {
    switch (module.state) {
      case 'Pausing':
        return module.pauseBarrier !== undefined && root.seq > module.pauseBarrier.seq;
      case 'Paused':
        return root.seq > module.since.seq || (module.pauseBarrier !== undefined && root.seq > module.pauseBarrier.seq);
      case 'Detaching':
      case 'Detached':
        return module.pauseBarrier === undefined || root.seq > module.pauseBarrier.seq;
      default:
        return false;
    }
  };

  const left = (crossing: Crossing): void => {
    const irp = books.threads.opener?.args?.['irp'] ?? crossing.args?.['irp'];
    if (typeof irp !== 'string') return;
    if (completed.delete(irp) || crossing.status !== 'STATUS_PENDING') return;
    books.keep();
    pending.set(irp, crossing);
  };

  const completed = new Recent<true>();
  const completes = (crossing: Crossing): void => {
    const irp = crossing.args?.['irp'];
    if (typeof irp !== 'string') return;
    if (!pending.delete(irp)) completed.set(irp, true);
  };

  /** A pause or detach that cannot end, a request that waits, and nothing else in the way. */
  const quiet = (crossing: Crossing): void => {
    for (const module of books.modules.values()) {
      const blocked = blockedProcedure(module);
      const request = blocked && waitingRequest(blocked);
      if (!blocked || !request || told.has(request)) continue;
      told.add(request);
      court.charge('DEV-04', {
        at: crossing,
        module: module.name,
        witnesses: [request, blocked],
        message: `${request.ddi} has been pending since #${request.seq}, and ${blocked.ddi} of ${module.name} (#${blocked.seq}) cannot end because of it`,
      });
      return;
    }
  };

  /**
   * Reads, and requests by which an application waits for something to happen, may pend for as long as they like. In the way of
   * a pause that was left pending can only be a write; whoever waits inside a handler waits for a request of any other kind.
   */
  const waitingRequest = (blocked: Crossing): Crossing | undefined => {
    const isWaitedFor = books.threads.isOpen(blocked);
    const isInTheWay = ({ ddi }: Crossing): boolean => ddi === 'IRP_MJ_WRITE' || isWaitedFor;
    for (const request of pending.values()) if (isInTheWay(request)) return request;
    for (const open of books.threads.open())
      if (WAIT_FOR_DATA.has(open.ddi) && isInTheWay(open) && isWaiting(open)) return open;
    return undefined;
  };

  const isWaiting = (entry: Crossing): boolean => WAITS.has(books.threads.framesOf(entry).at(-1)?.ddi ?? '');

  /** While something of the module is with a neighbour, that is what is waited for. */
  const blockedProcedure = (module: ModuleBook): Crossing | undefined => {
    if (module.state === 'Running' || anOwnRequestIsBelow(module, books.threads)) return undefined;
    switch (module.state) {
      case 'Detaching':
        return module.detachEntry;
      case 'Paused':
        return openPreDetach(module);
      case 'Pausing':
        if (!isDrained(module, books.threads)) return undefined;
        return module.pauseExit === undefined || module.pauseExit.status === PENDING ? module.pauseEntry : undefined;
      default:
        return undefined;
    }
  };

  /** A driver may wait for the users of a module before FilterDetach, where OID requests still go through. */
  const openPreDetach = (module: ModuleBook): Crossing | undefined => {
    for (const open of books.threads.open()) {
      if (open.module === module.name && open.args?.['event'] === 'NetEventFilterPreDetach') return open;
    }
    return undefined;
  };

  return {
    forget: () => {
      pending.clear();
      completed.clear();
    },
    before: {
      '->IRP_MJ_WRITE': entered,
      '->IRP_MJ_DEVICE_CONTROL': entered,
      '=>IoCompleteRequest': completes,
      '!!Quiescent': quiet,
    },
    beforeAny: [{ keys: ORIGINATIONS, hear: originates, unlessRunning: true }],
    afterAny: [{ keys: ARRIVALS, hear: arrives, unlessRunning: true }],
    after: {
      '<-IRP_MJ_WRITE': left,
      '<-IRP_MJ_DEVICE_CONTROL': left,
    },
  };
}
