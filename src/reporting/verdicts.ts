/** How verdicts are shown and counted. They are decided in `src/conformance`; here they are only never merged. */
import { SHOWN_VERDICTS, type ShownVerdict } from '../conformance/results';

export type { ShownVerdict };

interface Appearance {
  readonly glyph: string;
  /** CSS class. */
  readonly key: string;
  readonly meaning: string;
}

/** The glyph stands beside the word: colour is never the only sign. */
export const VERDICTS: Readonly<Record<ShownVerdict, Appearance>> = {
  pass: { glyph: '✓', key: 'pass', meaning: 'exercised, every step held and no judge found a rule broken' },
  fail: { glyph: '✗', key: 'fail', meaning: 'a step did not hold, or a judge found a rule broken on the way' },
  waived: {
    glyph: '~',
    key: 'waived',
    meaning: 'it failed, and a reviewed list of waivers answers for all of it until a day',
  },
  'not applicable': {
    glyph: '–',
    key: 'na',
    meaning: 'the driver lacks what the rule is about, or its profile does not say how to ask for it',
  },
  'not observed': {
    glyph: '○',
    key: 'unseen',
    meaning: 'this adapter could not see it, or not provoke it, or what the scenario starts from did not come about',
  },
  error: { glyph: '!', key: 'error', meaning: 'the kit or its adapter broke: nothing is said about the driver' },
  'not specified': {
    glyph: '·',
    key: 'unspecified',
    meaning: 'the catalogue has the rule, no scenario exercises it yet',
  },
};

type Counts = Readonly<Record<ShownVerdict, number>>;

/** @returns how often each verdict occurs; kinds that do not occur are 0 */
export function tally(verdicts: readonly ShownVerdict[]): Counts {
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

/** @returns the kinds that occur, each with its number, in the usual order */
export function occurring(counts: Counts): { readonly verdict: ShownVerdict; readonly count: number }[] {
  return SHOWN_VERDICTS.filter((verdict) => counts[verdict] > 0).map((verdict) => ({
    verdict,
    count: counts[verdict],
  }));
}

/** @returns `3 pass, 1 not observed`: only kinds that occur, in the usual order */
export function tallyText(verdicts: readonly ShownVerdict[]): string {
  return occurring(tally(verdicts))
    .map(({ verdict, count }) => `${count} ${verdict}`)
    .join(', ');
}
