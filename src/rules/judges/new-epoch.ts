/** A restart begins a new epoch: RST-13. */
import type { Crossing } from '../../trace';
import type { ModuleBook } from './books/module-book';
import { PAUSED, SUCCESS } from './books/statuses';
import type { Court, Judge } from './court';
import { Last } from './last';

const WRITE = 'IRP_MJ_WRITE';

/** Failures that have nothing to do with the gate: memory is short, the request is malformed or cancelled, the adapter or its link is gone. */
const OTHER_REASONS =
  /RESOURCES|INVALID|NO_SUCH_DEVICE|REMOVED|NO_MEMORY|TOO_(?:SMALL|LARGE|SHORT)|CANCEL|BUSY|TIMEOUT|DENIED|SUPPORTED|DISCONNECTED|UNREACHABLE/;

function isRefusal(status: string): boolean {
  // The one that nearly all return.
  if (status === 'STATUS_SUCCESS') return false;
  return !/STATUS_(?:SUCCESS|PENDING)$/.test(status) && !OTHER_REASONS.test(status);
}

export function judgeNewEpoch(court: Court): Judge {
  const { books } = court;
  const tested = court.tested('RST-13');
  /** Told to stop since the last restart, or asleep until NetEventSetPower says D0, which comes after the restart of a resume. */
  const mayRefuse = ({ name }: ModuleBook): boolean =>
    books.stopping.since(name) !== undefined || books.lowPower.isAsleep(name);

  const refused = (crossing: Crossing): void => {
    if (!crossing.nbls?.some(({ status }) => status === PAUSED)) return;
    const module = books.moduleOf(crossing);
    if (module?.state !== 'Running' || mayRefuse(module) || isStillRestarting(module)) return;
    for (const view of crossing.nbls ?? []) {
      if (view.status !== PAUSED) continue;
      const relation = module.nbls.get(view.nbl);
      if (relation?.kind !== 'send' || relation.place !== 'held' || relation.since.seq < module.since.seq) continue;
      court.charge('RST-13', {
        at: crossing,
        witnesses: [module.since, relation.since],
        message: `The filter refused send ${view.nbl} with NDIS_STATUS_PAUSED at #${crossing.seq} although ${module.name} has been Running since #${module.since.seq}: the restart did not open the gate again`,
      });
      const other = closedBy(module);
      if (!other) continue;
      court.charge('ATT-10', {
        at: crossing,
        witnesses: [passed.of(module.name), other.pauseEntry],
        message: `The filter refused send ${view.nbl} for ${module.name} at #${crossing.seq}, which is Running and let sends through before ${other.name} was paused at #${other.pauseEntry?.seq ?? 0}: the two share a gate`,
      });
    }
  };

  /** The last send of others that each module let through. */
  const passed = new Last();

  /** Another module that was paused since this one last let a send through. */
  const closedBy = (module: ModuleBook): ModuleBook | undefined => {
    const open = passed.of(module.name);
    if (open === undefined || open.seq < module.since.seq) return undefined;
    for (const other of books.modules.values()) {
      const isClosed = other !== module && (other.state === 'Pausing' || other.state === 'Paused');
      if (isClosed && other.pauseEntry && other.pauseEntry.seq > open.seq) return other;
    }
    return undefined;
  };

  /** Whoever completed the restart has not returned yet and may be about to open the gate. */
  const isStillRestarting = ({ restartComplete }: ModuleBook): boolean =>
    restartComplete !== undefined &&
    books.threads.framesOf(restartComplete).some((frame) => frame.seq <= restartComplete.seq);

  const restarted = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (module?.state !== 'Running') return;
    tested.count += 1;
    const { pauseEntry, restartEntry } = module;
    if (!pauseEntry || !restartEntry || (module.heldSends === 0 && module.heldReceives === 0)) return;
    for (const relation of module.nbls.values()) {
      if (
        relation.place !== 'held' ||
        relation.kind === 'own' ||
        relation.resources ||
        relation.since.seq > pauseEntry.seq ||
        books.threads.isOpen(relation.since)
      )
        continue;
      court.charge('RST-13', {
        at: crossing,
        witnesses: [relation.since, pauseEntry],
        message: `${relation.nbl}, handed to the filter at #${relation.since.seq} before the pause of #${pauseEntry.seq}, was still held when ${module.name} ran again at #${crossing.seq}`,
      });
      return;
    }
  };

  /** The last send that a write on a handle of an application led to. */
  const served = new Last();

  const sent = (crossing: Crossing): void => {
    const { module } = crossing;
    const root = books.threads.rootOf(crossing);
    if (root === undefined || module === undefined) return;
    if (root.ddi === 'FilterSendNetBufferLists') {
      passed.set(module, crossing);
    } else if (root.ddi === WRITE) {
      const file = root.args?.['file'];
      if (typeof file === 'string') served.set(file, crossing);
    }
  };

  const closed = (crossing: Crossing): void => {
    const file = crossing.args?.['file'];
    if (typeof file === 'string') served.forget(file);
  };

  /** A write on a handle that was served before the pause, refused for no reason that NDIS gives. */
  const writeReturned = (crossing: Crossing): void => {
    const entry = books.threads.opener;
    const file = entry?.args?.['file'];
    const { status } = crossing;
    if (entry === undefined || typeof file !== 'string' || status === undefined || !isRefusal(status)) return;
    const before = served.of(file);
    const module = before?.module === undefined ? undefined : books.modules.get(before.module);
    if (before === undefined || module?.state !== 'Running' || mayRefuse(module) || isStillRestarting(module)) return;
    const { pauseEntry, since } = module;
    if (!pauseEntry || before.seq > pauseEntry.seq || entry.seq < since.seq) return;
    court.charge('RST-13', {
      at: crossing,
      module: module.name,
      witnesses: [before, since, entry],
      message: `The filter refused the write of #${entry.seq} with ${status} although ${module.name} has been Running since #${since.seq}; before the pause of #${pauseEntry.seq} the same handle could send (#${before.seq})`,
    });
  };

  return {
    forget: () => {
      served.forgetAll();
      passed.forgetAll();
    },
    before: {
      '->IRP_MJ_CLOSE': closed,
      '=>NdisFSendNetBufferListsComplete': refused,
      '=>NdisFSendNetBufferLists': sent,
    },
    after: {
      '<-IRP_MJ_WRITE': writeReturned,
      '<-FilterRestart': (crossing) => {
        if (crossing.status === SUCCESS) restarted(crossing);
      },
      '=>NdisFRestartComplete': restarted,
      '->FilterSendNetBufferLists': (crossing) => {
        if (books.moduleOf(crossing)?.state === 'Running') tested.count += 1;
      },
    },
  };
}
