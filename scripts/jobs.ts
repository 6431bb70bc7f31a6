/** Child processes side by side: each prints one line when it ends, and everything it said when it failed. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { kitRoot } from '../src/conformance/kit-root';

export interface Count {
  readonly passed: number;
  readonly failed: number;
  /** What was counted: `tests`, `scenarios`. */
  readonly of: string;
}

export interface Job {
  readonly name: string;
  /** Arguments for Node. */
  readonly node: readonly string[];
  /** Names of jobs that must have ended before this one starts. */
  readonly after?: readonly string[];
  /** What the job counted, read from what it said or left behind. */
  readonly count?: (output: string) => Count | undefined;
}

export interface JobResult {
  readonly job: Job;
  readonly ok: boolean;
  readonly output: string;
  readonly seconds: number;
  readonly count: Count | undefined;
}

/** Runs a TypeScript file of the repository without checking its types: `npm run typecheck` does that once. */
export const TYPESCRIPT: readonly string[] = ['-r', './register-typescript.js'];

/**
 * Traces are many small objects that die soon: with the default of 16 MB a run spends a seventh of its time collecting them, and as
 * much again while that space grows from 1 MB. Other jobs need the processors that threads of the collector would take. And V8 is not
 * to guess from what lives that more of its kind will live: a machine whose first object it puts among the old ones is carried along
 * whole, until the next full collection, and every scenario has a machine.
 */
const COLLECTION: readonly string[] = [
  '--min-semi-space-size=64',
  '--max-semi-space-size=128',
  '--single-threaded-gc',
  '--no-allocation-site-pretenuring',
];

/**
 * Runs jobs, as many at a time as there are processors, in the order given wherever `after` leaves a choice.
 * @returns one result a job, in the order in which they ended
 */
export async function runJobs(jobs: readonly Job[]): Promise<JobResult[]> {
  const waiting = [...jobs];
  const results: JobResult[] = [];
  const running = new Set<Promise<void>>();
  const places = Math.max(2, availableParallelism());
  const ended = (name: string): boolean => results.some(({ job }) => job.name === name);

  while (waiting.length > 0 || running.size > 0) {
    const index = waiting.findIndex(({ after = [] }) => after.every(ended));
    const [job] = index === -1 || running.size >= places ? [] : waiting.splice(index, 1);
    if (job) {
      const turn: Promise<void> = runJob(job).then((result) => {
        results.push(result);
        process.stdout.write(report(result));
        running.delete(turn);
      });
      running.add(turn);
    } else if (running.size > 0) {
      await Promise.race(running);
    } else {
      throw new Error(`these jobs wait for jobs that never come: ${waiting.map(({ name }) => name).join(', ')}`);
    }
  }
  return results;
}

function report({ job, ok, output, seconds, count }: JobResult): string {
  const counted = count
    ? `${count.passed} ${count.of} passed${count.failed > 0 ? `, ${count.failed} failed` : ''}, `
    : '';
  const line = `${ok ? '✓' : '✗'} ${job.name} (${counted}${seconds.toFixed(1)} s)\n`;
  if (!ok) return `${line}${output.trimEnd().replace(/^/gm, '    ')}\n`;
  // What was skipped, and how to get it, must be seen even when all is well.
  const skipped = output.split('\n').filter((each) => /\bskipped: /.test(each));
  return line + skipped.map((each) => `    ${each.trim()}\n`).join('');
}

function runJob(job: Job): Promise<JobResult> {
  const start = process.hrtime.bigint();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...COLLECTION, ...job.node], {
      cwd: kitRoot,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    child.on('close', (code) => {
      const output = Buffer.concat(said).toString('utf8');
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      resolve({ job, ok: code === 0, output, seconds, count: job.count?.(output) });
    });
  });
}
