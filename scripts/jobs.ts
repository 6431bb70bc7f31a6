/** Child processes side by side: each prints one line when it ends, and everything it said when it failed. */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { kitRoot } from '../src/conformance/kit-root';

export interface Job {
  readonly name: string;
  /** Arguments for Node. */
  readonly node: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Names of jobs that must have ended well before this one starts. */
  readonly after?: readonly string[];
  /** What the finished job has to say for itself, from its output: `412 passed`. */
  readonly summary?: (output: string) => string;
}

export interface JobResult {
  readonly job: Job;
  /** `skipped`: a job that it needs has failed. */
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly output: string;
  readonly seconds: number;
}

/** Runs a TypeScript file of the repository without checking its types: `npm run typecheck` does that once. */
export const TYPESCRIPT: readonly string[] = ['-r', 'ts-node/register/transpile-only'];

/**
 * Runs jobs, as many at a time as there are processors, in the order given wherever `after` leaves a choice.
 * @returns one result a job, in the order in which they ended
 */
export async function runJobs(jobs: readonly Job[]): Promise<JobResult[]> {
  const waiting = [...jobs];
  const results: JobResult[] = [];
  const running = new Set<Promise<void>>();
  const places = Math.max(2, availableParallelism());

  const outcomeOf = (name: string): JobResult['outcome'] | undefined =>
    results.find(({ job }) => job.name === name)?.outcome;
  const next = (): Job | undefined => {
    const index = waiting.findIndex(({ after = [] }) => after.every((name) => outcomeOf(name) !== undefined));
    return index === -1 ? undefined : waiting.splice(index, 1)[0];
  };

  while (waiting.length > 0 || running.size > 0) {
    const job = running.size < places ? next() : undefined;
    if (!job) {
      if (running.size === 0)
        throw new Error(`these jobs wait for each other: ${waiting.map(({ name }) => name).join(', ')}`);
      await Promise.race(running);
      continue;
    }
    if (job.after?.some((name) => outcomeOf(name) !== 'passed')) {
      tell(results, { job, outcome: 'skipped', output: '', seconds: 0 });
      continue;
    }
    const turn: Promise<void> = runJob(job).then((result) => {
      tell(results, result);
      running.delete(turn);
    });
    running.add(turn);
  }
  return results;
}

function tell(results: JobResult[], result: JobResult): void {
  results.push(result);
  const { job, outcome, output, seconds } = result;
  const time = `${seconds.toFixed(1)} s`;
  if (outcome === 'skipped')
    process.stdout.write(`- ${job.name}: skipped, because ${job.after?.join(' or ')} failed\n`);
  else if (outcome === 'failed') process.stdout.write(`✗ ${job.name} failed (${time})\n${indented(output)}\n`);
  else process.stdout.write(`✓ ${job.name}${detail(job, output)} (${time})\n`);
}

function detail({ summary }: Job, output: string): string {
  const said = summary?.(output) ?? '';
  return said === '' ? '' : `: ${said}`;
}

function indented(text: string): string {
  return text.trimEnd().replace(/^/gm, '    ');
}

function runJob(job: Job): Promise<JobResult> {
  const start = process.hrtime.bigint();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, job.node, {
      cwd: kitRoot,
      env: { ...process.env, ...job.env, TS_NODE_TRANSPILE_ONLY: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    child.on('close', (code) => {
      const seconds = Number(process.hrtime.bigint() - start) / 1e9;
      resolve({
        job,
        outcome: code === 0 ? 'passed' : 'failed',
        output: Buffer.concat(said).toString('utf8'),
        seconds,
      });
    });
  });
}
