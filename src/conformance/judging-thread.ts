/** The thread that judges a large trace, with a heap of bounded size, so that memory is the same for any length. */
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import { takeTrace, type Belt } from '../trace';
import { Checker, type TraceCheck } from './checker';

/** What it is told: where the trace comes from. */
export interface JudgingWork {
  readonly lwfJudge: Belt;
}

/** What it says: the verdicts, or what went wrong. */
export type JudgingReport = { readonly check: TraceCheck } | { readonly failed: string };

function serve(port: MessagePort, belt: Belt): void {
  let report: JudgingReport;
  try {
    const checker = new Checker();
    takeTrace(belt, checker);
    report = { check: checker.result() };
  } catch (failure) {
    report = { failed: failure instanceof Error ? failure.message : String(failure) };
  }
  port.postMessage(report);
}

function isWork(data: unknown): data is JudgingWork {
  return typeof data === 'object' && data !== null && 'lwfJudge' in data;
}

const data: unknown = workerData;
// Other threads load this file too, test runners among them.
if (parentPort && isWork(data)) serve(parentPort, data.lwfJudge);
