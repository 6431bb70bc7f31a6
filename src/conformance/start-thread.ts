import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { kitRoot } from './kit-root';

/**
 * Starts a thread of the kit.
 * @param file what it runs: the `__filename` of a module of the kit
 * @param workerData what it is told at once
 */
export function startThread(file: string, workerData: unknown): Worker {
  if (file.endsWith('.js')) return new Worker(file, { workerData });
  // A clone runs its TypeScript: a thread starts without what this one was started with.
  const load = [join(kitRoot, 'register-typescript.js'), file].map((each) => `require(${JSON.stringify(each)});`);
  return new Worker(load.join('\n'), { eval: true, workerData });
}
