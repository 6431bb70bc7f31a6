/** Threads that make rows of the kill matrix side by side. This file is both ends of them. */
import { isMainThread, parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { MatrixOptions } from './api';
import { CannotJudge } from './cannot-judge';
import { defectiveDrivers, matrixRow } from './matrix-rows';
import type { MatrixRow } from './results';
import { startThread } from './start-thread';

type Work = Pick<MatrixOptions, 'seed' | 'images'>;

interface ThreadData {
  readonly lwfMatrix: Work;
}

/** What a thread says: that it waits for the name of a driver, with the row of the last one; or that it cannot go on. */
type Report = { readonly row?: MatrixRow } | { readonly cannotJudge: string };

/**
 * Makes the rows of several drivers.
 * @param threads how many work side by side
 * @returns rows in the order of the drivers
 * @throws CannotJudge when a driver is unknown, or a thread ends before its work does
 */
export async function rowsSideBySide(options: MatrixOptions, threads: number): Promise<MatrixRow[]> {
  const { seed, images, drivers: names = defectiveDrivers() } = options;
  const waiting = names.values();
  const rows = new Map<string, MatrixRow>();
  const keep = (row: MatrixRow): void => {
    rows.set(row.driver, row);
    options.onDriver?.(row.driver, rows.size, names.length);
  };
  const work: Work = { seed, ...(images !== undefined && { images }) };
  await Promise.all(Array.from({ length: Math.min(threads, names.length) }, () => rowByRow(work, waiting, keep)));
  return names.flatMap((name) => rows.get(name) ?? []);
}

async function rowByRow(work: Work, waiting: Iterator<string, unknown>, keep: (row: MatrixRow) => void): Promise<void> {
  const data: ThreadData = { lwfMatrix: work };
  const thread = startThread(__filename, data);
  try {
    await new Promise<void>((resolve, reject) => {
      thread.on('message', (report: Report) => {
        if ('cannotJudge' in report) return reject(new CannotJudge(report.cannotJudge));
        if (report.row) keep(report.row);
        const { value, done } = waiting.next();
        if (done === true) resolve();
        else thread.postMessage(value);
      });
      thread.on('error', reject);
      thread.on('exit', (code) => reject(new CannotJudge(`A thread of the kill matrix ended with ${code}.`)));
    });
  } finally {
    await thread.terminate();
  }
}

function serve(port: MessagePort, work: Work): void {
  const say = (report: Report): void => port.postMessage(report);
  port.on('message', (name: string) => {
    matrixRow(name, work).then(
      (row) => say({ row }),
      (failure: unknown) => say({ cannotJudge: failure instanceof Error ? failure.message : String(failure) }),
    );
  });
  say({});
}

function isWork(data: unknown): data is ThreadData {
  return typeof data === 'object' && data !== null && 'lwfMatrix' in data;
}

const data: unknown = workerData;
if (!isMainThread && parentPort && isWork(data)) serve(parentPort, data.lwfMatrix);
