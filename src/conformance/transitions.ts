import type { Crossing } from '../trace';

type State = 'Detached' | 'Attaching' | 'Paused' | 'Restarting' | 'Running' | 'Pausing' | 'Detaching';

const SUCCESS = 'NDIS_STATUS_SUCCESS';
const PENDING = 'NDIS_STATUS_PENDING';

/**
 * Counts the transitions of the filter-module state machine that a trace contains.
 * @param crossings one trace
 * @param counts `Running>Pausing` -> how often; added to
 */
export function countTransitions(crossings: readonly Crossing[], counts: Record<string, number>): void {
  const states = new Map<string, State>();
  for (const crossing of crossings) {
    if (crossing.module === undefined || crossing.neighbour !== undefined) continue;
    const from = states.get(crossing.module) ?? 'Detached';
    const to = nextState(from, crossing);
    if (to === undefined || to === from) continue;
    states.set(crossing.module, to);
    const transition = `${from}>${to}`;
    counts[transition] = (counts[transition] ?? 0) + 1;
  }
}

function nextState(from: State, { dir, ddi, status, args }: Crossing): State | undefined {
  switch (`${dir}${ddi}`) {
    case '->FilterAttach':
      return 'Attaching';
    case '<-FilterAttach':
      return status === SUCCESS ? 'Paused' : 'Detached';
    case '->FilterRestart':
      return 'Restarting';
    case '<-FilterRestart':
      if (status === PENDING || from !== 'Restarting') return undefined;
      return status === SUCCESS ? 'Running' : 'Paused';
    case '=>NdisFRestartComplete':
      if (from !== 'Restarting') return undefined;
      return args?.['status'] === SUCCESS ? 'Running' : 'Paused';
    case '->FilterPause':
      return 'Pausing';
    case '<-FilterPause':
      return from === 'Pausing' && status === SUCCESS ? 'Paused' : undefined;
    case '=>NdisFPauseComplete':
      return from === 'Pausing' ? 'Paused' : undefined;
    case '->FilterDetach':
      return 'Detaching';
    case '<-FilterDetach':
      return 'Detached';
    default:
      return undefined;
  }
}
