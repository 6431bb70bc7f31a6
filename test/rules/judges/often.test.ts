import { expect } from 'chai';
import { createJudges } from '../../../src/rules';
import type { Judges } from '../../../src/rules/judges-contract';
import type { Crossing } from '../../../src/trace';

const ROUNDS = 2500;

type Draft = Pick<Crossing, 'dir' | 'ddi'> & Partial<Crossing>;

/** A module passes so many sends, and one of them twice. */
function passing(rounds: number): Crossing[] {
  const drafts: Draft[] = [
    { dir: '->', ddi: 'FilterAttach', args: { handle: 'h' } },
    { dir: '=>', ddi: 'NdisFSetAttributes', args: { handle: 'h' } },
    { dir: '<=', ddi: 'NdisFSetAttributes', status: 'NDIS_STATUS_SUCCESS' },
    { dir: '<-', ddi: 'FilterAttach', status: 'NDIS_STATUS_SUCCESS' },
    { dir: '->', ddi: 'FilterRestart' },
    { dir: '<-', ddi: 'FilterRestart', status: 'NDIS_STATUS_SUCCESS' },
  ];
  for (let round = 0; round < rounds; round += 1) {
    const nbls = [{ nbl: `n${round % 8}`, source: 'p' }];
    const down: Draft = { dir: '=>', ddi: 'NdisFSendNetBufferLists', nbls };
    const isLast = round === rounds - 1;
    drafts.push(
      { dir: '->', ddi: 'FilterSendNetBufferLists', nbls },
      down,
      { dir: '<=', ddi: 'NdisFSendNetBufferLists' },
      ...(isLast ? [down] : []),
      { dir: '<-', ddi: 'FilterSendNetBufferLists' },
      { dir: '->', ddi: 'FilterSendNetBufferListsComplete', nbls },
      { dir: '=>', ddi: 'NdisFSendNetBufferListsComplete', nbls },
      { dir: '<=', ddi: 'NdisFSendNetBufferListsComplete' },
      { dir: '<-', ddi: 'FilterSendNetBufferListsComplete' },
    );
  }
  return drafts.map((draft, index) => ({ seq: index + 1, module: 'm', thread: 't', ...draft }));
}

function judged(crossings: readonly Crossing[], kindOf: (crossing: Crossing) => number | undefined): Judges {
  const judges = createJudges();
  for (const crossing of crossings) judges.see(crossing, kindOf(crossing));
  judges.finish();
  return judges;
}

describe('What judges say of crossings that come often', () => {
  it('is what they say of a few', () => {
    const few = judged(passing(10), () => undefined);
    const many = judged(passing(ROUNDS), () => undefined);
    expect(few.violations.map(({ rule }) => rule)).to.deep.equal(['SP-01']);
    const later = (seq: number): number => seq + (ROUNDS - 10) * 8;
    expect(many.violations.map(({ rule, at, witnesses }) => ({ rule, at, witnesses }))).to.deep.equal(
      few.violations.map(({ rule, at, witnesses }) => ({ rule, at: later(at), witnesses: witnesses.map(later) })),
    );
    // One was passed down twice.
    for (const [judges, rounds] of [
      [few, 10],
      [many, ROUNDS],
    ] as const) {
      expect(judges.exercised('SP-01')).to.equal(rounds);
      expect(judges.exercised('SP-05')).to.equal(rounds + 1);
    }
  });

  it('is the same whether or not they are told the kinds', () => {
    const crossings = passing(ROUNDS);
    const kinds: string[] = [];
    const kindOf = ({ dir, ddi }: Crossing): number => {
      const known = kinds.indexOf(dir + ddi);
      return known < 0 ? kinds.push(dir + ddi) - 1 : known;
    };
    const told = judged(crossings, kindOf);
    const untold = judged(crossings, () => undefined);
    expect(told.violations).to.deep.equal(untold.violations);
    expect(told.allExercised()).to.deep.equal(untold.allExercised());
  });
});
