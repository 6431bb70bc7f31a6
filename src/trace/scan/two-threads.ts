/** Reads a large trace on two threads: one scans the file, the other makes crossings of what it finds. */
import { closeSync, openSync, readSync } from 'node:fs';
import { isGzip, openTraceFile } from '../file';
import type { TraceListener } from '../parser';
import { Pieces } from '../reader';
import { BeltSender, takeAll, type Belt } from './belt';
import { EACH_BATCH, PIECE } from './layout';
import { Rebuilder } from './rebuilder';
import { Scanner } from './scanner';

/**
 * The thread that scans. It lets signals through.
 * @param path of a file, compressed or not
 * @param belt takes what is found to the other thread
 * @returns false when it could not begin: nothing was passed on
 * @throws CannotRead where there is no WebAssembly
 */
export async function sendTrace(path: string, belt: Belt): Promise<boolean> {
  const scanner = new Scanner();
  try {
    return await send(path, scanner, new BeltSender(belt));
  } finally {
    scanner.release();
  }
}

async function send(path: string, scanner: Scanner, sender: BeltSender): Promise<boolean> {
  let failure: string | undefined;
  let hasBegun = false;
  try {
    for await (const length of lengths(path, scanner)) {
      hasBegun = true;
      if (scanner.scan(length) >= EACH_BATCH) await sender.send(scanner.take());
      if (sender.isClosed) return true;
    }
  } catch (thrown) {
    if (!hasBegun) return false;
    failure = thrown instanceof Error ? thrown.message : String(thrown);
  }
  scanner.end();
  await sender.send(scanner.take());
  await sender.end(failure);
  return true;
}

/** Puts the file into the scanner piece by piece. @returns how many bytes each piece has */
async function* lengths(path: string, scanner: Scanner): AsyncGenerator<number> {
  const file = openSync(path, 'r');
  try {
    const head = scanner.space();
    let length = readSync(file, head, 0, PIECE, null);
    if (isGzip(head.subarray(0, length))) {
      const pieces = new Pieces();
      for await (const chunk of await openTraceFile(path)) {
        for (const piece of pieces.of(chunk)) {
          scanner.space().set(piece);
          yield piece.length;
        }
      }
      return;
    }
    // It has hardly anything else to do, and what is read this way leaves nothing behind to be collected.
    for (; length > 0; length = readSync(file, scanner.space(), 0, PIECE, null)) yield length;
  } finally {
    closeSync(file);
  }
}

/**
 * The other thread, which waits for what comes and does nothing else.
 * @param listener is told what is in the trace, in its order
 */
export function takeTrace(belt: Belt, listener: TraceListener): void {
  takeAll(belt, new Rebuilder(listener));
}
