import { expect } from 'chai';
import { ATTACHED, attached, broken, exercised, judged, restarted, RUNNING } from './trace-dsl';

const UP = 'NdisFIndicateReceiveNetBufferLists';
const DOWN = 'NdisFSendNetBufferLists';

const PAUSE = '\n m1 ->FilterPause\n m1 <-FilterPause = SUCCESS';
const PENDING = '\n m1 ->FilterPause\n m1 <-FilterPause = PENDING';
const COMPLETE = '\n t9: m1 =>NdisFPauseComplete handle=hm1\n t9: m1 <=NdisFPauseComplete';

const sends = (nbls: string): string => `
  t2: m1 =>${DOWN} [${nbls}] handle=hm1 flags=0
  t2: m1 <=${DOWN}`;
const sent = (nbls: string): string => `
  t9: m1 ->FilterSendNetBufferListsComplete [${nbls}] flags=1
  t9: m1 <-FilterSendNetBufferListsComplete`;
const indicates = (nbls: string, flags = 0): string => `
  t2: m1 =>${UP} [${nbls}] handle=hm1 count=${nbls.split(',').length} flags=${flags}
  t2: m1 <=${UP}`;
const returned = (nbls: string): string => `
  t8: m1 ->FilterReturnNetBufferLists [${nbls}] flags=0
  t8: m1 <-FilterReturnNetBufferLists`;
const arrives = (nbls: string): string => `
  t5: m1 ->FilterSendNetBufferLists [${nbls}] flags=0
  t5: m1 <-FilterSendNetBufferLists`;
const received = (nbls: string, flags = 0): string => `
  t6: m1 ->FilterReceiveNetBufferLists [${nbls}] count=${nbls.split(',').length} flags=${flags}
  t6: m1 <-FilterReceiveNetBufferLists`;

