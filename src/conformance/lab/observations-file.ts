/** The file in which a run keeps what its machine saw, when the run is taken up again. */
import { closeSync, existsSync, fstatSync, ftruncateSync, openSync, readSync } from 'node:fs';
import type { Cursor, NumberedObservation } from '../../../adapters/harness/protocol';

/** Longer than any observation and half of another: a message has at most 1 MiB. */
const TAIL_BYTES = 2 * 1024 * 1024 + 1;
const LINE_FEED = 0x0a;

/**
 * Cuts off a line that was torn when the run ended.
 * @returns the last observation that is whole; undefined where there is none
 * @throws what the file system throws
 */
export function takeUpObservations(path: string): Cursor | undefined {
  if (!existsSync(path)) return undefined;
  const file = openSync(path, 'r+');
  try {
    const { size } = fstatSync(file);
    const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
    const start = size - tail.length;
    readSync(file, tail, 0, tail.length, start);
    const end = tail.lastIndexOf(LINE_FEED) + 1;
    if (end < tail.length) ftruncateSync(file, start + end);
    const lines = tail.subarray(0, end).toString('utf8').split('\n');
    const last = lines.at(-2);
    if (last === undefined) return undefined;
    const { boot, seq } = JSON.parse(last) as NumberedObservation;
    return { boot, seq };
  } finally {
    closeSync(file);
  }
}
