/** A thread that scans a file, while another judges what it finds. This file is both ends of it: who starts it, and what it does. */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData, type MessagePort } from 'node:worker_threads';
import { isGzip, openTraceFile } from '../file';
import { Pieces } from '../reader';
import type { Rebuilder } from './rebuilder';
import { PIECE } from './layout';
import { Scanner } from './scanner';

/** Bytes of records that are passed on at a time, and room for those of the piece that makes them so many. */
const BATCH = 1 << 18;
const ROOM = 2 * BATCH;
/** Batches on their way. */
const BATCHES = 4;

/**
 * What the thread says: bytes of the records that are in the next room, records for which it is too small, that it could not begin, or
 * that it is at the end, and what ended it before.
 */
type Report =
  | number
  | { readonly records: Uint8Array }
  | { readonly cannotBegin: true }
  | { readonly ended: true; readonly failure?: string };

interface WorkerData {
  readonly lwfScan: string;
  readonly rooms: SharedArrayBuffer;
  /** How many batches were read so far, as an integer of 32 bits. */
  readonly read: SharedArrayBuffer;
}

/**
 * Scans a file on a thread of its own.
 * @param path of the file, compressed or not
 * @param rebuilder is given what the thread finds, and told the end
 * @returns false when there is no such thread, or it cannot read the file: nothing was passed on
 */
export async function scanOnThread(path: string, rebuilder: Rebuilder): Promise<boolean> {
  const data = { lwfScan: path, rooms: new SharedArrayBuffer(BATCHES * ROOM), read: new SharedArrayBuffer(4) };
  let worker: Worker;
  try {
    worker = startWorker(data);
  } catch {
    return false;
  }
  try {
    return await listen(worker, data, rebuilder);
  } finally {
    await worker.terminate();
  }
}

function startWorker(data: WorkerData): Worker {
  const options = { workerData: data, resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 } };
  if (__filename.endsWith('.js')) return new Worker(__filename, options);
  // A clone runs its TypeScript: a thread starts without what this one was started with.
  const load = [join(__dirname, '..', '..', '..', 'register-typescript.js'), __filename];
  const script = load.map((file) => `require(${JSON.stringify(file)});`).join('\n');
  return new Worker(script, { ...options, eval: true });
}

function listen(worker: Worker, { rooms, read }: WorkerData, rebuilder: Rebuilder): Promise<boolean> {
  const count = new Int32Array(read);
  const take = (report: number | { readonly records: Uint8Array }): void => {
    const room = ((count[0] as number) % BATCHES) * ROOM;
    rebuilder.take(typeof report === 'number' ? new Uint8Array(rooms, room, report) : report.records);
    Atomics.add(count, 0, 1);
    // It rarely waits for that: a message each time would take longer.
    Atomics.notify(count, 0);
  };
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
        hasBegun ||= typeof report === 'number' || !('cannotBegin' in report);
        if (typeof report === 'number' || 'records' in report) take(report);
        else end('failure' in report ? new Error(report.failure) : undefined);
        if (rebuilder.isStopped) end();
      } catch (failure) {
        reject(failure instanceof Error ? failure : new Error(String(failure)));
      }
    });
  });
}

/** Passes on what a scanner finds. It may wait: nobody else has anything to do on this thread. */
class Sender {
  private readonly rooms: Uint8Array;
  private readonly read: Int32Array;
  /** Batches so far. */
  private filled = 0;

  constructor(
    private readonly port: MessagePort,
    { rooms, read }: WorkerData,
  ) {
    this.rooms = new Uint8Array(rooms);
    this.read = new Int32Array(read);
  }

  send(records: Uint8Array): void {
    for (let read = Atomics.load(this.read, 0); this.filled - read >= BATCHES; read = Atomics.load(this.read, 0))
      Atomics.wait(this.read, 0, read);
    const room = (this.filled % BATCHES) * ROOM;
    this.filled += 1;
    if (records.length <= ROOM) {
      this.rooms.set(records, room);
      this.say(records.length);
    } else {
      const copy = Uint8Array.from(records);
      this.say({ records: copy }, [copy.buffer]);
    }
  }

  say(report: Report, transferred: ArrayBuffer[] = []): void {
    this.port.postMessage(report, transferred);
  }
}

/** The thread's end. */
async function serve(sender: Sender, path: string): Promise<void> {
  const scanner = new Scanner();
  let failure: string | undefined;
  let hasBegun = false;
  try {
    for await (const length of lengths(path, scanner)) {
      hasBegun = true;
      if (scanner.scan(length) >= BATCH) sender.send(scanner.take());
    }
  } catch (thrown) {
    failure = thrown instanceof Error ? thrown.message : String(thrown);
    if (!hasBegun) {
      sender.say({ cannotBegin: true });
      return;
    }
  }
  scanner.end();
  sender.send(scanner.take());
  sender.say({ ended: true, ...(failure !== undefined && { failure }) });
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
if (!isMainThread && parentPort && isWork(data)) void serve(new Sender(parentPort, data), data.lwfScan);
