/** How verdicts are shown and counted. They are decided in `src/conformance`; here they are only never merged. */
import type { RuleResult } from '../conformance/results';

/** `waived`: it failed, and somebody answers for that until a day. */
export type ShownVerdict = RuleResult['verdict'] | 'waived';

interface Appearance {
  readonly glyph: string;
  /** CSS class. */
  readonly key: string;
  readonly meaning: string;
}

/** In the order in which they are always listed. The glyph stands beside the word: colour is never the only sign. */
export const VERDICTS: Readonly<Record<ShownVerdict, Appearance>> = {
  pass: { glyph: '✓', key: 'pass', meaning: 'exercised, every step held and no judge found a rule broken' },
  fail: { glyph: '✗', key: 'fail', meaning: 'a step did not hold, or a judge found a rule broken on the way' },
  waived: {
    glyph: '~',
    key: 'waived',
    meaning: 'it failed, and a reviewed list of waivers answers for all of it until a day',
  },
  'not applicable': { glyph: '–', key: 'na', meaning: 'the driver lacks the capability that the rule is about' },
  'not observed': { glyph: '○', key: 'unseen', meaning: 'this adapter could not see it or not provoke it' },
  error: { glyph: '!', key: 'error', meaning: 'the kit or its adapter broke: nothing is said about the driver' },
  'not specified': {
    glyph: '·',
    key: 'unspecified',
    meaning: 'the catalogue has the rule, no scenario exercises it yet',
  },
};

export const VERDICT_ORDER = Object.keys(VERDICTS) as readonly ShownVerdict[];

/** @returns how often each verdict occurs; kinds that do not occur are 0 */
export function tally(verdicts: readonly ShownVerdict[]): Readonly<Record<ShownVerdict, number>> {
  const counts: Record<ShownVerdict, number> = {
    pass: 0,
    fail: 0,
    waived: 0,
    'not applicable': 0,
    'not observed': 0,
    error: 0,
    'not specified': 0,
  };
  for (const verdict of verdicts) counts[verdict] += 1;
  return counts;
}

/** @returns `3 pass, 1 not observed`: only kinds that occur, in the usual order */
export function tallyText(verdicts: readonly ShownVerdict[]): string {
  const counts = tally(verdicts);
  return VERDICT_ORDER.filter((verdict) => counts[verdict] > 0)
    .map((verdict) => `${counts[verdict]} ${verdict}`)
    .join(', ');
}
