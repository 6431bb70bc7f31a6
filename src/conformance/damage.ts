/** What a damaged trace leaves open: what is lost may have broken any rule, unless the line still tells that it could not. */
import { isJudged } from '../rules';
import type { TraceProblem } from '../trace';

export class Damage {
  private first: TraceProblem | undefined;
  private others = 0;

  add(problem: TraceProblem): void {
    if (problem.lost === 'nothing') return;
    if (this.first) this.others += 1;
    else this.first = problem;
  }

  /** Why no rule can pass; undefined when nothing that matters is lost. */
  get reason(): string | undefined {
    const { first, others } = this;
    if (!first) return undefined;
    const place = `line ${first.line} (byte ${first.offset})`;
    const more = others === 0 ? '' : others === 1 ? ' and in one more place' : ` and in ${others} more places`;
    return `${LOSS[first.lost]} at ${place}${more}; what is not there may have broken the rule`;
  }
}

const LOSS: Readonly<Record<TraceProblem['lost'], string>> = {
  line: 'a crossing could not be read',
  crossings: 'crossings are missing',
  order: 'the order of crossings is not known',
  rest: 'the rest of the trace was not read',
  nothing: 'something is wrong',
};

/**
 * What neighbours do is never judged, and neither is a call that no judge has asked for: a line that still tells that it is one of
 * these may have broken nothing. A handler is not: whoever does not see it returning does not know who is inside the driver.
 */
export function isOfNoConcern({ lost, told }: TraceProblem): boolean {
  if (lost !== 'line') return false;
  // What is told of a line that was two is of both.
  if (told?.neighbour !== undefined) return told.seq !== undefined && told.dir !== undefined && told.ddi !== undefined;
  if (told?.ddi === undefined || isJudged(told.ddi)) return false;
  // The line of a name with a slip was read.
  return told.dir === undefined ? told.seq === undefined : !HANDLER_ENDS.has(told.dir);
}

const HANDLER_ENDS: ReadonlySet<string> = new Set(['->', '<-']);
