/** Which part of a long trace a reader must see to understand a violation. */
import { lifecycleEvent } from '../lifecycle';
import type { Violation } from '../../rules/rule';
import type { Crossing } from '../../trace';

/** Traces up to this length are shown whole: folding would save nothing. */
const SHORT = 36;
/** Crossings kept on either side of one that matters. */
const AROUND = 2;

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
  const keep = new Set<number>();
  crossings.forEach((crossing, i) => {
    if (matter.has(crossing.seq)) {
      for (const near of crossings.slice(Math.max(0, i - AROUND), i + AROUND + 1)) keep.add(near.seq);
    }
    if (lifecycleEvent(crossing) || crossing.dir === '!!') keep.add(crossing.seq);
  });
  for (const last of crossings.slice(-AROUND)) keep.add(last.seq);
  return keep;
}
