import { expect } from 'chai';
import { Verdicts } from '../../step-definitions/support/verdicts';
import { trace } from '../rules/judges/trace-dsl';

/** Attaching, the filter issues an OID request, at #4; the trace goes on at #9. */
const BEGINNING = `
  =>NdisFRegisterFilterDriver
  <=NdisFRegisterFilterDriver = SUCCESS handle=h0
  m1 ->FilterAttach handle=hm1
  m1 =>NdisFOidRequest request=r1 oid=OID_X handle=hm1
  m1 <=NdisFOidRequest = FAILURE
  m1 =>NdisFSetAttributes handle=hm1 context=c1
  m1 <=NdisFSetAttributes = SUCCESS
  m1 <-FilterAttach = SUCCESS`;
const LATER = `
  m1 ->FilterStatus code=S
  m1 !!Bugcheck code=0x10`;

function spoiled(
  story: (verdicts: Verdicts, see: (text: string, from: number) => void) => void,
  bugcheck?: string,
): boolean {
  const verdicts = new Verdicts();
  const see = (text: string, from: number): void => {
    for (const crossing of trace(text, from)) verdicts.see(crossing);
  };
  see(BEGINNING, 1);
  story(verdicts, see);
  return verdicts.evidence(bugcheck).spoiled === true;
}

describe('A scenario in which rules are broken', () => {
  it('says nothing against its own rule when all its steps held', () => {
    expect(spoiled((verdicts) => verdicts.stimulated(8))).to.equal(true);
  });

  it('says nothing against it when what it starts from did not come about', () => {
    expect(spoiled((verdicts) => verdicts.fail('Expected: a start'))).to.equal(true);
  });

  it('stands against it when a step did not hold, and nothing was broken since the first stimulus', () => {
    expect(
      spoiled((verdicts) => {
        verdicts.stimulated(8);
        verdicts.fail('Expected: more');
      }),
    ).to.equal(false);
  });

  it('says nothing against it when another rule was broken on the way', () => {
    expect(
      spoiled((verdicts, see) => {
        verdicts.stimulated(8);
        see(LATER, 9);
        verdicts.fail('Expected: more');
      }, 'SPIN_LOCK_NOT_OWNED'),
    ).to.equal(true);
  });

  it('says nothing against it when the system had stopped before the first stimulus', () => {
    expect(
      spoiled((verdicts, see) => {
        see(LATER, 9);
        verdicts.stimulated(10);
        verdicts.fail('Expected: more');
      }, 'SPIN_LOCK_NOT_OWNED'),
    ).to.equal(true);
  });
});
