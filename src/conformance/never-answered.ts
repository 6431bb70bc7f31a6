/**
 * Adapters that are modules may promise an answer that nobody is left to give. Node takes that for the end of all work and ends without a
 * word, so somebody has to notice.
 */
import { parentPort } from 'node:worker_threads';
import { RigRefusal } from '../../adapters/contract';

const waiting = new Set<() => void>();

/** Nothing in this thread can happen any more: what has not answered never will. */
function nothingIsLeft(): void {
  for (const giveUp of waiting) giveUp();
}

/**
 * @param call name of the call that the adapter answers
 * @param answer what it gave
 * @returns the same
 * @throws RigRefusal `timeout` when the thread has come to an end of all work and the answer is not there
 */
export async function answered<T>(call: string, answer: T | Promise<T>): Promise<T> {
  let giveUp: () => void = () => undefined;
  const never = new Promise<never>((_resolve, reject) => {
    giveUp = () =>
      reject(
        new RigRefusal('timeout', `The adapter never answered \`${call}\`: nothing is left in its process that could.`),
      );
  });
  if (waiting.size === 0) {
    process.on('beforeExit', nothingIsLeft);
    // A thread listens for its next scenario, which is no work of the adapter's.
    parentPort?.unref();
  }
  waiting.add(giveUp);
  try {
    return await Promise.race([answer, never]);
  } finally {
    waiting.delete(giveUp);
    if (waiting.size === 0) {
      process.off('beforeExit', nothingIsLeft);
      parentPort?.ref();
    }
  }
}
