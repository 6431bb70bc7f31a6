import type { Crossing } from '../../trace';
import type { Reading } from '../rule';
import { isFailure, SUCCESS, TOO_SHORT } from './books/statuses';

export interface MissingResults {
  readonly reading: Reading;
  readonly expected: string;
  readonly found: string;
}

/**
 * Compares what a clone came back with and what its original was finished with. A filter may change an answer on its way
 * up, so only what no one would write on purpose is a finding for everyone: a count of zero where the clone has one that means
 * something with this status, or success without any result for a clone that failed. Other differences are findings of the strict reading.
 * @param back the crossing with which the clone came back
 * @param finish the crossing with which the original was finished
 * @param status of the original
 * @returns undefined when nothing is missing, or when the trace does not show it
 */
export function missingResults(
  back: Crossing,
  finish: Crossing,
  status: string | undefined,
): MissingResults | undefined {
  const cloneStatus = back.dir === '<=' ? back.status : back.args?.['status'];
  if (typeof cloneStatus !== 'string' || status === undefined) return undefined;
  if (cloneStatus !== status) {
    const empty = finish.args?.['bytesWritten'] === 0 && finish.args['bytesRead'] === 0;
    const reading = status === SUCCESS && empty ? 'default' : 'strict';
    return { reading, expected: cloneStatus, found: status };
  }
  return firstDifference(back, finish, status);
}

function firstDifference(back: Crossing, finish: Crossing, status: string): MissingResults | undefined {
  let strict: MissingResults | undefined;
  for (const member of ['bytesWritten', 'bytesRead', 'bytesNeeded']) {
    const expected = back.args?.[member];
    const found = finish.args?.[member];
    if (typeof expected !== 'number' || typeof found !== 'number' || expected === found) continue;
    const reading = found === 0 && isMeant(member, status) ? 'default' : 'strict';
    const difference: MissingResults = { reading, expected: `${member} ${expected}`, found: `${member} ${found}` };
    if (reading === 'default') return difference;
    strict ??= difference;
  }
  return strict;
}

/** What fits in spite of it was written, and the rest is needed. */
const BUFFER_OVERFLOW = 'NDIS_STATUS_BUFFER_OVERFLOW';

/** After a failure nothing was transferred, and BytesNeeded is for a buffer that is too small: nobody reads the others. */
function isMeant(member: string, status: string): boolean {
  if (status === BUFFER_OVERFLOW) return true;
  return member === 'bytesNeeded' ? TOO_SHORT.has(status) : !isFailure(status);
}
