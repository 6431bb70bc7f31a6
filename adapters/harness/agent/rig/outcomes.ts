/** How an operation of Windows ended, by what became of the module. */
import type { ModuleState } from '../../../contract';
import type { Crossing } from '../../../../src/trace';
import type { Turn } from './lives';
import type { Outcome } from './operations';

const SUCCESS = 'NDIS_STATUS_SUCCESS';
const FAILURE = 'NDIS_STATUS_FAILURE';

type Turns = () => readonly Turn[];

/** The module is restarted. @param turns those since the operation began */
export function runs(turns: Turns): Outcome {
  return () => {
    const all = turns();
    if (all.some(({ state }) => state === 'Running')) return SUCCESS;
    return failedAttach(all) ?? ending(all, 'Restarting', 'Paused');
  };
}

/** The module is attached, whatever comes after. */
export function isAttached(turns: Turns): Outcome {
  return () => {
    const all = turns();
    return failedAttach(all) ?? (ending(all, 'Attaching', 'Paused') && SUCCESS);
  };
}

/** The module is paused, whatever comes after. */
export function isPaused(turns: Turns): Outcome {
  return () => ending(turns(), 'Pausing', 'Paused') && SUCCESS;
}

/**
 * No module is attached any more.
 * @param turns all of them
 * @param hasBegun the driver or its modules have done something since: where nothing was attached before, Windows could say that it could not
 * do its part, and none would be attached either
 */
export function isGone(turns: Turns, hasBegun: () => boolean, status = SUCCESS): Outcome {
  return (hasFailed) => {
    if (hasFailed && !hasBegun()) return undefined;
    const states = new Map<string, ModuleState>();
    for (const { module, state } of turns()) states.set(module, state);
    return [...states.values()].every((state) => state === 'Detached') ? status : undefined;
  };
}

/**
 * DriverEntry has returned, or, where nobody sees it, Windows has started the service.
 * @param isProbed a driver that reports what it does has done something by then
 */
export function isLoaded(crossings: () => readonly Crossing[], isProbed: boolean): Outcome {
  return (hasFailed) => {
    const seen = crossings();
    const returned = seen.findLast(({ dir, ddi }) => dir === '<-' && ddi === 'DriverEntry');
    if (returned) return returned.status;
    return hasFailed || (isProbed && seen.length === 0) ? undefined : 'STATUS_SUCCESS';
  };
}

function failedAttach(turns: readonly Turn[]): string | undefined {
  return ending(turns, 'Attaching', 'Detached');
}

/** @returns the status with which a module went from one state into the next, if it did */
function ending(turns: readonly Turn[], from: ModuleState, to: ModuleState): string | undefined {
  const last = new Map<string, ModuleState>();
  for (const { module, state, status } of turns) {
    if (last.get(module) === from && state === to) return status ?? FAILURE;
    last.set(module, state);
  }
  return undefined;
}
