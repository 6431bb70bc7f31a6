/** A thread that plays scenarios for a run. This file is both ends of it: who starts it, and what it does. */
import { isMainThread, parentPort, workerData, type MessagePort, type Worker } from 'node:worker_threads';
import { startAdapter, type Subject } from './adapters';
import { CannotJudge } from './cannot-judge';
import type { Features } from './cucumber';
import { Player, type PlayedScenario } from './player';
import { startThread } from './start-thread';

/** What a thread is told once. Ids of scenarios to play follow, one at a time. */
export interface Work {
  readonly features: Features;
  readonly subject: Subject;
  readonly seed: number;
  readonly evidence: 'full' | 'violations';
}

/** What it says: that it waits for its first scenario, that one begins, that one is over, or that it cannot go on. */
export type WorkerReport =
  | { readonly ready: true }
  | { readonly started: string; readonly rule: string | undefined }
  | { readonly played: PlayedScenario }
  | { readonly cannotJudge: string }
  | { readonly failed: string };

interface WorkerData {
  readonly lwfWork: Work;
}

export function startWorker(work: Work): Worker {
  const data: WorkerData = { lwfWork: work };
  return startThread(__filename, data);
}

async function serve(port: MessagePort, { features, subject, seed, evidence }: Work): Promise<void> {
  const say = (report: WorkerReport): void => port.postMessage(report);
  // What it holds ends with the thread.
  const { adapter } = await startAdapter(subject);
  const player = await Player.prepare(features);
  let last = Promise.resolve();
  port.on('message', (id: string) => {
    // One at a time, however many are sent ahead.
    last = last
      .then(async () => {
        say({ started: id, rule: player.ruleOf(id) });
        say({ played: await player.play(id, { adapter, seed, evidence }) });
      })
      .catch((failure: unknown) => say(reportOf(failure)));
  });
  say({ ready: true });
}

function reportOf(failure: unknown): WorkerReport {
  const message = failure instanceof Error ? failure.message : String(failure);
  return failure instanceof CannotJudge ? { cannotJudge: message } : { failed: message };
}

function isWork(data: unknown): data is WorkerData {
  return typeof data === 'object' && data !== null && 'lwfWork' in data;
}

const data: unknown = workerData;
// Other threads load this file too, test runners among them.
if (!isMainThread && parentPort && isWork(data)) {
  const port = parentPort;
  serve(port, data.lwfWork).catch((failure: unknown) => port.postMessage(reportOf(failure)));
}
