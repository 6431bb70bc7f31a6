import { expect } from 'chai';
import { broken, brokenStrictly, exercised, judged, PAUSED, REGISTERED, RUNNING } from './trace-dsl';

const SEND = '=>NdisFSendNetBufferLists [n1] handle=hm1 flags=0';
const SENT = '<=NdisFSendNetBufferLists';
const BACK = `
  t9: m1 ->FilterSendNetBufferListsComplete [n1] flags=1
  t9: m1 <-FilterSendNetBufferListsComplete`;

describe('Judging originations', () => {
  describe('a sender that was counted before the pause (PAU-06, DESIGN of the default reading)', () => {
    const counted = `${RUNNING}
      t2: ->IRP_MJ_WRITE irp=i1 file=f1
      t1: m1 ->FilterPause
      t1: m1 <-FilterPause = PENDING
      t2: m1 ${SEND}
      t2: m1 ${SENT}
      t2: <-IRP_MJ_WRITE = STATUS_SUCCESS
      t9: m1 ->FilterSendNetBufferListsComplete [n1] flags=1
      t9: m1 =>NdisFPauseComplete handle=hm1
      t9: m1 <=NdisFPauseComplete
      t9: m1 <-FilterSendNetBufferListsComplete
      !!Quiescent`;

    it('is acquitted when it reaches NDIS after FilterPause has returned PENDING', () => {
      expect(broken(counted)).to.deep.equal([]);
    });

    it('is a finding of the strict reading', () => {
      expect(brokenStrictly(counted)).to.deep.equal(['PAU-06']);
    });

    it('is condemned when it reaches NDIS after the pause has completed', () => {
      const late = `${RUNNING}
        t2: ->IRP_MJ_WRITE irp=i1 file=f1
        t1: m1 ->FilterPause
        t1: m1 <-FilterPause = SUCCESS
        t2: m1 ${SEND}`;
      expect(broken(late)).to.deep.equal(['PAU-05', 'PAU-07', 'SO-01']);
    });
  });

  it('condemns a write that began after FilterPause returned PENDING (PAU-06)', () => {
    expect(
      broken(`${RUNNING}
        t1: m1 ->FilterPause
        t1: m1 <-FilterPause = PENDING
        t2: ->IRP_MJ_WRITE irp=i1 file=f1
        t2: m1 ${SEND}`),
    ).to.deep.equal(['DEV-04', 'PAU-06', 'SO-01']);
  });

  it('acquits a write that came first to the lock although it was entered after FilterPause', () => {
    const text = `${RUNNING}
      t1: m1 ->FilterPause
      t2: ->IRP_MJ_WRITE irp=i1 file=f1
      t2: m1 ${SEND}
      t2: m1 ${SENT}
      t2: <-IRP_MJ_WRITE = STATUS_SUCCESS
      t1: m1 <-FilterPause = PENDING ${BACK.replace('flags=1', 'flags=1')}
      t9: m1 =>NdisFPauseComplete handle=hm1`;
    expect(broken(text)).to.deep.equal([]);
    expect(brokenStrictly(text)).to.deep.equal(['PAU-06']);
  });

  it('condemns FilterPause itself when it originates', () => {
    expect(
      broken(`${RUNNING}
        m1 ->FilterPause
        m1 ${SEND}`),
    ).to.include('PAU-06');
  });

  it('condemns a send in Paused whatever led to it (PAU-07)', () => {
    for (const entry of [
      '->IRP_MJ_WRITE irp=i1',
      'm1 ->NdisTimerFunction timer=x',
      'm1 ->FilterOidRequest request=r oid=OID_X',
    ]) {
      expect(broken(`${PAUSED}\n t2: ${entry}\n t2: m1 ${SEND}`)).to.include.members(['PAU-07', 'SO-01']);
    }
  });

  it('condemns a receive in Paused (PAU-08)', () => {
    expect(
      broken(`${PAUSED}\n t2: m1 =>NdisFIndicateReceiveNetBufferLists [n1] handle=hm1 count=1 flags=0`),
    ).to.deep.equal(['PAU-08', 'RO-01']);
  });

  it('takes a pause for complete at NdisFPauseComplete, even before FilterPause has returned', () => {
    const early = `${RUNNING}
      t2: ->IRP_MJ_WRITE irp=i1
      t2: m1 ${SEND}
      t2: m1 ${SENT}
      t2: <-IRP_MJ_WRITE = STATUS_SUCCESS
      t1: m1 ->FilterPause
      t9: m1 ->FilterSendNetBufferListsComplete [n1] flags=1
      t9: m1 =>NdisFPauseComplete handle=hm1
      t9: m1 <=NdisFPauseComplete
      t9: m1 <-FilterSendNetBufferListsComplete
      t1: m1 <-FilterPause = PENDING
      !!Quiescent`;
    expect(broken(early)).to.deep.equal([]);
    expect(broken(`${early}\n t3: ->IRP_MJ_WRITE irp=i2\n t3: m1 ${SEND}`)).to.include('PAU-07');
  });

  it('condemns one of any thread while FilterAttach runs, also when it has only to return (ATT-05)', () => {
    const attaching = `${REGISTERED}
      m1 ->FilterAttach handle=hm1
      m1 =>NdisFSetAttributes handle=hm1 context=c1
      m1 <=NdisFSetAttributes = SUCCESS`;
    const attached = '\n m1 <-FilterAttach = SUCCESS';
    for (const thread of ['t1', 't2'])
      expect(broken(`${attaching}\n ${thread}: m1 ${SEND}\n ${thread}: m1 ${SENT}${attached}`), thread).to.deep.equal([
        'ATT-05',
        'SO-01',
      ]);
  });

  it('does not know what a module is whose attach it has not seen', () => {
    expect(broken(`t2: m7 =>NdisFSendNetBufferLists [n1] handle=h7 flags=0`)).to.deep.equal([]);
    expect(
      broken(`m7 ->FilterPause\n m7 <-FilterPause = SUCCESS\n m7 =>NdisFSendNetBufferLists [n1] handle=h7`),
    ).to.deep.equal([]);
  });

  it('does know when the SourceHandle says whose NBL it is', () => {
    expect(
      broken(
        `m7 ->FilterPause\n m7 <-FilterPause = SUCCESS\n t2: m7 =>NdisFSendNetBufferLists [n1 source=h7] handle=h7`,
      ),
    ).to.include('PAU-07');
  });

  it('does not condemn passing down a neighbour’s send that was in progress', () => {
    const text = `${RUNNING}
      t2: m1 ->FilterSendNetBufferLists [n1] flags=0
      t1: m1 ->FilterPause
      t1: m1 <-FilterPause = SUCCESS
      t2: m1 ${SEND}
      t2: m1 ${SENT}
      t2: m1 <-FilterSendNetBufferLists`;
    expect(broken(text)).to.deep.equal([]);
  });

  it('counts a test of PAU-07 only when something arrives in Paused', () => {
    expect(exercised('PAU-07', PAUSED)).to.equal(0);
    expect(
      exercised('PAU-07', `${PAUSED}\n t2: ->IRP_MJ_WRITE irp=i1\n t2: <-IRP_MJ_WRITE = STATUS_DEVICE_NOT_READY`),
    ).to.equal(1);
  });

  it('names the NBL, the crossing and what completed the pause', () => {
    const [violation] = judged(`${PAUSED}\n t2: ->IRP_MJ_WRITE irp=i1\n t2: m1 ${SEND}`).violations.filter(
      ({ rule }) => rule === 'PAU-07',
    );
    expect(violation?.message).to.match(
      /^The filter originated send n1 at #\d+ although the pause of m1 had completed at #\d+$/,
    );
    expect(violation?.witnesses).to.include(violation?.at);
  });
});

describe('Judging a trace that begins with a restart', () => {
  const begun = `
    m7 ->FilterRestart
    m7 <-FilterRestart = SUCCESS`;

  it('knows that what the filter sends without having been handed it is its own', () => {
    expect(
      broken(`${begun}
        m7 =>NdisFSendNetBufferLists [n1]
        m7 <=NdisFSendNetBufferLists
        m7 ->FilterPause
        m7 <-FilterPause = SUCCESS`),
    ).to.deep.equal(['PAU-11']);
  });

  it('does not condemn handing on a send that went down before the trace began', () => {
    expect(
      broken(`${begun}
        m7 ->FilterSendNetBufferListsComplete [n5] flags=0
        m7 =>NdisFSendNetBufferListsComplete [n5] flags=0
        m7 <=NdisFSendNetBufferListsComplete
        m7 <-FilterSendNetBufferListsComplete
        !!Quiescent`),
    ).to.deep.equal([]);
  });
});
