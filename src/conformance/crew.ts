/** Plays scenarios: here, one after the other, or on several threads side by side. */
import { setImmediate } from 'node:timers/promises';
import type { Adapter } from '../../adapters/contract';
import { CannotJudge } from './cannot-judge';
import type { Subject } from './adapters';
import type { Features } from './cucumber';
import { Player, type PlayedScenario } from './player';
import { startWorker, type Work, type WorkerReport } from './worker-thread';

/** What is to be played. */
export interface Job {
  /** Ids of the scenarios, in the order in which they are to begin. */
  readonly ids: readonly string[];
  readonly features: Features;
  readonly subject: Subject;
  readonly seed: number;
  readonly evidence: 'full' | 'violations';
}

export interface Watch {
  /** A scenario begins. @param rule that it stands under */
  readonly onStart: (id: string, rule: string | undefined) => void;
  /** A scenario is over. Side by side they end in any order. */
  readonly onPlayed: (scenario: PlayedScenario) => void;
  /** Aborted: nothing more is begun. */
  readonly signal: AbortSignal | undefined;
}

const prepared = new Map<string, Promise<Player>>();

/** Tests and benchmarks play the same features many times in one process. */
function playerOf(features: Features): Promise<Player> {
  const key = JSON.stringify(features);
  const known = prepared.get(key);
  if (known) return known;
  const player = Player.prepare(features);
  prepared.set(key, player);
  return player;
}

/** Plays in this thread. */
export async function playHere({ ids, features, seed, evidence }: Job, adapter: Adapter, watch: Watch): Promise<void> {
  if (ids.length === 0) return;
  const player = await playerOf(features);
  for (const id of ids) {
    // A driver that never waits for anything would keep signals from being heard.
    await setImmediate();
    if (watch.signal?.aborted === true) return;
    watch.onStart(id, player.ruleOf(id));
    watch.onPlayed(await player.play(id, { adapter, seed, evidence }));
  }
}

/**
 * Plays side by side.
 * @param count threads
 * @throws CannotJudge when a thread ends before its work does
 */
export async function playSideBySide(job: Job, count: number, watch: Watch): Promise<void> {
  const { ids, ...work } = job;
  if (watch.signal?.aborted === true) return;
  const waiting = ids.values();
  const threads = Array.from({ length: Math.min(count, ids.length) }, () => new Hand(work, waiting, watch));
  try {
    await Promise.all(threads.map((thread) => thread.done));
  } finally {
    await Promise.all(threads.map((thread) => thread.dismiss()));
  }
}

/** One thread, which takes one scenario after the other. */
class Hand {
  readonly done: Promise<void>;
  private readonly worker: ReturnType<typeof startWorker>;
  private current = '';

  constructor(
    work: Work,
    private readonly waiting: Iterator<string, unknown>,
    private readonly watch: Watch,
  ) {
    this.worker = startWorker(work);
    this.done = new Promise((resolve, reject) => {
      const next = (): void => {
        const { value, done } = this.waiting.next();
        if (done === true) return resolve();
        this.current = value;
        this.worker.postMessage(value);
      };
      watch.signal?.addEventListener('abort', () => resolve(), { once: true });
      this.worker.on('message', (report: WorkerReport) => {
        if (watch.signal?.aborted === true) return;
        try {
          this.take(report, next);
        } catch (failure) {
          reject(failure instanceof Error ? failure : new Error(String(failure)));
        }
      });
      this.worker.on('error', (failure) => reject(this.ended(failure.message)));
      this.worker.on('exit', (code) => reject(this.ended(`it ended with ${code}`)));
    });
  }

  async dismiss(): Promise<void> {
    await this.worker.terminate();
  }

  private take(report: WorkerReport, next: () => void): void {
    if ('cannotJudge' in report) throw new CannotJudge(report.cannotJudge);
    if ('failed' in report) throw this.ended(report.failed);
    if ('started' in report) return this.watch.onStart(report.started, report.rule);
    if ('played' in report) this.watch.onPlayed(report.played);
    next();
  }

  private ended(why: string): CannotJudge {
    const where = this.current === '' ? '' : ` while it played ${this.current}`;
    return new CannotJudge(
      `A worker stopped${where}: ${why}. Go on with --resume, or with --workers 1 to see more of it.`,
    );
  }
}
