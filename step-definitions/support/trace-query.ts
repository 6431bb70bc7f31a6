/** Pure questions about crossings, in the words of the specification. None of them knows what is allowed. */
import type { Crossing } from '../../src/trace';
import { ofTheDriver } from './traffic';

/**
 * Completions of the last pause of a module: FilterPause returned NDIS_STATUS_SUCCESS, or NdisFPauseComplete was called.
 * @param module its name in the trace
 */
export function pauseCompletions(crossings: readonly Crossing[], module: string): Crossing[] {
  return completions(
    crossings,
    module,
    'FilterPause',
    'NdisFPauseComplete',
    (status) => status === 'NDIS_STATUS_SUCCESS',
  );
}

/**
 * Completions of the last restart of a module: FilterRestart returned a final status, or NdisFRestartComplete was called.
 * @param module its name in the trace
 */
export function restartCompletions(crossings: readonly Crossing[], module: string): Crossing[] {
  return completions(
    crossings,
    module,
    'FilterRestart',
    'NdisFRestartComplete',
    (status) => status !== 'NDIS_STATUS_PENDING',
  );
}

function completions(
  crossings: readonly Crossing[],
  module: string,
  handler: string,
  call: string,
  isFinal: (status: string | undefined) => boolean,
): Crossing[] {
  const start = crossings.findLastIndex((crossing) => crossing.module === module && is(crossing, '->', handler));
  if (start < 0) return [];
  return crossings
    .slice(start)
    .filter(
      (crossing) =>
        crossing.module === module &&
        (is(crossing, '=>', call) || (is(crossing, '<-', handler) && isFinal(crossing.status))),
    );
}

const LIFE = new Set([
  'FilterAttach',
  'FilterRestart',
  'NdisFRestartComplete',
  'FilterPause',
  'NdisFPauseComplete',
  'FilterDetach',
]);

/** Crossings that move a module from state to state. */
export function lifeOf(crossings: readonly Crossing[], module: string): Crossing[] {
  return crossings.filter(
    (crossing) =>
      crossing.module === module && LIFE.has(crossing.ddi) && crossing.dir !== '<=' && ofTheDriver(crossing),
  );
}

/** Crossings that a thread made between the entry of a handler and its return. */
export function insideOf(crossings: readonly Crossing[], handler: string): ReadonlySet<Crossing> {
  const depths = new Map<string, number>();
  const inside = new Set<Crossing>();
  for (const crossing of crossings) {
    const thread = threadOf(crossing);
    const depth = depths.get(thread) ?? 0;
    if (is(crossing, '->', handler)) depths.set(thread, depth + 1);
    else if (is(crossing, '<-', handler)) depths.set(thread, depth - 1);
    else if (depth > 0) inside.add(crossing);
  }
  return inside;
}

/** Returns of a handler, or of DriverEntry, in order. */
export function returnsOf(crossings: readonly Crossing[], ddi: string): Crossing[] {
  return crossings.filter((crossing) => is(crossing, '<-', ddi));
}

/** Entries of a handler, in order. */
export function entriesOf(crossings: readonly Crossing[], ddi: string): Crossing[] {
  return crossings.filter((crossing) => is(crossing, '->', ddi));
}

/** Calls of an export by the driver under test, in order. */
export function callsOf(crossings: readonly Crossing[], ddi: string): Crossing[] {
  return crossings.filter((crossing) => is(crossing, '=>', ddi));
}

/** Entry points that the driver gave when it registered. */
export function registeredHandlers(crossings: readonly Crossing[]): readonly string[] {
  const handlers = registration(crossings)?.args?.['handlers'];
  return Array.isArray(handlers) ? (handlers as readonly string[]) : [];
}

/** How many filters the driver has registered. */
export function registrationsIn(crossings: readonly Crossing[]): number {
  const isTaken = (crossing: Crossing): boolean =>
    is(crossing, '<=', 'NdisFRegisterFilterDriver') && crossing.status === 'NDIS_STATUS_SUCCESS';
  return crossings.filter(isTaken).length;
}

/** The minor version of NDIS that the driver registered for; undefined when it is not known. */
export function registeredVersion(crossings: readonly Crossing[]): number | undefined {
  const minor = registration(crossings)?.args?.['minor'];
  return typeof minor === 'number' ? minor : undefined;
}

