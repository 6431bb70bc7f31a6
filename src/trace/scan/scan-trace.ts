/** Reads a trace fast: what is in it is told, not collected. */
import { statSync } from 'node:fs';
import { openTraceFile } from '../file';
import type { TraceListener } from '../parser';
import { Pieces } from '../reader';
import { loadMatcher } from './matcher';
import { Rebuilder } from './rebuilder';
import { Scanner } from './scanner';

/** A smaller file is judged sooner than a thread is there to judge it. */
const WORTH_A_THREAD = 4 * 1024 * 1024;

/**
 * Reads a trace as `readTrace` does, with the same crossings and problems in the same order, several times as fast. Crossings
 * share what is alike in them (arguments, chains), and absent members may be there as undefined.
 * @param source chunks of UTF-8 or of text, cut anywhere
 * @param listener is told what is in it, in the order of the source
 */
export async function scanTrace(
  source: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>,
  listener: TraceListener,
): Promise<void> {
  const scanner = new Scanner();
  try {
    await pass(source, scanner, new Rebuilder(listener));
  } finally {
    scanner.release();
  }
}

async function pass(source: Parameters<typeof scanTrace>[0], scanner: Scanner, rebuilder: Rebuilder): Promise<void> {
  const pieces = new Pieces();
  let failure: unknown;
  try {
    for await (const chunk of source) {
      for (const piece of pieces.of(chunk)) {
        scanner.space().set(piece);
        scanner.scan(piece.length);
        rebuilder.take(scanner.take());
        if (rebuilder.isStopped) return;
      }
    }
  } catch (thrown) {
    failure = thrown ?? new Error('no reason given');
  }
  scanner.end();
  rebuilder.take(scanner.take());
  rebuilder.end(failure);
}

/**
 * Reads a trace file as `scanTrace` does.
 * @param path a file, compressed with gzip or not, or `-` for standard input
 * @param listener is told what is in it, in its order
 * @throws Error with one line that says what is wrong with the file and what to do (see `openTraceFile`)
 */
export async function scanTraceFile(path: string, listener: TraceListener): Promise<void> {
  // Before the file is open: nobody would close it.
  loadMatcher();
  await scanTrace(await openTraceFile(path), listener);
}

/** @returns whether it is a file that is worth a thread */
export function isLargeFile(path: string): boolean {
  if (path === '-') return false;
  try {
    const file = statSync(path);
    return file.isFile() && file.size >= WORTH_A_THREAD;
  } catch {
    // Who opens it says what is wrong with it.
    return false;
  }
}
