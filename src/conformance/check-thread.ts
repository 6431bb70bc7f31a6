/**
 * A thread that judges a large trace with a heap of bounded size, so that memory is the same for any length. This file is both
 * ends of it: who starts it, and what it does.
 */
import { isMainThread, parentPort, workerData, type MessagePort, type Worker } from 'node:worker_threads';
import { scanTraceFile } from '../trace';
import { Checker, type TraceCheck } from './checker';
import { startThread } from './start-thread';

/** What the judges hold does not grow with a trace; more memory would only be filled with what is over. */
const HEAP = { maxOldGenerationSizeMb: 40, maxYoungGenerationSizeMb: 24 };

/** What it says: the verdicts, or what went wrong. */
type Report = { readonly check: TraceCheck } | { readonly failed: string };

interface WorkerData {
  readonly lwfCheck: string;
}

/**
 * @param path of the trace
 * @returns undefined when there is no such thread, or it cannot do it: then whoever asks does it himself
 */
export function checkOnThread(path: string): Promise<TraceCheck | undefined> {
  return new Promise((resolve) => {
    try {
      const worker = startWorker(path);
      worker.on('message', (report: Report) => resolve('check' in report ? report.check : undefined));
      worker.on('error', () => resolve(undefined));
      worker.on('exit', () => resolve(undefined));
    } catch {
      resolve(undefined);
    }
  });
}

function startWorker(path: string): Worker {
  const data: WorkerData = { lwfCheck: path };
  return startThread(__filename, data, HEAP);
}

async function serve(port: MessagePort, path: string): Promise<void> {
  const checker = new Checker();
  await scanTraceFile(path, checker);
  port.postMessage({ check: checker.result() } satisfies Report);
}

function isWork(data: unknown): data is WorkerData {
  return typeof data === 'object' && data !== null && 'lwfCheck' in data;
}

const data: unknown = workerData;
// Other threads load this file too, test runners among them.
if (!isMainThread && parentPort && isWork(data)) {
  const port = parentPort;
  serve(port, data.lwfCheck).catch((failure: unknown) => {
    port.postMessage({ failed: failure instanceof Error ? failure.message : String(failure) } satisfies Report);
  });
}
