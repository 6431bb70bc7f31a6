import { expect } from 'chai';
import { broken, RUNNING } from './trace-dsl';

/** A chain of two comes just before the pause; the filter passes the first one on. */
const FIRST_PASSED_ON = `${RUNNING}
  t2: m1 ->FilterSendNetBufferLists [n1, n2] flags=0
  t2: m1 =>NdisFSendNetBufferLists [n1] handle=hm1 flags=0
  t2: m1 <=NdisFSendNetBufferLists`;

const PAUSE = `
  m1 ->FilterPause
  m1 <-FilterPause = SUCCESS`;

describe('Judging sends that never meet their fate (SP-01)', () => {
  it('condemns a send that is in nobody else’s hands when the pause is over and all is quiet', () => {
    const text = `${FIRST_PASSED_ON}
      t2: m1 <-FilterSendNetBufferLists${PAUSE}
      !!Quiescent`;
    expect(broken(text)).to.include('SP-01');
  });

  it('acquits a send that the pause gives back', () => {
    const text = `${FIRST_PASSED_ON}
      t2: m1 <-FilterSendNetBufferLists
      m1 ->FilterPause
      m1 =>NdisFSendNetBufferListsComplete [n2 PAUSED] handle=hm1 flags=0
      m1 <=NdisFSendNetBufferListsComplete
      m1 <-FilterPause = SUCCESS
      !!Quiescent`;
    expect(broken(text)).to.deep.equal([]);
  });

  it('acquits a send that is queued while the module runs', () => {
    expect(broken(`${FIRST_PASSED_ON}\n t2: m1 <-FilterSendNetBufferLists\n !!Quiescent`)).to.deep.equal([]);
  });
});
