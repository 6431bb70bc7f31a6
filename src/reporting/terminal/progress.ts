/** What one sees while a run goes on. */
import { VERDICTS, occurring, tally, type ShownVerdict } from '../verdicts';
import { line, paint, verdictText, type Paint } from './paint';

/** Where progress goes: standard error, so that it never mixes with what was asked for. */
export interface ProgressTarget {
  err(text: string): void;
  /** A person is watching: one line is rewritten. Otherwise a plain line is written now and then. */
  readonly interactive: boolean;
}

export interface ProgressOptions {
  /** Columns of the terminal. */
  readonly width?: number;
  /** Default: what the environment says (NO_COLOR). */
  readonly colour?: boolean;
  /** Milliseconds since any moment; only for how much time is left. */
  readonly now?: () => number;
}

/** Told by a run what happens. */
export interface Progress {
  readonly onStart: (
    scenario: { readonly id: string; readonly rule?: string },
    finished: number,
    total: number,
  ) => void;
  readonly onScenario: (scenario: { readonly verdict: ShownVerdict }, finished: number, total: number) => void;
  /** The live line goes, however the run ended. */
  readonly over: () => void;
}

const CLEAR = '\r\x1b[K';
/** Plain lines a run: enough to see that it goes on, few enough for a log. */
const PLAIN_LINES = 8;
/** What the first scenarios took says little about the others. */
const SCENARIOS_TO_JUDGE_BY = 10;

/** @param target where to write */
export function createProgress(target: ProgressTarget, options: ProgressOptions = {}): Progress {
  const { width = process.stderr.columns ?? 80, colour, now = () => performance.now() } = options;
  const p = paint(target.interactive ? colour : false);
  const verdicts: ShownVerdict[] = [];
  const start = now();
  let told = 0;
  let live = false;
  const over = (): void => {
    if (live) target.err(CLEAR);
    live = false;
  };
  return {
    onStart({ id, rule }, finished, total) {
      if (!target.interactive) return;
      const left = timeLeft(now() - start, verdicts.length, total - finished);
      const parts = [...(left === undefined ? [] : [left]), rule ?? line(id)];
      target.err(CLEAR + liveLine(p, `${finished}/${total}`, tally(verdicts), parts.join('  '), width));
      live = true;
    },
    onScenario({ verdict }, finished, total) {
      verdicts.push(verdict);
      if (target.interactive) {
        if (finished >= total) over();
        return;
      }
      const step = Math.floor((finished * PLAIN_LINES) / total);
      if (step === told && finished < total) return;
      told = step;
      // An interrupted run had played them: without a word they would seem to be lost.
      const earlier = finished - verdicts.length;
      const parts = [...countTexts(p, tally(verdicts)), ...(earlier > 0 ? [`and ${earlier} played before`] : [])];
      target.err(`${[`${finished}/${total} scenarios`, ...parts].join('  ')}\n`);
    },
    over,
  };
}

/** @returns `40 s left`, `3 min left`; undefined while nobody knows */
function timeLeft(elapsed: number, played: number, left: number): string | undefined {
  if (played < SCENARIOS_TO_JUDGE_BY) return undefined;
  const seconds = Math.ceil(((elapsed / played) * left) / 1000);
  return seconds < 60 ? `${seconds} s left` : `${Math.ceil(seconds / 60)} min left`;
}

type Counts = ReturnType<typeof tally>;

function countTexts(p: Paint, counts: Counts): string[] {
  return occurring(counts).map(({ verdict, count }) => verdictText(p, verdict, count));
}

/** A line that wraps can't be rewritten: what is in work gives way first, then the words of the verdicts, then the counts. */
function liveLine(p: Paint, place: string, counts: Counts, work: string, width: number): string {
  const words = [place, ...countTexts(paint(false), counts)].join('  ');
  const room = width - words.length - 3;
  if (room >= 0) return [place, ...countTexts(p, counts), p.dim(work.slice(0, room))].join('  ');
  const signs = [place, ...occurring(counts).map(({ verdict, count }) => `${VERDICTS[verdict].glyph} ${count}`)].join(
    '  ',
  );
  return signs.length < width ? signs : place;
}
