/** A thread that scans a file, while another judges what it finds. This file is both ends of it: who starts it, and what it does. */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData, type MessagePort } from 'node:worker_threads';
import { isGzip, openTraceFile } from '../file';
import { Pieces } from '../reader';
import type { Rebuilder } from './rebuilder';
import { PIECE } from './layout';
import { Scanner } from './scanner';

/** Bytes of records that are passed on at a time. */
const BATCH = 1 << 18;
/** Batches on their way. */
const BATCHES = 4;

type Bytes = Uint8Array<ArrayBuffer>;

/** What the thread says: records, that it could not begin, or that it is at the end, and what ended it before. */
type Report =
  | { readonly records: Bytes; readonly length: number }
  | { readonly cannotBegin: true }
  | { readonly ended: true; readonly failure?: string };

interface WorkerData {
  readonly lwfScan: string;
}

/**
 * Scans a file on a thread of its own.
 * @param path of the file, compressed or not
 * @param rebuilder is given what the thread finds, and told the end
 * @returns false when there is no such thread, or it cannot read the file: nothing was passed on
 */
export async function scanOnThread(path: string, rebuilder: Rebuilder): Promise<boolean> {
  let worker: Worker;
  try {
    worker = startWorker(path);
  } catch {
    return false;
  }
  try {
    return await listen(worker, rebuilder);
  } finally {
    await worker.terminate();
  }
}

function startWorker(path: string): Worker {
  const data: WorkerData = { lwfScan: path };
  const options = { workerData: data, resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 } };
  if (__filename.endsWith('.js')) return new Worker(__filename, options);
  // A clone runs its TypeScript: a thread starts without what this one was started with.
  const load = [join(__dirname, '..', '..', '..', 'register-typescript.js'), __filename];
  const script = load.map((file) => `require(${JSON.stringify(file)});`).join('\n');
  return new Worker(script, { ...options, eval: true });
}

function listen(worker: Worker, rebuilder: Rebuilder): Promise<boolean> {
  return new Promise((resolve, reject) => {
    let hasBegun = false;
    let hasEnded = false;
    const end = (failure?: Error): void => {
      if (hasEnded) return;
      hasEnded = true;
      if (hasBegun) rebuilder.end(failure);
      resolve(hasBegun);
    };
    worker.on('error', end);
    worker.on('exit', () => end(new Error('the thread that reads it has ended')));
    worker.on('message', (report: Report) => {
      try {
        if ('cannotBegin' in report) end();
        else if ('ended' in report) {
          hasBegun = true;
          end(report.failure === undefined ? undefined : new Error(report.failure));
        } else {
          hasBegun = true;
          rebuilder.take(report.records.subarray(0, report.length));
          if (rebuilder.isStopped) end();
          else worker.postMessage(report.records, [report.records.buffer]);
        }
      } catch (failure) {
        reject(failure instanceof Error ? failure : new Error(String(failure)));
      }
    });
  });
}

/** The thread's end. */
async function serve(port: MessagePort, path: string): Promise<void> {
  const scanner = new Scanner();
  const free: Bytes[] = [];
  let made = 1;
  let freed: () => void = () => undefined;
  port.on('message', (bytes: Bytes) => {
    free.push(bytes);
    freed();
  });
  const ship = async (): Promise<void> => {
    while (free.length === 0 && made > BATCHES) await new Promise<void>((resolve) => (freed = resolve));
    if (free.length === 0) made += 1;
    const found = scanner.take();
    const old = free.pop();
    const records = old && old.length >= found.length ? old : new Uint8Array(Math.max(found.length, BATCH * 2));
    records.set(found);
    port.postMessage({ records, length: found.length } satisfies Report, [records.buffer]);
  };
  const scan = async (length: number): Promise<void> => {
    if (scanner.scan(length) >= BATCH) await ship();
  };
  let failure: string | undefined;
  let hasBegun = false;
  try {
    for await (const length of lengths(path, scanner)) {
      hasBegun = true;
      await scan(length);
    }
  } catch (thrown) {
    failure = thrown instanceof Error ? thrown.message : String(thrown);
    if (!hasBegun) {
      port.postMessage({ cannotBegin: true } satisfies Report);
      return;
    }
  }
  scanner.end();
  await ship();
  port.postMessage({ ended: true, ...(failure !== undefined && { failure }) } satisfies Report);
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
    // Nobody else has anything to do on this thread, and what is read this way leaves nothing behind to be collected.
    for (; length > 0; length = readSync(file, scanner.space(), 0, PIECE, null)) yield length;
  } finally {
    closeSync(file);
  }
}

function isWork(data: unknown): data is WorkerData {
  return typeof data === 'object' && data !== null && 'lwfScan' in data;
}

const data: unknown = workerData;
// Other threads load this file too, test runners among them.
if (!isMainThread && parentPort && isWork(data)) void serve(parentPort, data.lwfScan);