describe('Judging what is home when a pause completes', () => {
  describe('sends that the module originated (PAU-11)', () => {
    it('condemns FilterPause that succeeds, and a completion that comes too early', () => {
      expect(broken(`${RUNNING}${sends('n1')}${PAUSE}`)).to.deep.equal(['PAU-11']);
      expect(broken(`${RUNNING}${sends('n1')}${PENDING}${COMPLETE}`)).to.deep.equal(['PAU-11']);
    });

    it('condemns the completion after the first of two', () => {
      expect(broken(`${RUNNING}${sends('n1, n2')}${PENDING}${sent('n2')}${COMPLETE}`)).to.deep.equal(['PAU-11']);
      expect(
        broken(`${RUNNING}${sends('n1, n2')}${PENDING}${sent('n2')}${sent('n1')}${COMPLETE}\n !!Quiescent`),
      ).to.deep.equal([]);
    });

    it('acquits a completion inside the call, and one of several sends in one chain, in any order', () => {
      expect(
        broken(`${RUNNING}
          t2: m1 =>${DOWN} [n1] handle=hm1
          t2: m1 ->FilterSendNetBufferListsComplete [n1] flags=0
          t2: m1 <-FilterSendNetBufferListsComplete${PAUSE}
          t2: m1 <=${DOWN}`),
      ).to.deep.equal([]);
      expect(broken(`${RUNNING}${sends('n1')}${sends('n2, n3')}${sent('n3, n1, n2')}${PAUSE}`)).to.deep.equal([]);
    });

    it('condemns a send that another thread is still in the call with', () => {
      expect(broken(`${RUNNING}\n t2: m1 =>${DOWN} [n1] handle=hm1${PAUSE}`)).to.deep.equal(['PAU-11']);
    });

    it('condemns the last completion handler that completes the pause before it counted all of a mixed chain', () => {
      const chain = `${RUNNING}${sends('n1')}
        t5: m1 ->FilterSendNetBufferLists [f1] flags=0
        t5: m1 =>${DOWN} [f1] handle=hm1
        t5: m1 <=${DOWN}
        t5: m1 <-FilterSendNetBufferLists${sends('n2')}${PENDING}
        t9: m1 ->FilterSendNetBufferListsComplete [n1, f1] flags=1
        t9: m1 =>NdisFSendNetBufferListsComplete [f1] flags=1
        t9: m1 <=NdisFSendNetBufferListsComplete`;
      const done = '\n t9: m1 <-FilterSendNetBufferListsComplete';
      expect(broken(`${chain}${COMPLETE}${done}`)).to.deep.equal(['PAU-11']);
      expect(broken(`${chain}${done}${sent('n2')}${COMPLETE}`)).to.deep.equal([]);
    });

    it('acquits identities that are used again', () => {
      const again = `${sends('n1')}${sent('n1')}`;
      expect(broken(`${RUNNING}${again}${again}${again}${PAUSE}`)).to.deep.equal([]);
      expect(broken(`${RUNNING}${again}${again}${sends('n1')}${PAUSE}`)).to.deep.equal(['PAU-11']);
    });

    it('does not count the sends of another module', () => {
      expect(broken(`${RUNNING}${attached('m2')}${restarted('m2')}${sends('n1').replaceAll('m1', 'm2')}${PAUSE}`))
        .to // m2 has it
        .deep.equal([]);
    });

    it('counts for the module that is attached again', () => {
      const again = `\n m1 ->FilterDetach\n m1 <-FilterDetach${attached('m2')}${restarted('m2')}`;
      const text = `${RUNNING}${PAUSE}${again}${sends('n1').replaceAll('m1', 'm2')}${PAUSE.replaceAll('m1', 'm2')}`;
      expect(broken(text)).to.deep.equal(['PAU-11']);
    });

    it('takes what a trace that begins in the middle shows for own only when it says so', () => {
      const begun = (nbl: string): string => sends(nbl).replaceAll(/hm1/g, 'hm1') + PAUSE;
      expect(broken(begun('n1'))).to.deep.equal([]);
      expect(broken(begun('n1 source=hm1'))).to.deep.equal(['PAU-11']);
      expect(broken(begun('n1 source=hp'))).to.deep.equal([]);
    });

    it('takes an allocation for proof', () => {
      const allocated = `
        t2: m1 =>NdisAllocateNetBufferAndNetBufferList pool=p1
        t2: m1 <=NdisAllocateNetBufferAndNetBufferList [n1] pool=p1`;
      expect(broken(`${allocated}${sends('n1')}${PAUSE}`)).to.deep.equal(['PAU-11']);
    });
  });

  describe('receives that the module originated (PAU-12)', () => {
    it('condemns a pause that completes before the last has come back', () => {
      expect(broken(`${RUNNING}${indicates('n1')}${PAUSE}`)).to.deep.equal(['PAU-12']);
      expect(broken(`${RUNNING}${indicates('n1, n2')}${PENDING}${returned('n1')}${COMPLETE}`)).to.deep.equal([
        'PAU-12',
      ]);
      expect(
        broken(`${RUNNING}${indicates('n1, n2')}${PENDING}${returned('n2')}${returned('n1')}${COMPLETE}`),
      ).to.deep.equal([]);
    });

    it('acquits what went up with the RESOURCES flag once the call has returned, and condemns it before', () => {
      expect(broken(`${RUNNING}${indicates('n1', 2)}${PAUSE}`)).to.deep.equal([]);
      expect(
        broken(`${RUNNING}\n t2: m1 =>${UP} [n1] handle=hm1 count=1 flags=2${PAUSE}\n t2: m1 <=${UP}`),
      ).to.deep.equal(['PAU-12']);
    });

    it('sees from what the thread does next that a call is over whose return is not written down', () => {
      const unreturned = `\n t2: ->IRP_MJ_WRITE irp=i1\n t2: m1 =>${UP} [n1] handle=hm1 count=1 flags=2`;
      expect(broken(`${RUNNING}${unreturned}\n t2: <-IRP_MJ_WRITE = STATUS_SUCCESS${PAUSE}`)).to.deep.equal([]);
      expect(broken(`${RUNNING}${unreturned}\n t2: =>NdisFreeMemory memory=x${PAUSE}`)).to.deep.equal([]);
    });

    it('condemns both kinds that are out, each by its rule', () => {
      expect(broken(`${RUNNING}${sends('n1')}${indicates('n2')}${PAUSE}`)).to.deep.equal(['PAU-11', 'PAU-12']);
    });

    it('acquits a return inside the indication', () => {
      expect(
        broken(`${RUNNING}
          t2: m1 =>${UP} [n1] handle=hm1 count=1 flags=0
          t2: m1 ->FilterReturnNetBufferLists [n1] flags=0
          t2: m1 <-FilterReturnNetBufferLists
          t2: m1 <=${UP}${PAUSE}`),
      ).to.deep.equal([]);
    });
  });

  describe('sends from above that the module holds (PAU-09)', () => {
    it('condemns a queue that stays over the pause', () => {
      expect(broken(`${RUNNING}${arrives('f1')}${PAUSE}`)).to.deep.equal(['PAU-09']);
      expect(broken(`${RUNNING}${arrives('f1')}${PENDING}${COMPLETE}`)).to.deep.equal(['PAU-09']);
    });

    it('condemns a queue that is released after FilterPause has returned success', () => {
      const late = `
        t9: m1 =>NdisFSendNetBufferListsComplete [f1 PAUSED] flags=0
        t9: m1 <=NdisFSendNetBufferListsComplete`;
      expect(broken(`${RUNNING}${arrives('f1')}${PAUSE}${late}`)).to.deep.equal(['PAU-09']);
      expect(broken(`${RUNNING}${arrives('f1')}${PENDING}${late}${COMPLETE}`)).to.deep.equal([]);
    });

    it('acquits a queue that FilterPause itself completes, or sends on before it closes', () => {
      expect(
        broken(`${RUNNING}${arrives('f1, f2')}
          m1 ->FilterPause
          m1 =>NdisFSendNetBufferListsComplete [f2 PAUSED, f1 PAUSED] flags=0
          m1 <=NdisFSendNetBufferListsComplete
          m1 <-FilterPause = SUCCESS`),
      ).to.deep.equal([]);
      expect(
        broken(`${RUNNING}${arrives('f1')}
          m1 ->FilterPause
          m1 =>${DOWN} [f1] handle=hm1
          m1 <=${DOWN}
          m1 <-FilterPause = SUCCESS${sent('f1').replace(
            '\n  t9: m1 <-',
            '\n t9: m1 =>NdisFSendNetBufferListsComplete [f1] flags=1\n t9: m1 <=NdisFSendNetBufferListsComplete\n t9: m1 <-',
          )}
          !!Quiescent`),
      ).to.deep.equal([]);
    });

    it('acquits a send that its handler is still working on', () => {
      expect(
        broken(`${RUNNING}
          t5: m1 ->FilterSendNetBufferLists [f1] flags=0${PAUSE}
          t5: m1 =>NdisFSendNetBufferListsComplete [f1 PAUSED] flags=0
          t5: m1 <=NdisFSendNetBufferListsComplete
          t5: m1 <-FilterSendNetBufferLists`),
      ).to.deep.equal([]);
    });

    it('acquits sends that have been passed down and come back late', () => {
      const down = `
        t5: m1 ->FilterSendNetBufferLists [f1] flags=0
        t5: m1 =>${DOWN} [f1] handle=hm1
        t5: m1 <=${DOWN}
        t5: m1 <-FilterSendNetBufferLists`;
      const late = `
        t9: m1 ->FilterSendNetBufferListsComplete [f1] flags=1
        t9: m1 =>NdisFSendNetBufferListsComplete [f1] flags=1
        t9: m1 <=NdisFSendNetBufferListsComplete
        t9: m1 <-FilterSendNetBufferListsComplete`;
      expect(broken(`${RUNNING}${down}${PAUSE}${late}\n !!Quiescent`)).to.deep.equal([]);
    });
  });

  describe('receives from below that the module holds (PAU-10)', () => {
    it('condemns a queue that stays over the pause, and acquits one that is returned', () => {
      const back = '\n m1 =>NdisFReturnNetBufferLists [r1] flags=0\n m1 <=NdisFReturnNetBufferLists';
      expect(broken(`${RUNNING}${received('r1')}${PAUSE}`)).to.deep.equal(['PAU-10']);
      expect(
        broken(`${RUNNING}${received('r1')}\n m1 ->FilterPause${back}\n m1 <-FilterPause = SUCCESS`),
      ).to.deep.equal([]);
    });

    it('acquits receives that are above, and those that were only lent', () => {
      const up = `
        t6: m1 ->FilterReceiveNetBufferLists [r1] count=1 flags=0
        t6: m1 =>${UP} [r1] handle=hm1 count=1 flags=0
        t6: m1 <=${UP}
        t6: m1 <-FilterReceiveNetBufferLists`;
      expect(broken(`${RUNNING}${up}${PAUSE}`)).to.deep.equal([]);
      expect(broken(`${RUNNING}${received('r1', 2)}${PAUSE}`)).to.deep.equal([]);
    });
  });

  it('names the object, where it came from and where the pause ended, in three witnesses', () => {
    const [violation] = judged(`${RUNNING}${sends('n1')}${PAUSE}`).violations;
    expect(violation?.message).to.match(
      /^FilterPause returned NDIS_STATUS_SUCCESS at #\d+ while send n1, originated at #\d+, was outstanding$/,
    );
    expect(violation?.witnesses.length).to.equal(3);
    const [early] = judged(`${RUNNING}${sends('n1')}${PENDING}${COMPLETE}`).violations;
    expect(early?.message).to.match(/^The filter called NdisFPauseComplete at #\d+ while send n1/);
  });

  it('counts a test only when something is out', () => {
    expect(exercised('PAU-11', `${RUNNING}${PAUSE}`)).to.equal(0);
    expect(exercised('PAU-11', `${RUNNING}${sends('n1')}${PENDING}`)).to.equal(1);
    expect(exercised('PAU-12', `${RUNNING}${sends('n1')}${PENDING}`)).to.equal(0);
    expect(exercised('PAU-09', ATTACHED)).to.equal(0);
  });
});
