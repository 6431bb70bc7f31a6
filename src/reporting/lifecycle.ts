/** The states of filter modules as the lifecycle crossings tell them: what diagrams show beside the calls. */
import type { Crossing } from '../trace';

/** The six documented states, and Detaching for the time inside FilterDetach. */
export type ModuleState = 'Detached' | 'Attaching' | 'Paused' | 'Restarting' | 'Running' | 'Pausing' | 'Detaching';

export interface LifecycleEvent {
  readonly id: string;
  /** As the transition table of the documentation would say it. */
  readonly text: string;
  readonly from: ModuleState;
  readonly to: ModuleState;
  readonly matches: (crossing: Crossing) => boolean;
}

const isSuccess = (status: unknown): boolean => typeof status === 'string' && /(^|_)SUCCESS$|^(0x)?0+$/.test(status);
const isPending = (status: unknown): boolean => typeof status === 'string' && /(^|_)PENDING$|^0x0*103$/i.test(status);
const isFailure = (status: unknown): boolean => typeof status === 'string' && !isSuccess(status) && !isPending(status);

const enters = (ddi: string) => (c: Crossing) => c.dir === '->' && c.ddi === ddi;
const calls = (ddi: string) => (c: Crossing) => c.dir === '=>' && c.ddi === ddi;
const returns = (ddi: string, how: (status: unknown) => boolean) => (c: Crossing) =>
  c.dir === '<-' && c.ddi === ddi && how(c.status);

/** Every event that moves a module, or is allowed to leave it where it is. */
export const LIFECYCLE_EVENTS: readonly LifecycleEvent[] = [
  event('attach', 'NDIS enters FilterAttach', 'Detached', 'Attaching', enters('FilterAttach')),
  event('attached', 'FilterAttach returns success', 'Attaching', 'Paused', returns('FilterAttach', isSuccess)),
  event('attach-failed', 'FilterAttach returns a failure', 'Attaching', 'Detached', returns('FilterAttach', isFailure)),
  event('options', 'NDIS enters FilterSetModuleOptions', 'Paused', 'Paused', enters('FilterSetModuleOptions')),
  event('restart', 'NDIS enters FilterRestart', 'Paused', 'Restarting', enters('FilterRestart')),
  event(
    'restart-pending',
    'FilterRestart returns PENDING',
    'Restarting',
    'Restarting',
    returns('FilterRestart', isPending),
  ),
  event('restarted', 'FilterRestart returns success', 'Restarting', 'Running', returns('FilterRestart', isSuccess)),
  event(
    'restarted-late',
    'NdisFRestartComplete with success',
    'Restarting',
    'Running',
    (c) => calls('NdisFRestartComplete')(c) && isSuccess(c.args?.['status'] ?? c.status),
  ),
  event(
    'restart-failed',
    'FilterRestart returns a failure',
    'Restarting',
    'Paused',
    returns('FilterRestart', isFailure),
  ),
  event(
    'restart-failed-late',
    'NdisFRestartComplete with a failure',
    'Restarting',
    'Paused',
    (c) => calls('NdisFRestartComplete')(c) && isFailure(c.args?.['status'] ?? c.status),
  ),
  event('pause', 'NDIS enters FilterPause', 'Running', 'Pausing', enters('FilterPause')),
  event('pause-pending', 'FilterPause returns PENDING', 'Pausing', 'Pausing', returns('FilterPause', isPending)),
  event('paused', 'FilterPause returns success', 'Pausing', 'Paused', returns('FilterPause', isSuccess)),
  event('paused-late', 'NdisFPauseComplete', 'Pausing', 'Paused', calls('NdisFPauseComplete')),
  event('detach', 'NDIS enters FilterDetach', 'Paused', 'Detaching', enters('FilterDetach')),
  event('detached', 'FilterDetach returns', 'Detaching', 'Detached', (c) => c.dir === '<-' && c.ddi === 'FilterDetach'),
];

function event(
  id: string,
  text: string,
  from: ModuleState,
  to: ModuleState,
  matches: (crossing: Crossing) => boolean,
): LifecycleEvent {
  return { id, text, from, to, matches };
}

/** Traces are long, and few crossings belong to the lifecycle. */
const DDIS = new Set([
  'FilterAttach',
  'FilterSetModuleOptions',
  'FilterRestart',
  'NdisFRestartComplete',
  'FilterPause',
  'NdisFPauseComplete',
  'FilterDetach',
]);

/**
 * @param crossing a crossing of the driver under test
 * @returns the lifecycle event it is; undefined for data, OIDs and everything of neighbours
 */
export function lifecycleEvent(crossing: Crossing): LifecycleEvent | undefined {
  if (!DDIS.has(crossing.ddi) || crossing.neighbour !== undefined || crossing.module === undefined) return undefined;
  return LIFECYCLE_EVENTS.find((candidate) => candidate.matches(crossing));
}

/** @returns how often each lifecycle event took place in legal order, by id */
export function countLifecycleEvents(traces: Iterable<readonly Crossing[]>): ReadonlyMap<string, number> {
  const counts = new Map(LIFECYCLE_EVENTS.map(({ id }) => [id, 0]));
  for (const trace of traces) {
    const states = new Map<string, ModuleState>();
    for (const crossing of trace) {
      const found = lifecycleEvent(crossing);
      if (!found || crossing.module === undefined) continue;
      const state = states.get(crossing.module) ?? (found.id === 'attach' ? 'Detached' : undefined);
      if (state === found.from) counts.set(found.id, (counts.get(found.id) ?? 0) + 1);
      // A PENDING return may come after NdisFPauseComplete: it changes nothing.
      if (found.from !== found.to) states.set(crossing.module, found.to);
    }
  }
  return counts;
}
