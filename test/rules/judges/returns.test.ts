import { expect } from 'chai';
import { broken, detached, exercised, PAUSED, RUNNING } from './trace-dsl';

const UP = 'NdisFIndicateReceiveNetBufferLists';
const DOWN = 'NdisFReturnNetBufferLists';

const ABOVE = `${RUNNING}
  m1 ->FilterReceiveNetBufferLists [n1 nbs=b1@14+60/d1, n2] count=2 flags=0
  m1 =>${UP} [n1, n2] handle=hm1 count=2 flags=0
  m1 <=${UP}
  m1 <-FilterReceiveNetBufferLists`;

const OWN_ABOVE = `${ABOVE}
  m1 =>NdisAllocateNetBufferAndNetBufferList pool=p1
  m1 <=NdisAllocateNetBufferAndNetBufferList [o1] pool=p1
  m1 =>${UP} [o1] handle=hm1 count=1 flags=0
  m1 <=${UP}`;

describe('Judging returns', () => {
  it('acquits a mixed chain of several indications that is split, in Running and in Paused', () => {
    const back = `
      m1 ->FilterReturnNetBufferLists [n2, o1, n1] flags=0
      m1 =>${DOWN} [n2] flags=0
      m1 <=${DOWN}
      m1 =>${DOWN} [n1 nbs=b1@14+60/d1] flags=0
      m1 <=${DOWN}
      m1 =>NdisFreeNetBufferList [o1] pool=p1
      m1 <=NdisFreeNetBufferList
      m1 <-FilterReturnNetBufferLists
      !!Quiescent`;
    expect(broken(`${OWN_ABOVE}${back}`)).to.deep.equal([]);
    expect(exercised('RET-01', `${OWN_ABOVE}${back}`)).to.equal(2);
    expect(exercised('RO-06', `${OWN_ABOVE}${back}`)).to.equal(1);
    const pending = `
      m1 ->FilterPause
      m1 <-FilterPause = PENDING`;
    expect(
      broken(`${OWN_ABOVE}${pending}${back.replace('!!Quiescent', 'm1 =>NdisFPauseComplete handle=hm1')}`),
    ).to.deep.equal([]);
  });

  it('acquits what another thread hands down after the handler has returned', () => {
    expect(
      broken(`${ABOVE}
        m1 ->FilterReturnNetBufferLists [n1, n2] flags=0
        m1 <-FilterReturnNetBufferLists
        t2: ->NdisIoWorkItemFunction workItem=w1
        !!Quiescent
        t2: m1 =>${DOWN} [n1, n2] flags=0
        t2: m1 <=${DOWN}
        t2: <-NdisIoWorkItemFunction
        !!Quiescent`),
    ).to.deep.equal([]);
  });

  it('condemns a receive of others that stays where it came back to (RET-01)', () => {
    const dropped = `${ABOVE}
      m1 ->FilterReturnNetBufferLists [n1, n2] flags=0
      m1 =>${DOWN} [n1] flags=0
      m1 <=${DOWN}
      m1 <-FilterReturnNetBufferLists`;
    expect(broken(`${dropped}\n !!Quiescent`)).to.deep.equal(['RET-01']);
    expect(broken(dropped)).to.deep.equal([]);
    expect(broken(`${dropped}\n m1 ->FilterPause\n m1 <-FilterPause = SUCCESS${detached()}`)).to.include('RET-01');
  });

  it('condemns a receive that is handed down twice (RET-01, RET-02)', () => {
    expect(
      broken(`${ABOVE}
        m1 ->FilterReturnNetBufferLists [n1] flags=0
        m1 =>${DOWN} [n1] flags=0
        m1 <=${DOWN}
        m1 =>${DOWN} [n1] flags=0`),
    ).to.deep.equal(['RET-01', 'RET-02']);
  });

  it('condemns the return of a receive that was indicated, or returned before (RP-01, RET-02)', () => {
    expect(broken(`${ABOVE}\n m1 =>${DOWN} [n1] flags=0`)).to.deep.equal(['RET-02', 'RP-01']);
    expect(
      broken(`${RUNNING}
        m1 ->FilterReceiveNetBufferLists [n1] count=1 flags=0
        m1 =>${DOWN} [n1] flags=0
        m1 <=${DOWN}
        m1 =>${DOWN} [n1] flags=0`),
    ).to.deep.equal(['RET-02', 'RP-01']);
  });

  it('condemns the return of what no one indicated, and of a send (RET-02)', () => {
    expect(broken(`${RUNNING}\n m1 =>${DOWN} [n9] flags=0`)).to.deep.equal(['RET-02']);
    expect(
      broken(`${RUNNING}
        m1 ->FilterSendNetBufferLists [n1] flags=0
        m1 =>${DOWN} [n1] flags=0`),
    ).to.deep.equal(['RET-02']);
  });

  it('condemns an own receive that is returned downward (RO-06, RET-02)', () => {
    expect(
      broken(`${OWN_ABOVE}
        m1 ->FilterReturnNetBufferLists [o1] flags=0
        m1 =>${DOWN} [o1] flags=0`),
    ).to.deep.equal(['RET-02', 'RO-06']);
  });

  describe('of what was lent with RESOURCES (RP-02)', () => {
    const lent = `${RUNNING}
      m1 ->FilterReceiveNetBufferLists [n1] count=1 flags=2`;

    it('condemns the call inside the handler', () => {
      expect(broken(`${lent}\n m1 =>${DOWN} [n1] flags=0`)).to.deep.equal(['RET-02', 'RP-02']);
    });

    it('condemns the call after it, and that the NBL was kept', () => {
      expect(
        broken(`${lent}
          m1 <-FilterReceiveNetBufferLists [n1]
          m1 =>${DOWN} [n1] flags=0`),
      ).to.deep.equal(['RET-02', 'RP-02', 'RP-03']);
    });

    it('acquits the next delivery of the same NBL without the flag', () => {
      const text = `${lent}
        m1 <-FilterReceiveNetBufferLists [n1]
        m1 ->FilterReceiveNetBufferLists [n1] count=1 flags=0
        m1 =>${DOWN} [n1] flags=0
        m1 <=${DOWN}
        m1 <-FilterReceiveNetBufferLists`;
      expect(broken(text)).to.deep.equal([]);
      expect(exercised('RP-02', text)).to.equal(1);
    });
  });

  it('condemns a change that is not undone before the return (RP-06)', () => {
    const back = (view: string): string => `${ABOVE}
      m1 ->FilterReturnNetBufferLists [n1] flags=0
      m1 =>${DOWN} [${view}] flags=0`;
    expect(broken(back('n1 nbs=b1@10+64/d1'))).to.deep.equal(['RP-06']);
    expect(broken(back('n1 nbs=b1@14+60/d1'))).to.deep.equal([]);
    expect(broken(back('n1'))).to.deep.equal([]);
  });

  describe('when the filter added RESOURCES itself (RP-05)', () => {
    const added = `${RUNNING}
      m1 ->FilterReceiveNetBufferLists [n1] count=1 flags=0
      m1 =>${UP} [n1] handle=hm1 count=1 flags=2
      m1 <=${UP}`;

    it('condemns a filter that never returns the NBL', () => {
      expect(broken(`${added}\n m1 <-FilterReceiveNetBufferLists\n !!Quiescent`)).to.deep.equal(['RP-05']);
    });

    it('acquits one that does', () => {
      expect(
        broken(`${added}
          m1 =>${DOWN} [n1] flags=0
          m1 <=${DOWN}
          m1 <-FilterReceiveNetBufferLists
          !!Quiescent`),
      ).to.deep.equal([]);
    });
  });

  it('says nothing of a module whose beginning it has not seen', () => {
    expect(
      broken(`
        m1 ->FilterReturnNetBufferLists [n1, o1] flags=0
        m1 =>${DOWN} [n1] flags=0
        m1 <=${DOWN}
        m1 <-FilterReturnNetBufferLists
        !!Quiescent`),
    ).to.deep.equal([]);
  });

  it('acquits late receives that a paused module returns at once', () => {
    expect(
      broken(`${PAUSED}
        m1 ->FilterReceiveNetBufferLists [n1] count=1 flags=0
        m1 =>${DOWN} [n1] flags=0
        m1 <=${DOWN}
        m1 <-FilterReceiveNetBufferLists
        !!Quiescent`),
    ).to.deep.equal([]);
  });
});
