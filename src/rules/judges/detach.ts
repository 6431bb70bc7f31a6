/** How a module ends: DET-01, DET-02, DET-03, DET-06, DET-08, DET-09, and DEV-03 and TMR-03 for what an application's request, a timer or a work item does late. */
import type { Crossing } from '../../trace';
import type { ModuleBook } from './books/module-book';
import { FREEING_CALLS, resourceName } from './books/ledger';
import { NBL_FREE_KEYS } from './books/nbl-calls';
import { CALLBACKS } from './callbacks';
import type { Court, Judge } from './court';
import { FILTER_CALL_KEYS } from './filter-calls';
import { anOwnRequestIsBelow } from './outstanding';

/** What a driver does for a module besides calling NdisF functions. */
const WORK = [
  ...FREEING_CALLS,
  ...NBL_FREE_KEYS,
  '=>NdisSetTimerObject',
  '=>NdisCancelTimerObject',
  '=>NdisQueueIoWorkItem',
] as const;

const REQUESTS = ['->IRP_MJ_WRITE', '->IRP_MJ_DEVICE_CONTROL', '->IRP_MJ_CLEANUP'] as const;
const IRP = /^IRP_MJ_|^IrpCancelRoutine$/;

export function judgeDetach(court: Court): Judge {
  const { books } = court;
  const tested = {
    whole: court.tested('DET-01'),
    accepts: court.tested('DET-02'),
    released: court.tested('DET-03'),
    silent: court.tested('DET-06'),
    pool: court.tested('DET-08'),
    unreachable: court.tested('DET-09'),
    handles: court.tested('DEV-03'),
  };
  const told = new Set<Crossing>();

  const left = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (module === undefined) return;
    tested.whole.count += 1;
    stillInside(module, crossing);
    notReleased(module, crossing);
  };

  const stillInside = (module: ModuleBook, crossing: Crossing): void => {
    for (const open of books.threads.open()) {
      // Below FilterDetach on its own thread there can be no handler of the module: the trace leaves out its return.
      if (open.module !== module.name || open === module.detachEntry || open.thread === crossing.thread) continue;
      court.charge('DET-01', {
        at: crossing,
        // Whoever told FilterDetach that all is done, or completed the pause, has yet to return: what else it does tells.
        reading: 'strict',
        witnesses: [module.detachEntry, open],
        message: `FilterDetach of ${module.name} returned at #${crossing.seq} while ${open.ddi}, entered at #${open.seq}, was still running for it`,
      });
      return;
    }
  };

  const notReleased = (module: ModuleBook, crossing: Crossing): void => {
    if (!module.known) return;
    tested.released.count += 1;
    const [kept, ...more] = books.ledger.of(module.name);
    if (!kept) return;
    court.charge('DET-03', {
      at: crossing,
      witnesses: [module.detachEntry, kept.at],
      message: `FilterDetach of ${module.name} returned at #${crossing.seq} and left ${resourceName(kept)} behind, allocated at #${kept.at.seq}${more.length > 0 ? ` (and ${more.length} more)` : ''}`,
    });
  };

  /** Memory without a module may outlive it, as long as handles lead to it or the driver counts on it: to the unload at most. */
  const unloaded = (crossing: Crossing): void => {
    for (const kept of books.ledger.of(undefined)) {
      const module = kept.attach && books.moduleOf(kept.attach);
      if (!module?.known || module.state !== 'Detached') continue;
      // One that never was detached failed to attach.
      court.charge(module.detachEntry ? 'DET-03' : 'ATT-04', {
        at: crossing,
        module: module.name,
        witnesses: [kept.at, module.detachEntry],
        message: `FilterAttach of ${module.name} allocated ${resourceName(kept)} at #${kept.at.seq}, and nothing freed it until the driver was unloaded at #${crossing.seq}`,
      });
      return;
    }
  };

  /** Any NdisF* call with the handle of a module that is gone. */
  const calls = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (module?.state !== 'Detached' || !module.detachExit) return;
    const root = books.threads.rootOf(crossing);
    const witnesses = [module.detachExit, root];
    const message = `The filter called ${crossing.ddi} for ${module.name} at #${crossing.seq}, after FilterDetach had returned at #${module.detachExit.seq}`;
    court.charge('DET-06', { at: crossing, witnesses, message });
    court.charge('DET-01', { at: crossing, witnesses, message });
    fromCallback(crossing, module.detachExit, root);
    if (root && IRP.test(root.ddi)) {
      court.charge('DEV-03', {
        at: crossing,
        witnesses,
        message: `${message}: the handle of an application (${root.ddi} at #${root.seq}) still led to it`,
      });
    }
  };

  const fromCallback = (crossing: Crossing, detachExit: Crossing, root: Crossing | undefined): void => {
    if (root === undefined || !CALLBACKS.has(root.ddi)) return;
    court.charge('TMR-03', {
      at: crossing,
      witnesses: [detachExit, root],
      message: `${root.ddi} (#${root.seq}) called ${crossing.ddi} for ${crossing.module ?? 'a module'} at #${crossing.seq}, after its FilterDetach had returned at #${detachExit.seq}`,
    });
  };

  /** Any other call for it: what frees its objects or sets its timers. */
  const worksOn = (crossing: Crossing): void => {
    if (crossing.module === undefined) return;
    const module = books.modules.get(crossing.module);
    if (module?.state !== 'Detached' || !module.detachExit) return;
    court.charge('DET-01', {
      at: crossing,
      witnesses: [module.detachEntry, module.detachExit],
      message: `The filter called ${crossing.ddi} for ${module.name} at #${crossing.seq}, after FilterDetach had returned at #${module.detachExit.seq}`,
    });
    fromCallback(crossing, module.detachExit, books.threads.rootOf(crossing));
  };

  const touched = (crossing: Crossing): void => {
    const { args } = crossing;
    const scope = books.ledger.freedMemoryOf(crossing)?.module;
    const module = scope === undefined ? undefined : books.modules.get(scope);
    if (!args || !module?.detachEntry) return;
    const root = books.threads.rootOf(crossing);
    const witnesses = [module.detachEntry, root];
    const message = `The filter ${args['access'] === 'read' ? 'read' : 'wrote'} ${String(args['field'] ?? 'memory')} of ${module.name} at #${crossing.seq}, in memory that its FilterDetach (#${module.detachEntry.seq}) had freed`;
    court.charge('DET-09', { at: crossing, module: module.name, witnesses, message });
    if (root && IRP.test(root.ddi)) {
      court.charge('DEV-03', {
        at: crossing,
        module: module.name,
        witnesses,
        message: `${message}: the handle of an application (${root.ddi} at #${root.seq}) still led to it`,
      });
    }
  };

  const freesPool = (crossing: Crossing): void => {
    const pool = crossing.args?.['pool'];
    if (typeof pool !== 'string') return;
    tested.pool.count += 1;
    for (const allocation of books.nbls.allocations.values()) {
      if (allocation.pool !== pool) continue;
      court.charge('DET-08', {
        at: crossing,
        witnesses: [allocation.at],
        message: `The filter freed pool ${pool} at #${crossing.seq} while ${allocation.nbl}, allocated from it at #${allocation.at.seq}, had not been freed`,
      });
      return;
    }
  };

  /** Detach has begun and can never end, in a life in which it must be accepted. */
  const quiet = (crossing: Crossing): void => {
    for (const module of books.modules.values()) {
      // It may wait for an OID request of its own, and the driver below may take its time.
      if (module.state === 'Detaching' && module.known && !anOwnRequestIsBelow(module, books.threads))
        stuck(module, crossing, 'never returns');
    }
  };

  const stopped = (crossing: Crossing): void => {
    const entry = books.threads.inside(crossing, 'FilterDetach');
    const module = entry && books.moduleOf(entry);
    if (module?.state === 'Detaching' && !isExplained(module)) stuck(module, crossing, 'stopped the system');
  };

  /** Another rule was broken in this detach: that is why the system stopped. */
  const isExplained = ({ name, detachEntry }: ModuleBook): boolean =>
    court.violations.some(
      ({ at, module }) =>
        detachEntry !== undefined && at > detachEntry.seq && (module === undefined || module === name),
    );

  const stuck = (module: ModuleBook, crossing: Crossing, how: string): void => {
    const { detachEntry, pausedBecause } = module;
    if (!detachEntry || told.has(detachEntry)) return;
    told.add(detachEntry);
    const life =
      pausedBecause === 'attached'
        ? 'that was never restarted'
        : pausedBecause === 'restart failed'
          ? 'whose restart had failed'
          : 'that was Paused';
    court.charge('DET-02', {
      at: crossing,
      module: module.name,
      witnesses: [module.attach, detachEntry],
      message: `FilterDetach of ${module.name}, a module ${life}, was entered at #${detachEntry.seq} and ${how}`,
    });
  };

  const entered = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (module === undefined) return;
    tested.accepts.count += 1;
    if (books.ledger.of(module.name).some(({ kind }) => kind === 'memory')) tested.unreachable.count += 1;
  };

  /** A timer or work item of a module that is gone: its detach did not finish the job. */
  const callback = (crossing: Crossing): void => {
    arrives(crossing);
    const module = books.moduleOf(crossing);
    if (module?.state !== 'Detached' || !module.detachExit) return;
    court.charge('DET-01', {
      at: crossing,
      witnesses: [module.detachEntry, module.detachExit],
      message: `${crossing.ddi} still ran for ${module.name} at #${crossing.seq}, after its FilterDetach had returned at #${module.detachExit.seq}`,
    });
  };

  /** A request or callback that arrives when a module is gone could use it. */
  const arrives = (crossing: Crossing): void => {
    for (const module of books.modules.values()) {
      if (module.state !== 'Detached' || !module.detachExit) continue;
      tested.silent.count += 1;
      if (IRP.test(crossing.ddi)) tested.handles.count += 1;
      return;
    }
  };

  return {
    before: {
      '<-FilterDriverUnload': unloaded,
      '!!Access': touched,
      '!!Bugcheck': stopped,
      '!!Quiescent': quiet,
      '->NdisTimerFunction': callback,
      '->NdisIoWorkItemFunction': callback,
      '=>NdisFreeNetBufferListPool': (crossing): void => {
        freesPool(crossing);
        worksOn(crossing);
      },
    },
    beforeAny: [
      { keys: FILTER_CALL_KEYS, hear: calls, unlessRunning: true },
      { keys: WORK, hear: worksOn },
      { keys: REQUESTS, hear: arrives, unlessRunning: true },
    ],
    after: { '->FilterDetach': entered, '<-FilterDetach': left },
  };
}
