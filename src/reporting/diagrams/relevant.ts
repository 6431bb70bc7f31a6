/** Which part of a long trace a reader must see to understand a violation. */
import { lifecycleEvent } from '../lifecycle';
import type { Violation } from '../../rules/rule';
import { OBSERVATION, type Crossing } from '../../trace';

/** Traces up to this length are shown whole: folding would save nothing. */
const SHORT = 36;
/** Crossings kept on either side of one that matters. */
const AROUND = 3;
/** Leaving out fewer than this costs the reader more than it saves. */
const WORTH_HIDING = 4;

export function isLong(crossings: readonly Crossing[]): boolean {
  return crossings.length > SHORT;
}

/**
 * @param crossings a trace
 * @param violations what judges found in it
 * @returns seqs to show: the witnesses, what happened right beside them, the lifecycle, and how it ended
 */
export function relevantSeqs(crossings: readonly Crossing[], violations: readonly Violation[]): ReadonlySet<number> {
  if (!isLong(crossings)) return new Set(crossings.map(({ seq }) => seq));
  const matter = new Set(violations.flatMap(({ at, witnesses }) => [at, ...witnesses]));
  const keep = crossings.map((crossing) => tells(crossing) || matter.has(crossing.seq));
  crossings.forEach(({ seq }, i) => {
    if (matter.has(seq) || i === crossings.length - 1) keep.fill(true, Math.max(0, i - AROUND), i + AROUND + 1);
  });
  for (let start = 0; start < keep.length;) {
    const next = keep.indexOf(true, start);
    const end = next < 0 ? keep.length : next;
    if (end - start < WORTH_HIDING) keep.fill(true, start, end);
    start = end + 1;
  }
  return new Set(crossings.filter((_, i) => keep[i]).map(({ seq }) => seq));
}

/** The life of the module, and what went wrong. */
function tells(crossing: Crossing): boolean {
  const event = lifecycleEvent(crossing);
  if (event) return event.from !== event.to || event.id === 'pause-pending' || event.id === 'restart-pending';
  return crossing.dir === '!!' && crossing.ddi !== OBSERVATION.Quiescent && crossing.ddi !== OBSERVATION.Frame;
}
