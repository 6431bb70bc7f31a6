/** The functions of an image, by its exception directory (.pdata). */
import type { Contents } from './bytes';
import type { RuntimeFunction } from './contract';
import type { Directory } from './headers';

const ENTRY_SIZE = 12;
/** A driver has hundreds, the largest of all some ten thousands. */
const MOST_FUNCTIONS = 65_536;
/** In the unwind field: it is the RVA of another entry, whose unwind information is meant. */
const INDIRECT = 1;

/** @returns the entry at an RVA, undefined when it is none */
export function functionEntry(
  { bytes, view }: Pick<Contents, 'bytes' | 'view'>,
  rva: number,
): RuntimeFunction | undefined {
  if (rva < 0 || rva + ENTRY_SIZE > bytes.length) return undefined;
  const begin = view.getUint32(rva, true);
  const end = view.getUint32(rva + 4, true);
  const unwind = view.getUint32(rva + 8, true);
  return begin < end && end <= bytes.length ? { begin, end, unwind } : undefined;
}

/** @returns the sound entries by rising address: Windows, which searches by halves, would not find others */
export function readFunctions(contents: Contents, { rva, size }: Directory): RuntimeFunction[] {
  const found: RuntimeFunction[] = [];
  if (rva === 0) return found;
  const end = Math.min(rva + size, contents.bytes.length);
  let reached = 0;
  for (let at = rva; at + ENTRY_SIZE <= end && found.length < MOST_FUNCTIONS; at += ENTRY_SIZE) {
    const entry = functionEntry(contents, at);
    if (!entry || entry.begin < reached) continue;
    reached = entry.end;
    const { unwind } = entry;
    const other = unwind & INDIRECT ? functionEntry(contents, unwind - INDIRECT) : undefined;
    found.push(other ? { ...entry, unwind: other.unwind } : entry);
  }
  return found;
}

/** @returns the index of the last element that is not after `rva`, -1 when all are */
export function lastNotAfter<T>(sorted: readonly T[], rva: number, startOf: (one: T) => number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const one = sorted[middle];
    if (one !== undefined && startOf(one) <= rva) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export function functionIn(functions: readonly RuntimeFunction[], rva: number): RuntimeFunction | undefined {
  const nearest = functions[lastNotAfter(functions, rva, ({ begin }) => begin)];
  return nearest && rva < nearest.end ? nearest : undefined;
}
