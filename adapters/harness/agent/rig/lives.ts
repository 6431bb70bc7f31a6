/** The lives of filter modules, as a trace tells them. */
import type { AdapterName, ModuleState, ModuleView } from '../../../contract';
import { stateAfter, type Crossing } from '../../../../src/trace';

/** A state that a module has come into with a crossing. */
export interface Turn {
  readonly module: string;
  readonly state: ModuleState;
  /** Of the crossings that were given. */
  readonly index: number;
  /** How a handler ended, where one did. */
  readonly status?: string;
}

/** @returns every change of state, in order; of a module that did not get attached the last one is `Detached` */
export function turnsOf(crossings: readonly Crossing[]): Turn[] {
  const states = new Map<string, ModuleState>();
  const turns: Turn[] = [];
  crossings.forEach((crossing, index) => {
    const { module } = crossing;
    const status = crossing.status ?? crossing.args?.['status'];
    if (module === undefined || crossing.neighbour !== undefined) return;
    const state = stateAfter(crossing, states.get(module));
    if (state === undefined || state === states.get(module)) return;
    states.set(module, state);
    turns.push({ module, state, index, ...(typeof status === 'string' && { status }) });
  });
  return turns;
}

/**
 * @param turns of one adapter's stack
 * @returns the modules that were attached, oldest first; modules attach from the bottom to the top
 */
export function viewsOf(turns: readonly Turn[], adapter: AdapterName): ModuleView[] {
  const views = new Map<string, { state: ModuleState; restarts: number; position: number }>();
  const there = new Set<string>();
  for (const { module, state } of turns) {
    const view = views.get(module) ?? { state, restarts: 0, position: there.size };
    if (view.state === 'Attaching' && state === 'Detached') views.delete(module);
    else views.set(module, view);
    if (state === 'Detached') there.delete(module);
    else there.add(module);
    if (view.state === 'Restarting' && state === 'Running') view.restarts += 1;
    view.state = state;
  }
  return [...views].map(([module, view]) => ({ module, adapter, ...view }));
}
