/**
 * A thread that judges a large trace with a heap of bounded size, so that memory is the same for any length. This file is both
 * ends of it: who starts it, and what it does.
 */
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData, type MessagePort } from 'node:worker_threads';
import { scanTraceFile } from '../trace';
import { Checker, type TraceCheck } from './checker';
import { kitRoot } from './kit-root';

/** What the judges hold does not grow with a trace; more memory would only be filled with what is over. */
const HEAP = { maxOldGenerationSizeMb: 40, maxYoungGenerationSizeMb: 18 };

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
  const options = { workerData: data, resourceLimits: HEAP };
  if (__filename.endsWith('.js')) return new Worker(__filename, options);
  // A clone runs its TypeScript: a thread starts without what this one was started with.
  const load = [join(kitRoot, 'register-typescript.js'), __filename].map((file) => `require(${JSON.stringify(file)});`);
  return new Worker(load.join('\n'), { ...options, eval: true });
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
