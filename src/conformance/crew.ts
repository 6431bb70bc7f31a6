/** Plays scenarios: here, one after the other, or on several threads side by side. */
import { setImmediate } from 'node:timers/promises';
import type { Adapter } from '../../adapters/contract';
import { endWhatThreadsStart } from '../../adapters/stdio/children';
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
export async function playHere(job: Job, adapter: Adapter, watch: Watch): Promise<void> {
  await playFrom(job.ids.values(), job, adapter, watch);
}

/**
 * Plays side by side: in this thread, which can begin at once, and in others, which join in when they have started.
 * @param count threads, this one among them
 * @throws CannotJudge when a thread ends before its work does
 */
export async function playSideBySide(job: Job, adapter: Adapter, count: number, watch: Watch): Promise<void> {
  const { ids, ...work } = job;
  if (watch.signal?.aborted === true) return;
  const waiting = ids.values();
  const broken = new AbortController();
  const signal = watch.signal ? AbortSignal.any([watch.signal, broken.signal]) : broken.signal;
  const all = { ...watch, signal };
  const programsEnded = endWhatThreadsStart();
  const others = Array.from({ length: Math.min(count, ids.length) - 1 }, () => new Hand(work, waiting, all));
  const hands = others.map((hand) =>
    hand.done.catch((failure: unknown) => {
      broken.abort();
      throw failure;
    }),
  );
  try {
    const here = playFrom(waiting, job, adapter, all).then(() => others.forEach((hand) => hand.release()));
    await Promise.all([here, ...hands]);
  } finally {
    await Promise.all(others.map((hand) => hand.dismiss()));
    programsEnded();
  }
}

async function playFrom(
  waiting: Iterator<string, unknown>,
  { ids, features, seed, evidence }: Job,
  adapter: Adapter,
  watch: Watch,
): Promise<void> {
  if (ids.length === 0) return;
  const player = await playerOf(features);
  for (;;) {
    // A driver that never waits for anything would keep signals and other threads from being heard.
    await setImmediate();
    if (watch.signal?.aborted === true) return;
    const { value: id, done } = waiting.next();
    if (done === true) return;
    watch.onStart(id, player.ruleOf(id));
    watch.onPlayed(await player.play(id, { adapter, seed, evidence }));
  }
}

/** Scenarios that a thread has before it, so that it never waits while this one plays. */
const AHEAD = 2;

/** Another thread, which takes one scenario after the other. */
class Hand {
  readonly done: Promise<void>;
  private readonly worker: ReturnType<typeof startWorker>;
  /** What it has before it; the first is being played. */
  private readonly before: string[] = [];
  private finish: () => void = () => undefined;

  constructor(
    work: Work,
    private readonly waiting: Iterator<string, unknown>,
    private readonly watch: Watch,
  ) {
    this.worker = startWorker(work);
    this.done = new Promise((resolve, reject) => {
      this.finish = () => {
        // Whoever has nothing more to do keeps nobody from seeing that nothing more happens here.
        this.worker.unref();
        resolve();
      };
      watch.signal?.addEventListener('abort', () => resolve(), { once: true });
      this.worker.on('message', (report: WorkerReport) => {
        if (watch.signal?.aborted === true) return;
        try {
          this.take(report);
          if (this.before.length === 0) this.finish();
        } catch (failure) {
          reject(failure instanceof Error ? failure : new Error(String(failure)));
        }
      });
      this.worker.on('error', (failure) => reject(this.ended(failure.message)));
      this.worker.on('exit', (code) => reject(this.ended(`it ended with ${code}`)));
    });
  }

  /** There is no more work: whoever has none need not start. */
  release(): void {
    if (this.before.length === 0) this.finish();
  }

  async dismiss(): Promise<void> {
    await this.worker.terminate();
  }

  private take(report: WorkerReport): void {
    if ('cannotJudge' in report) throw new CannotJudge(report.cannotJudge);
    if ('failed' in report) throw this.ended(report.failed);
    if ('started' in report) {
      this.watch.onStart(report.started, report.rule);
      return;
    }
    if ('played' in report) {
      this.before.shift();
      this.watch.onPlayed(report.played);
    }
    while (this.before.length < AHEAD) {
      const { value: id, done } = this.waiting.next();
      if (done === true) return;
      this.before.push(id);
      this.worker.postMessage(id);
    }
  }

  private ended(why: string): CannotJudge {
    const [current] = this.before;
    const where = current === undefined ? '' : ` while it played ${current}`;
    return new CannotJudge(
      `A worker stopped${where}: ${why}. Go on with --resume, or with --workers 1 to see more of it.`,
    );
  }
}
