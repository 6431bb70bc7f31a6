import { join } from 'node:path';
import { Worker, type ResourceLimits } from 'node:worker_threads';
import { kitRoot } from './kit-root';

/**
 * Starts a thread of the kit.
 * @param file what it runs: the `__filename` of a module of the kit
 * @param workerData what it is told at once
 * @param resourceLimits of its heap; default: those of the process
 */
export function startThread(file: string, workerData: unknown, resourceLimits: ResourceLimits = {}): Worker {
  const options = { workerData, resourceLimits };
  if (file.endsWith('.js')) return new Worker(file, options);
  // A clone runs its TypeScript: a thread starts without what this one was started with.
  const load = [join(kitRoot, 'register-typescript.js'), file].map((each) => `require(${JSON.stringify(each)});`);
  return new Worker(load.join('\n'), { ...options, eval: true });
}
