/** TMR-03: timers and work items hold on to their module, ask its gate, and are drained before it detaches. What they call after that is with the detach. */
import type { Crossing } from '../../trace';
import type { ModuleBook } from './books/module-book';
import type { Court, Judge } from './court';

/** Entry points of timers and work items. */
export const CALLBACKS: ReadonlySet<string> = new Set(['NdisTimerFunction', 'NdisIoWorkItemFunction']);
const ORIGINATIONS = ['=>NdisFSendNetBufferLists', '=>NdisFIndicateReceiveNetBufferLists'] as const;

export function judgeCallbacks(court: Court): Judge {
  const { books } = court;
  const tested = court.tested('TMR-03');

  const entered = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (!module) return;
    if (module.state !== 'Running') tested.count += 1;
    if (module.state !== 'Detached' || !module.detachExit) return;
    court.charge('TMR-03', {
      at: crossing,
      witnesses: [module.detachEntry, module.detachExit],
      message: `${crossing.ddi} was called for ${module.name} at #${crossing.seq}, after its FilterDetach had returned at #${module.detachExit.seq}`,
    });
  };

  const detached = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (!module) return;
    for (const open of books.threads.open()) {
      if (!CALLBACKS.has(open.ddi) || open.module !== module.name || open.thread === crossing.thread) continue;
      court.charge('TMR-03', {
        at: crossing,
        // What it does from here on tells whether it was on its way out.
        reading: 'strict',
        witnesses: [module.detachEntry, open],
        message: `FilterDetach of ${module.name} returned at #${crossing.seq} while ${open.ddi}, entered at #${open.seq}, was still running`,
      });
      return;
    }
    tested.count += 1;
  };

  /** Inside a callback: an origination that did not ask the gate. */
  const calls = (crossing: Crossing): void => {
    const module = books.moduleOf(crossing);
    if (!module || module.state === 'Running') return;
    const root = books.threads.rootOf(crossing);
    if (!root || !CALLBACKS.has(root.ddi)) return;
    if (!originatesData(module, crossing) || !beganTooLate(module, root)) return;
    court.charge('TMR-03', {
      at: crossing,
      witnesses: [root, module.pauseEnd ?? module.pauseBarrier],
      message: `${root.ddi} (#${root.seq}) originated at #${crossing.seq} while ${module.name} was ${module.state}: it did not ask the gate`,
    });
  };

  const originatesData = (module: ModuleBook, crossing: Crossing): boolean =>
    (crossing.nbls ?? []).some((view) => books.nbls.relationAtHandOver(module, view, crossing)?.kind === 'own');

  const beganTooLate = ({ state, pauseBarrier }: ModuleBook, root: Crossing): boolean =>
    (state === 'Paused' || state === 'Pausing') &&
    (pauseBarrier === undefined ? state === 'Paused' : root.seq > pauseBarrier.seq);

  const touched = (crossing: Crossing): void => {
    const root = books.threads.rootOf(crossing);
    const scope = root && CALLBACKS.has(root.ddi) ? books.ledger.freedMemoryOf(crossing)?.module : undefined;
    const module = scope === undefined ? undefined : books.modules.get(scope);
    if (!root || !module?.detachEntry) return;
    court.charge('TMR-03', {
      at: crossing,
      module: module.name,
      witnesses: [module.detachEntry, root],
      message: `${root.ddi} (#${root.seq}) used memory of ${module.name} at #${crossing.seq} that its FilterDetach (#${module.detachEntry.seq}) had freed`,
    });
  };

  return {
    before: {
      '->NdisTimerFunction': entered,
      '->NdisIoWorkItemFunction': entered,
      '<-FilterDetach': detached,
      '!!Access': touched,
    },
    beforeAny: [{ keys: ORIGINATIONS, hear: calls, unlessRunning: true }],
  };
}
