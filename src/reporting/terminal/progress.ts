/** What one sees while a run goes on. */
import type { ScenarioResult } from '../../conformance/results';
import { VERDICT_ORDER, VERDICTS, tally, type ShownVerdict } from '../verdicts';
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
}

/** Called after each scenario, as `onScenario` of a run. */
export type Progress = (scenario: ScenarioResult, finished: number, total: number) => void;

const CLEAR = '\r\x1b[K';
/** Plain lines a run: enough to see that it goes on, few enough for a log. */
const PLAIN_LINES = 8;

/**
 * @param target where to write
 * @returns the function to call after each scenario; after the last one the live line is gone
 */
export function createProgress(target: ProgressTarget, options: ProgressOptions = {}): Progress {
  const { width = process.stderr.columns ?? 80, colour } = options;
  const p = paint(target.interactive ? colour : false);
  const verdicts: ShownVerdict[] = [];
  let told = 0;
  return (scenario, finished, total) => {
    verdicts.push(scenario.verdict);
    const counts = tally(verdicts);
    const place = `${finished}/${total}`;
    if (target.interactive) {
      target.err(finished >= total ? CLEAR : CLEAR + liveLine(p, place, counts, line(scenario.name), width));
      return;
    }
    const step = Math.floor((finished * PLAIN_LINES) / total);
    if (step === told && finished < total) return;
    told = step;
    target.err(`${[`${place} scenarios`, ...countTexts(p, counts)].join('  ')}\n`);
  };
}

type Counts = ReturnType<typeof tally>;

function countTexts(p: Paint, counts: Counts): string[] {
  return occurring(counts).map((verdict) => verdictText(p, verdict, counts[verdict]));
}

function occurring(counts: Counts): ShownVerdict[] {
  return VERDICT_ORDER.filter((verdict) => counts[verdict] > 0);
}

/** A line that wraps can't be rewritten: the name gives way first, then the words of the verdicts, then the counts. */
function liveLine(p: Paint, place: string, counts: Counts, name: string, width: number): string {
  const words = [place, ...countTexts(paint(false), counts)].join('  ');
  const room = width - words.length - 3;
  if (room >= 0) return [place, ...countTexts(p, counts), p.dim(name.slice(0, room))].join('  ');
  const signs = [place, ...occurring(counts).map((verdict) => `${VERDICTS[verdict].glyph} ${counts[verdict]}`)].join(
    '  ',
  );
  return signs.length < width ? signs : place;
}
