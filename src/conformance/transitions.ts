import { stateAfter, type Crossing, type ModuleState } from '../trace';

/**
 * Counts the transitions of the filter-module state machine that a trace contains.
 * @param crossings one trace
 * @param counts `Running>Pausing` -> how often; added to
 */
export function countTransitions(crossings: readonly Crossing[], counts: Record<string, number>): void {
  const states = new Map<string, ModuleState>();
  for (const crossing of crossings) {
    if (crossing.module === undefined || crossing.neighbour !== undefined) continue;
    const from = states.get(crossing.module) ?? 'Detached';
    const to = stateAfter(crossing, from);
    if (to === undefined || to === from) continue;
    states.set(crossing.module, to);
    const transition = `${from}>${to}`;
    counts[transition] = (counts[transition] ?? 0) + 1;
  }
}
