/** How a pause runs: PAU-01 to PAU-04, PAU-15 and PAU-20. */
import type { Crossing } from '../../trace';
import { APC_LEVEL, PASSIVE_LEVEL } from '../../trace';
import type { ModuleBook } from './books/module-book';
import { Recent } from './books/recent';
import { PENDING, SUCCESS } from './books/statuses';
import type { Court, Hearing, Judge } from './court';
import { isDrained } from './outstanding';

/** Driver Verifier's NdisFilterTimedPauseComplete. */
const LIMIT_MS = 10_000;

const COMING_BACK = [
  '->FilterSendNetBufferListsComplete',
  '->FilterReturnNetBufferLists',
  '->FilterCancelSendNetBufferLists',
  '<=NdisFIndicateReceiveNetBufferLists',
] as const;

const COMPLETION_HANDLERS: ReadonlySet<string> = new Set([
  'FilterSendNetBufferListsComplete',
  'FilterReturnNetBufferLists',
  'FilterCancelSendNetBufferLists',
]);

function isCompletionHandler(ddi: string): boolean {
  return COMPLETION_HANDLERS.has(ddi);
}

export function judgePauseProcedure(court: Court): Judge {
  const { books } = court;
  const statuses = court.tested('PAU-01');
  const once = court.tested('PAU-02');
  const unasked = court.tested('PAU-03');
  const timed = court.tested('PAU-04');
  const completions = court.tested('PAU-15');
  const waits = court.tested('PAU-20');
  /** Time from which on nothing that a pause may wait for was with a neighbour. */
  const clear = new Recent<number>();

  const returned = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    const { status } = crossing;
    if (!module || status === undefined) return;
    statuses.count += 1;
    if (status !== SUCCESS && status !== PENDING) {
      court.charge('PAU-01', {
        at: crossing,
        witnesses: [module.pauseEntry],
        message: `FilterPause returned ${status} at #${crossing.seq}; a pause cannot fail: only NDIS_STATUS_SUCCESS and NDIS_STATUS_PENDING are legal`,
      });
    }
    const early = module.pauseComplete;
    if (status !== PENDING && early) {
      court.charge('PAU-03', {
        at: crossing,
        witnesses: [module.pauseEntry, early],
        message: `FilterPause returned ${status} at #${crossing.seq} although NdisFPauseComplete had been called at #${early.seq}: the pause completed twice`,
      });
    }
    if (status === SUCCESS) unasked.count += 1;
    if (status === PENDING) once.count += 1;
    if (module.state === 'Pausing' && status !== PENDING) within(module, crossing);
  };

  const completed = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (!module || module.state === 'Unknown') return;
    unasked.count += 1;
    if (module.state === 'Pausing') {
      within(module, crossing);
      return;
    }
    const why = module.pauseComplete
      ? `it had already been called at #${module.pauseComplete.seq}`
      : module.pauseExit
        ? `FilterPause had returned ${module.pauseExit.status ?? 'a final status'} at #${module.pauseExit.seq}`
        : 'no pause had been asked for';
    court.charge('PAU-03', {
      at: crossing,
      witnesses: [module.pauseEntry, module.pauseComplete ?? module.pauseExit],
      message: `The filter called NdisFPauseComplete at #${crossing.seq} with no pause pending: ${why}`,
    });
    const { pauseEntry, pauseExit, pauseComplete } = module;
    if (module.state !== 'Paused' || !pauseComplete || pauseExit?.status !== PENDING) return;
    court.charge('PAU-02', {
      at: crossing,
      witnesses: [pauseEntry, pauseComplete],
      message: `The pause of #${pauseEntry?.seq ?? 0} that was left pending was completed twice, at #${pauseComplete.seq} and at #${crossing.seq}`,
    });
  };

  const within = (module: ModuleBook, crossing: Crossing): void => {
    const since = clear.get(module.name);
    if (since === undefined || crossing.time === undefined) return;
    timed.count += 1;
    const took = crossing.time - since;
    if (took <= LIMIT_MS) return;
    court.charge('PAU-04', {
      at: crossing,
      witnesses: [module.pauseEntry],
      message: `The pause of ${module.name} completed ${took / 1000} s after the filter could have completed it; Driver Verifier allows ${LIMIT_MS / 1000} s`,
    });
  };

  const entered = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (module) isClear(module, crossing);
  };

  const isClear = (module: ModuleBook, { time }: Crossing): void => {
    if (time === undefined || !isDrained(module, books.threads)) clear.delete(module.name);
    else clear.set(module.name, time);
  };

  const cameBack: Hearing = (crossing, module) => {
    if (module?.state !== 'Pausing') return;
    completions.count += 1;
    isClear(module, crossing);
  };

  const oidCameBack = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (module?.state === 'Pausing') isClear(module, crossing);
  };

  const hangs = (crossing: Crossing): void => {
    const frames = books.threads.framesOf(crossing);
    const inside = frames.findLast((frame) => isCompletionHandler(frame.ddi));
    const name = inside?.module ?? crossing.module;
    const module = name === undefined ? undefined : books.modules.get(name);
    const handler = inside?.ddi ?? String(crossing.args?.['inside'] ?? '');
    if (module?.state !== 'Pausing' || !isCompletionHandler(handler)) return;
    if (inside) told.add(inside);
    court.charge('PAU-15', {
      at: crossing,
      module: module.name,
      witnesses: [module.pauseEntry, inside],
      message: `${handler} can never go on at #${crossing.seq}: it waits for ${String(crossing.args?.['waitsFor'] ?? 'a lock')}, which ${String(crossing.args?.['heldBy'] ?? 'another thread')} took during the pause that began at #${module.pauseEntry?.seq ?? 0}`,
    });
  };

  const told = new Set<Crossing>();

  /** A completion handler that is still open when nothing more will happen waits for what FilterPause has. */
  const stuckInside = (module: ModuleBook, crossing: Crossing): boolean => {
    for (const open of books.threads.open()) {
      if (open.module !== module.name || !isCompletionHandler(open.ddi) || told.has(open)) continue;
      // Whoever is in a call of NDIS may be held up by a neighbour.
      if (books.threads.framesOf(open).at(-1)?.dir === '=>') continue;
      told.add(open);
      court.charge('PAU-15', {
        at: crossing,
        module: module.name,
        witnesses: [module.pauseEntry, open],
        message: `${open.ddi}, entered at #${open.seq}, never returns while the pause that began at #${module.pauseEntry?.seq ?? 0} is under way`,
      });
      return true;
    }
    return false;
  };

  /** Nothing more will happen: a pause that could have completed and did not will stay pending for ever. */
  const quiet = (crossing: Crossing): void => {
    for (const module of books.modules.values()) {
      const { pauseEntry, pauseExit } = module;
      // What a module had in its hands before the trace shows it may be what it waits for.
      if (module.state !== 'Pausing' || !module.epochKnown || !pauseEntry || told.has(pauseEntry)) continue;
      if (stuckInside(module, crossing)) continue;
      if (!isDrained(module, books.threads) || driverIsInside(module)) continue;
      told.add(pauseEntry);
      if (pauseExit?.status === PENDING) {
        court.charge('PAU-02', {
          at: crossing,
          module: module.name,
          witnesses: [pauseEntry, pauseExit],
          message: `FilterPause of ${module.name} returned NDIS_STATUS_PENDING at #${pauseExit.seq}, nothing is outstanding any more, and the filter never called NdisFPauseComplete`,
        });
      } else if (!pauseExit) {
        court.charge('PAU-04', {
          at: crossing,
          module: module.name,
          witnesses: [pauseEntry],
          message: `FilterPause of ${module.name}, entered at #${pauseEntry.seq}, never returns although nothing that it may wait for is outstanding`,
        });
      }
    }
  };

  /** Another handler of the driver has not returned: what it does may still complete the pause, or hangs (PAU-15). */
  const driverIsInside = (module: ModuleBook): boolean => {
    for (const open of books.threads.open()) if (open !== module.pauseEntry) return true;
    return false;
  };

  const waiting = (crossing: Crossing): void => {
    const entry = books.threads.inside(crossing, 'FilterPause');
    const { irql, locks } = crossing;
    if (!entry || (irql === undefined && locks === undefined)) return;
    waits.count += 1;
    const lock = locks?.[0];
    if ((irql === undefined || irql <= highestToWaitAt(crossing.ddi)) && lock === undefined) return;
    court.charge('PAU-20', {
      at: crossing,
      module: entry.module,
      witnesses: [entry],
      message: `FilterPause waits in ${crossing.ddi} at #${crossing.seq} ${lock === undefined ? `at IRQL ${irql}` : `while it holds ${lock}`}; it may wait at ${highestToWaitAt(crossing.ddi) === APC_LEVEL ? 'APC_LEVEL or below' : 'PASSIVE_LEVEL'}, with no spin lock held`,
    });
  };

  return {
    before: {
      '->FilterPause': entered,
      '<-FilterPause': returned,
      '=>NdisFPauseComplete': completed,
      '=>NdisWaitEvent': waiting,
      '=>NdisMSleep': waiting,
      '=>ExWaitForRundownProtectionRelease': waiting,
      '!!Hang': hangs,
      '!!Quiescent': quiet,
    },
    after: {
      '->FilterOidRequestComplete': oidCameBack,
      '->FilterDirectOidRequestComplete': oidCameBack,
      '<=NdisFOidRequest': oidCameBack,
      '<=NdisFDirectOidRequest': oidCameBack,
    },
    afterAny: [{ keys: COMING_BACK, hear: cameBack, unlessRunning: true }],
  };
}

/** Waiting for a rundown is documented for APC_LEVEL, too. */
function highestToWaitAt(ddi: string): number {
  return ddi === 'ExWaitForRundownProtectionRelease' ? APC_LEVEL : PASSIVE_LEVEL;
}
