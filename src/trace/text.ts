/** One crossing as one line of text, the same wherever the kit quotes one. */
import type { ArgValue, Crossing, NblView } from './crossing';
import { printable } from './printable';

/** What tells a reader of a single line nothing: the module and the chain are there already, the rest is bookkeeping. */
const SILENT = new Set([
  'handle',
  'count',
  'major',
  'minor',
  'context',
  'tag',
  'bytesWritten',
  'bytesRead',
  'bytesNeeded',
]);

/** Longer chains and lists are cut: a line must stay one line. */
const SHOWN = 6;

function list(parts: readonly string[]): string {
  const rest = parts.length - SHOWN;
  return rest > 0 ? [...parts.slice(0, SHOWN), `… ${rest} more`].join(', ') : parts.join(', ');
}

/** Bit 0 says DISPATCH_LEVEL in every data DDI; bit 1 decides who owns a received chain, so it deserves its name. */
function flagsText(ddi: string, flags: number): string {
  const second = /Receive/.test(ddi) ? 'RESOURCES' : /Send\w*Lists$/.test(ddi) ? 'CHECK_FOR_LOOPBACK' : undefined;
  const names = [(flags & 1) !== 0 && 'DISPATCH_LEVEL', (flags & 2) !== 0 && second].filter(
    (name) => typeof name === 'string',
  );
  const named = (names.includes('DISPATCH_LEVEL') ? 1 : 0) | (second !== undefined ? flags & 2 : 0);
  const rest = flags - named;
  return [...names, ...(rest === 0 ? [] : [`0x${rest.toString(16)}`])].join(' | ');
}

function argText(ddi: string, name: string, value: ArgValue): string | undefined {
  if (SILENT.has(name) || value === '') return undefined;
  if (name === 'flags' && typeof value === 'number') return value === 0 ? undefined : `flags ${flagsText(ddi, value)}`;
  return `${name} ${typeof value === 'object' && value !== null ? list(value) : String(value)}`;
}

function nblText({ nbl, status }: NblView): string {
  return status === undefined || status === 'NDIS_STATUS_SUCCESS' ? nbl : `${nbl} ${status}`;
}

/** @returns the call without number and place: `<-FilterPause = NDIS_STATUS_SUCCESS [n7, n8] (IRQL 0)` */
export function callText(crossing: Crossing): string {
  const { dir, ddi, status, nbls, args, irql, locks, certainty } = crossing;
  // In the order of the alphabet, as in a file: the line is the same before and after writing.
  const details = Object.entries(args ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => argText(ddi, name, value));
  if (irql !== undefined) details.push(`IRQL ${irql}`);
  if (locks !== undefined && locks.length > 0) details.push(`holding ${list(locks)}`);
  if (typeof certainty === 'object') details.push(`between #${certainty.after} and #${certainty.before}`);
  const known = details.filter((detail) => detail !== undefined);
  const call = [
    `${dir}${ddi}`,
    status !== undefined && `= ${status}`,
    nbls !== undefined && nbls.length > 0 && `[${list(nbls.map(nblText))}]`,
    known.length > 0 && `(${known.join(', ')})`,
  ];
  return printable(call.filter((part) => typeof part === 'string').join(' '));
}

/**
 * @param crossing a crossing
 * @returns one line, e.g. `#41 m1 <-FilterPause = NDIS_STATUS_SUCCESS [n7, n8] (IRQL 0)`. Neighbours stand in front of the
 * arrow under their own name; a member that the crossing lacks is left out. The text of a crossing never changes with
 * what else is in the trace.
 */
export function crossingText(crossing: Crossing): string {
  const { seq, module, neighbour } = crossing;
  const place = [`#${seq}`, neighbour, module].filter((part) => part !== undefined).join(' ');
  return `${printable(place)} ${callText(crossing)}`;
}
