/** Judges a large trace on a thread of its own, which this one scans for it. */
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { closeBelt, newBelt, sendTrace, type Belt } from '../trace';
import type { TraceCheck } from './checker';
import type { JudgingReport, JudgingWork } from './judging-thread';
import { startThread } from './start-thread';

/** What the judges hold does not grow with a trace; more memory would only be filled with what is over. */
const HEAP = { maxOldGenerationSizeMb: 28, maxYoungGenerationSizeMb: 12 };

/**
 * @param path of the trace
 * @returns undefined when there is no such thread, or it cannot do it: then whoever asks does it himself
 */
export async function checkOnThread(path: string): Promise<TraceCheck | undefined> {
  const belt = newBelt();
  let worker: Worker;
  try {
    worker = startThread(judgingThread(), { lwfJudge: belt } satisfies JudgingWork, HEAP);
  } catch {
    return undefined;
  }
  try {
    const judged = reportOf(worker, belt);
    return (await sendTrace(path, belt)) ? await judged : undefined;
  } finally {
    await worker.terminate();
  }
}

/** It is not loaded here: this thread does without the judges. */
function judgingThread(): string {
  return join(__dirname, `judging-thread${__filename.slice(-3)}`);
}

function reportOf(worker: Worker, belt: Belt): Promise<TraceCheck | undefined> {
  return new Promise((resolve) => {
    const end = (check?: TraceCheck): void => {
      closeBelt(belt);
      resolve(check);
    };
    worker.on('message', (report: JudgingReport) => end('check' in report ? report.check : undefined));
    worker.on('error', () => end());
    worker.on('exit', () => end());
  });
}
