import { expect } from 'chai';
import { broken, exercised, PAUSED, RUNNING } from './trace-dsl';

/** Two held sends: `n1` can be cancelled as `k`, `n2` as `other`. */
const HELD = `${RUNNING}
  m1 ->FilterSendNetBufferLists [n1 cancelId=k, n2 cancelId=other] flags=0
  m1 <-FilterSendNetBufferLists`;

const ABORT = `
  m1 =>NdisFSendNetBufferListsComplete [n1 SEND_ABORTED] flags=0
  m1 <=NdisFSendNetBufferListsComplete`;
const PASS_ON = `
  m1 =>NdisFCancelSendNetBufferLists cancelId=k
  m1 <=NdisFCancelSendNetBufferLists`;
const ENTER = '\n m1 ->FilterCancelSendNetBufferLists cancelId=k';
const LEAVE = '\n m1 <-FilterCancelSendNetBufferLists';

describe('Judging cancels', () => {
  it('acquits a cancel that aborts what is held and is passed on', () => {
    const text = `${HELD}${ENTER}${ABORT}${PASS_ON}${LEAVE}\n !!Quiescent`;
    expect(broken(text)).to.deep.equal([]);
    expect(exercised('CAN-01', text)).to.equal(1);
    expect(exercised('CAN-02', text)).to.equal(1);
  });

  it('acquits a cancel that finds nothing, in a Paused module', () => {
    const text = `${PAUSED}${ENTER}${PASS_ON}${LEAVE}\n !!Quiescent`;
    expect(broken(text)).to.deep.equal([]);
    expect(exercised('CAN-01', text)).to.equal(0);
  });

  it('condemns a send that is still held when the trace ends and no one else can have had it in hand (CAN-01)', () => {
    expect(broken(`${HELD}${ENTER}${PASS_ON}${LEAVE}`)).to.deep.equal(['CAN-01']);
    expect(broken(`${HELD}\n t2: ->NdisTimerFunction timer=x1${ENTER}${PASS_ON}${LEAVE}`)).to.deep.equal([]);
    expect(broken(`${HELD}${ENTER}${PASS_ON}`)).to.deep.equal([]);
  });

  it('condemns a send that is still held when all is quiet (CAN-01)', () => {
    expect(broken(`${HELD}${ENTER}${PASS_ON}${LEAVE}\n !!Quiescent`)).to.deep.equal(['CAN-01']);
  });

  it('condemns a send that a later attempt passes down (CAN-01)', () => {
    expect(
      broken(`${HELD}${ENTER}${PASS_ON}${LEAVE}
        t2: ->NdisTimerFunction timer=x1
        t2: m1 =>NdisFSendNetBufferLists [n1] handle=hm1 flags=0`),
    ).to.deep.equal(['CAN-01']);
  });

  it('acquits a send that a thread had taken from the queue before the cancel came', () => {
    expect(
      broken(`${HELD}
        t2: ->NdisTimerFunction timer=x1${ENTER}${PASS_ON}${LEAVE}
        t2: m1 =>NdisFSendNetBufferLists [n1] handle=hm1 flags=0
        t2: m1 <=NdisFSendNetBufferLists
        t2: <-NdisTimerFunction
        !!Quiescent`),
    ).to.deep.equal([]);
  });

  it('acquits a send that was on its way into the queue when the cancel came', () => {
    expect(
      broken(`${RUNNING}
        t2: m1 ->FilterSendNetBufferLists [n1 cancelId=k] flags=0${ENTER}${PASS_ON}${LEAVE}
        t2: m1 <-FilterSendNetBufferLists
        !!Quiescent`),
    ).to.deep.equal([]);
  });

  it('acquits a pause that gives the send back while the cancel looks for it', () => {
    expect(
      broken(`${HELD}
        t2: m1 ->FilterPause${ENTER}
        t2: m1 =>NdisFSendNetBufferListsComplete [n1 PAUSED, n2 PAUSED] flags=0
        t2: m1 <=NdisFSendNetBufferListsComplete
        t2: m1 <-FilterPause = SUCCESS${PASS_ON}${LEAVE}
        !!Quiescent`),
    ).to.deep.equal([]);
  });

  it('condemns another status, and a send with another id (CAN-01)', () => {
    const success = ABORT.replace('SEND_ABORTED', 'SUCCESS');
    expect(broken(`${HELD}${ENTER}${success}${PASS_ON}${LEAVE}`)).to.deep.equal(['CAN-01']);
    const both = ABORT.replace('[n1 SEND_ABORTED]', '[n1 SEND_ABORTED, n2 SEND_ABORTED]');
    expect(broken(`${HELD}${ENTER}${both}${PASS_ON}${LEAVE}`)).to.deep.equal(['CAN-01']);
  });

  it('condemns a cancel that goes no further, or with another id (CAN-02)', () => {
    expect(broken(`${HELD}${ENTER}${ABORT}${LEAVE}`)).to.deep.equal(['CAN-02']);
    expect(broken(`${HELD}${ENTER}${ABORT}${PASS_ON.replace('=k', '=j')}${LEAVE}`)).to.deep.equal(['CAN-02']);
    expect(broken(`${HELD}${ENTER}${ABORT}`)).to.deep.equal([]);
  });

  it('condemns a cancel that completes what is below, and a second completion after a cancel (CAN-03)', () => {
    const below = `${HELD}
      m1 =>NdisFSendNetBufferLists [n1] handle=hm1 flags=0
      m1 <=NdisFSendNetBufferLists`;
    expect(broken(`${below}${ENTER}${ABORT}${PASS_ON}${LEAVE}`)).to.include('CAN-03');
    const twice = `${HELD}${ENTER}${ABORT}${PASS_ON}${LEAVE}
      m1 =>NdisFSendNetBufferListsComplete [n1 SUCCESS] flags=0`;
    expect(broken(twice)).to.include('CAN-03');
  });

  it('condemns an own send that is freed because it was cancelled (CAN-04)', () => {
    const cancelled = `${RUNNING}
      m1 =>NdisAllocateNetBufferAndNetBufferList pool=p1
      m1 <=NdisAllocateNetBufferAndNetBufferList [o1] pool=p1
      m1 =>NdisFSendNetBufferLists [o1 source=hm1 cancelId=mine] handle=hm1 flags=0
      m1 <=NdisFSendNetBufferLists
      m1 =>NdisFCancelSendNetBufferLists cancelId=mine
      m1 <=NdisFCancelSendNetBufferLists`;
    const free = '\n m1 =>NdisFreeNetBufferList [o1] pool=p1';
    expect(broken(`${cancelled}${free}`)).to.include('CAN-04');
    expect(broken(`${cancelled}\n m1 =>NdisFreeCloneNetBufferList [o1]`)).to.include('CAN-04');
    const back = '\n m1 ->FilterSendNetBufferListsComplete [o1 SEND_ABORTED] flags=0';
    expect(broken(`${cancelled}${back}${free}`)).to.deep.equal([]);
    expect(exercised('CAN-04', `${cancelled}${back}${free}`)).to.equal(1);
  });
});