/**
 * A driver may register several filters: the first of those that NDIS has taken is the one on the adapters, unless the trace says of it
 * that it is not.
 * @returns the call of the one that is in force, else the last that was taken, else the last
 */
function registration(crossings: readonly Crossing[]): Crossing | undefined {
  const inForce: { readonly asked: Crossing; readonly handle: unknown; readonly isBound: boolean }[] = [];
  let asked: Crossing | undefined;
  let taken: Crossing | undefined;
  for (const crossing of crossings) {
    if (is(crossing, '=>', 'NdisFRegisterFilterDriver')) asked = crossing;
    else if (is(crossing, '=>', 'NdisFDeregisterFilterDriver')) {
      const ended = inForce.findIndex(({ handle }) => handle === crossing.args?.['handle']);
      inForce.splice(Math.max(ended, 0), 1);
    } else if (is(crossing, '<=', 'NdisFRegisterFilterDriver') && crossing.status === 'NDIS_STATUS_SUCCESS' && asked) {
      inForce.push({ asked, handle: crossing.args?.['handle'], isBound: crossing.args?.['bound'] !== false });
      taken = asked;
    }
  }
  return (inForce.find(({ isBound }) => isBound) ?? inForce[0])?.asked ?? taken ?? asked;
}

/**
 * A filter may decline an adapter that is not for it: a switch extension takes no other.
 * @returns how FilterAttach came back when no module was ever attached and nothing was short; undefined otherwise
 */
export function declinedAttach(crossings: readonly Crossing[]): Crossing | undefined {
  const results = crossings.filter((crossing) => is(crossing, '<-', 'FilterAttach'));
  if (results.some(({ status }) => status === 'NDIS_STATUS_SUCCESS' || status === undefined)) return undefined;
  return crossings.some((crossing) => isShortage(crossing)) ? undefined : results[0];
}

/** @returns whether, seen from outside, modules of the driver began to attach, and none got further */
export function isGoneUnattached(crossings: readonly Crossing[]): boolean {
  const states = crossings
    .filter(({ dir, ddi, neighbour }) => dir === '!!' && ddi === 'ModuleState' && neighbour === undefined)
    .map(({ args }) => args?.['state']);
  return states.includes('Detached') && states.every((state) => state === 'Attaching' || state === 'Detached');
}

/** @returns whether DriverEntry went well and nobody has called NdisFRegisterFilterDriver: a driver of another kind */
export function isNoFilter(crossings: readonly Crossing[]): boolean {
  const isLoaded = crossings.some((one) => is(one, '<-', 'DriverEntry') && one.status === 'STATUS_SUCCESS');
  return isLoaded && !crossings.some((one) => is(one, '=>', 'NdisFRegisterFilterDriver'));
}

/** @returns whether the driver asked for the handlers of an extensible switch, and there were none */
export function isDeniedSwitch(crossings: readonly Crossing[]): boolean {
  return crossings.some(
    (crossing) =>
      is(crossing, '<=', 'NdisFGetOptionalSwitchHandlers') && crossing.status === 'NDIS_STATUS_NOT_SUPPORTED',
  );
}

/** An export had no memory for the driver. */
function isShortage({ dir, status, args }: Crossing): boolean {
  return dir === '<=' && (status === 'NDIS_STATUS_RESOURCES' || Object.values(args ?? {}).includes(null));
}

function is(crossing: Crossing, dir: Crossing['dir'], ddi: string): boolean {
  return crossing.dir === dir && crossing.ddi === ddi && ofTheDriver(crossing);
}

/** Names of the devices that the driver made, and of the symbolic links to them. */
export function deviceNames(crossings: readonly Crossing[]): string[] {
  const names = crossings.filter(ofTheDriver).map(({ dir, ddi, args }) => {
    if (dir !== '=>') return undefined;
    if (ddi === 'IoCreateSymbolicLink') return args?.['link'];
    return ddi === 'NdisRegisterDeviceEx' || ddi === 'IoCreateDevice' ? args?.['name'] : undefined;
  });
  return [...new Set(names)].filter((name): name is string => typeof name === 'string' && name !== '');
}

function threadOf(crossing: Crossing): string {
  return crossing.thread ?? '';
}
