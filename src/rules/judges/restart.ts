/** How a restart runs: RST-01, RST-02, RST-03, and the attributes of RST-11. */
import type { Crossing } from '../../trace';
import { FAILURE, isFailure, PENDING, RESOURCES, SUCCESS } from './books/statuses';
import type { Court, Judge } from './court';
import { anOwnRequestIsBelow } from './outstanding';

/** As listed. The remarks speak of "a failure status": another one is a finding of the strict reading. */
const FINAL: ReadonlySet<string> = new Set([SUCCESS, RESOURCES, FAILURE]);

export function judgeRestart(court: Court): Judge {
  const { books } = court;
  const statuses = court.tested('RST-01');
  const once = court.tested('RST-02');
  const unasked = court.tested('RST-03');
  const undone = court.tested('RST-11');
  const told = new Set<Crossing>();

  const left = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    const { status } = crossing;
    if (!module || status === undefined) return;
    statuses.count += 1;
    if (status !== PENDING && !FINAL.has(status)) {
      court.charge('RST-01', {
        at: crossing,
        reading: isFailure(status) ? 'strict' : 'default',
        witnesses: [module.restartEntry],
        message: `FilterRestart returned ${status} at #${crossing.seq}; it may return NDIS_STATUS_SUCCESS, NDIS_STATUS_PENDING, NDIS_STATUS_RESOURCES or NDIS_STATUS_FAILURE`,
      });
    }
    once.count += 1;
    unasked.count += 1;
    const early = module.restartComplete;
    if (status !== PENDING && early) {
      court.charge('RST-03', {
        at: crossing,
        witnesses: [module.restartEntry, early],
        message: `FilterRestart returned ${status} at #${crossing.seq} although NdisFRestartComplete had been called at #${early.seq}`,
      });
    }
    if (status !== PENDING && status !== SUCCESS) attributesUndone(crossing, module.restartEntry);
  };

  const attributesUndone = (crossing: Crossing, entry: Crossing | undefined): void => {
    const before = entry?.args?.['attributes'];
    const after = crossing.args?.['attributes'];
    if (before === undefined || after === undefined) return;
    undone.count += 1;
    if (before === after) return;
    court.charge('RST-11', {
      at: crossing,
      witnesses: [entry],
      message: `The restart failed at #${crossing.seq} and left changed restart attributes behind: ${String(before)} became ${String(after)}`,
    });
  };

  const completed = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (!module || module.state === 'Unknown') return;
    const status = crossing.args?.['status'];
    if (module.state !== 'Restarting') {
      const twice = module.restartComplete;
      court.charge(twice ? 'RST-02' : 'RST-03', {
        at: crossing,
        witnesses: [module.restartEntry, twice ?? module.restartExit],
        message: twice
          ? `The filter called NdisFRestartComplete at #${crossing.seq} for a restart that it had completed at #${twice.seq}`
          : `The filter called NdisFRestartComplete at #${crossing.seq} with no restart pending${module.restartExit ? `: FilterRestart had returned ${module.restartExit.status ?? 'a final status'} at #${module.restartExit.seq}` : ''}`,
      });
      return;
    }
    if (typeof status === 'string' && !FINAL.has(status)) {
      court.charge('RST-02', {
        at: crossing,
        reading: isFailure(status) ? 'strict' : 'default',
        witnesses: [module.restartEntry],
        message: `The filter completed the restart with ${status} at #${crossing.seq}; NDIS_STATUS_SUCCESS, NDIS_STATUS_RESOURCES and NDIS_STATUS_FAILURE are legal`,
      });
    }
    if (crossing.irql !== undefined && crossing.irql > 0) {
      court.charge('RST-02', {
        at: crossing,
        witnesses: [module.restartEntry],
        message: `The filter called NdisFRestartComplete at IRQL ${crossing.irql} (#${crossing.seq}); it is for PASSIVE_LEVEL`,
      });
    }
  };

  /** Nothing more will happen: a restart that is pending stays so. */
  const quiet = (crossing: Crossing): void => {
    for (const module of books.modules.values()) {
      const { restartEntry, restartExit } = module;
      if (module.state !== 'Restarting' || !restartEntry || restartExit?.status !== PENDING || told.has(restartEntry))
        continue;
      // It may wait for an OID request of its own.
      if (anOwnRequestIsBelow(module, books.threads) || books.threads.someoneIsInside()) continue;
      told.add(restartEntry);
      court.charge('RST-02', {
        at: crossing,
        module: module.name,
        witnesses: [restartEntry, restartExit],
        message: `FilterRestart of ${module.name} returned NDIS_STATUS_PENDING at #${restartExit.seq}, and the filter never called NdisFRestartComplete`,
      });
    }
  };

  return {
    before: { '<-FilterRestart': left, '=>NdisFRestartComplete': completed, '!!Quiescent': quiet },
  };
}
