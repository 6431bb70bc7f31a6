/** States of a filter module, as crossings bring it into them: network/filter-module-states-and-operations. */
import type { Crossing } from './crossing';

const STATES = ['Detached', 'Attaching', 'Paused', 'Restarting', 'Running', 'Pausing', 'Detaching'] as const;

export type ModuleState = (typeof STATES)[number];

const SUCCESS = 'NDIS_STATUS_SUCCESS';
const PENDING = 'NDIS_STATUS_PENDING';

/**
 * @param crossing of the module itself, of no neighbour
 * @param now the state that the module was in; undefined when that is not known
 * @returns the state that it is in now; undefined when the crossing says nothing of it
 */
export function stateAfter(
  { dir, ddi, status, args }: Crossing,
  now: ModuleState | undefined,
): ModuleState | undefined {
  switch (`${dir}${ddi}`) {
    case '!!ModuleState':
      return STATES.find((state) => state === args?.['state']);
    case '->FilterAttach':
      return 'Attaching';
    case '<-FilterAttach':
      return status === SUCCESS ? 'Paused' : 'Detached';
    case '->FilterRestart':
      return 'Restarting';
    case '<-FilterRestart':
      return now === 'Restarting' ? restarted(status) : undefined;
    case '=>NdisFRestartComplete':
      return now === 'Restarting' ? restarted(args?.['status']) : undefined;
    case '->FilterPause':
      return 'Pausing';
    case '<-FilterPause':
      return status !== PENDING && now === 'Pausing' ? 'Paused' : undefined;
    case '=>NdisFPauseComplete':
      return now === 'Pausing' ? 'Paused' : undefined;
    case '->FilterDetach':
      return 'Detaching';
    case '<-FilterDetach':
      return 'Detached';
    default:
      return undefined;
  }
}

function restarted(status: unknown): ModuleState | undefined {
  if (status === PENDING) return undefined;
  return status === SUCCESS ? 'Running' : 'Paused';
}

const NEXT: Readonly<Record<string, readonly string[]>> = {
  Detached: [],
  Attaching: ['Paused', 'Detached'],
  Paused: ['Restarting', 'Detaching'],
  Restarting: ['Running', 'Paused'],
  Running: ['Pausing'],
  Pausing: ['Paused'],
  Detaching: ['Detached'],
};

/**
 * @param state of a trace, which may have made it up
 * @returns whether a module that was in the other state before may come into it next; one that was detached is over
 * @see https://learn.microsoft.com/windows-hardware/drivers/network/filter-module-states-and-operations
 */
export function mayFollow(state: string, before: string): boolean {
  return NEXT[before]?.includes(state) ?? false;
}
