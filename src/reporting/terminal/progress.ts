/** What one sees while a run goes on. */
import type { ScenarioResult } from '../../conformance/results';
import { VERDICT_ORDER, tally, type ShownVerdict } from '../verdicts';
import { line, paint, verdictText } from './paint';

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
    const shown = VERDICT_ORDER.filter((verdict) => counts[verdict] > 0);
    const plain = (verdict: ShownVerdict): string => verdictText(paint(false), verdict, counts[verdict]);
    const place = `${finished}/${total}`;
    if (target.interactive) {
      const used = [place, ...shown.map(plain)].join('  ').length + 3;
      const name = line(scenario.name).slice(0, Math.max(0, width - used));
      const text = [place, ...shown.map((verdict) => verdictText(p, verdict, counts[verdict])), p.dim(name)].join('  ');
      target.err(finished >= total ? CLEAR : `${CLEAR}${text}`);
      return;
    }
    const step = Math.floor((finished * PLAIN_LINES) / total);
    if (step === told && finished < total) return;
    told = step;
    target.err(`${[`${place} scenarios`, ...shown.map(plain)].join('  ')}\n`);
  };
}
