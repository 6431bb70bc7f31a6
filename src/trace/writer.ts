/** Writes `trace/1`. Equal traces become equal bytes, so that a comparison of files is a comparison of traces. */
import type { Crossing, NblView, NetBufferView, TraceHeader } from './crossing';

/** Members in the order in which a reader of the file wants them. */
const HEADER = ['schema', 'adapter', 'driver', 'seed', 'complete', 'scenario'] as const;
const CROSSING = [
  ...(['seq', 'dir', 'ddi', 'module', 'adapter', 'neighbour', 'thread', 'cpu', 'irql', 'locks', 'time'] as const),
  ...(['status', 'args', 'nbls', 'certainty'] as const),
] as const;
const NBL = ['nbl', 'source', 'status', 'nbs', 'cancelId', 'context'] as const;
const NB = ['nb', 'dataOffset', 'dataLength', 'mdls'] as const;
const CERTAINTY = ['after', 'before'] as const;

function ordered<T extends object>(object: T, members: readonly (keyof T)[]): Partial<T> {
  const result: Partial<T> = {};
  for (const member of members) {
    if (object[member] !== undefined) result[member] = object[member];
  }
  return result;
}

function orderedNbl(nbl: NblView): Partial<NblView> {
  const nbs = nbl.nbs?.map((nb) => ordered(nb, NB) as NetBufferView);
  return ordered({ ...nbl, nbs }, NBL);
}

function crossingLine(crossing: Crossing): string {
  const { args, nbls, certainty } = crossing;
  return JSON.stringify(
    ordered(
      {
        ...crossing,
        // Names of arguments are free, so only the alphabet can order them.
        args: args && Object.fromEntries(Object.entries(args).sort(([a], [b]) => (a < b ? -1 : 1))),
        nbls: nbls?.map(orderedNbl) as readonly NblView[] | undefined,
        certainty: typeof certainty === 'object' ? (ordered(certainty, CERTAINTY) as typeof certainty) : certainty,
      },
      CROSSING,
    ),
  );
}

/**
 * @param header first line; undefined for a trace without
 * @param crossings in order of `seq`
 * @returns the lines of the file one by one, each with its line feed, for traces that are not to be held as one text
 */
export function* traceLines(
  header: TraceHeader | undefined,
  crossings: Iterable<Crossing>,
): Generator<string, void, undefined> {
  if (header !== undefined) yield `${JSON.stringify(ordered(header, HEADER))}\n`;
  for (const crossing of crossings) yield `${crossingLine(crossing)}\n`;
}

/**
 * @param header first line; undefined for a trace without
 * @param crossings in order of `seq`
 * @returns the trace as NDJSON: the same text for equal traces, and what `readTrace` reads back
 */
export function traceToNdjson(header: TraceHeader | undefined, crossings: Iterable<Crossing>): string {
  return [...traceLines(header, crossings)].join('');
}
