import { expect } from 'chai';
import { ATTACHED, broken, brokenStrictly, detached, exercised, PAUSED, REGISTERED, RUNNING } from './trace-dsl';

const issue = (answer: string, module = 'm1'): string => `
  ${module} =>NdisFOidRequest handle=h${module} request=q1 oid=OID_GEN_LINK_STATE
  ${module} <=NdisFOidRequest = ${answer} request=q1`;
const BACK = `
  m1 ->FilterOidRequestComplete request=q1 status=SUCCESS
  m1 <-FilterOidRequestComplete`;
const ATTACHING = `${REGISTERED}
  m1 ->FilterAttach handle=hm1
  m1 =>NdisFSetAttributes handle=hm1 context=c1
  m1 <=NdisFSetAttributes = SUCCESS`;
const ATTACHED_NOW = '\n m1 <-FilterAttach = SUCCESS';

const on = (thread: string, text: string): string => text.replace(/\bm1 /g, `${thread}: m1 `);
const sleep = (power: string): string => `
  m1 ->FilterNetPnPEvent event=NetEventSetPower power=${power}
  m1 =>NdisFNetPnPEvent event=NetEventSetPower power=${power}
  m1 <=NdisFNetPnPEvent = SUCCESS
  m1 <-FilterNetPnPEvent = SUCCESS`;
const ask = (text: string, thread = 't2'): string => `
  ${thread}: ->IRP_MJ_DEVICE_CONTROL irp=i1 file=f1${on(thread, text)}
  ${thread}: <-IRP_MJ_DEVICE_CONTROL = SUCCESS`;

describe('Judging OID requests that the filter originates', () => {
  describe('in which state (OO-01)', () => {
    it('acquits them in Paused, Running and Pausing', () => {
      expect(broken(`${ATTACHED}${issue('SUCCESS')}`)).to.deep.equal([]);
      expect(broken(`${RUNNING}${issue('PENDING')}${BACK}`)).to.deep.equal([]);
      expect(broken(`${PAUSED}${issue('PENDING')}${BACK}${detached()}`)).to.deep.equal([]);
      expect(exercised('OO-01', `${RUNNING}${issue('SUCCESS')}`)).to.equal(1);
    });

    it('condemns one inside FilterAttach (with ATT-05)', () => {
      expect(broken(`${ATTACHING}${issue('SUCCESS')}${ATTACHED_NOW}`)).to.deep.equal(['ATT-05', 'OO-01']);
    });

    it('acquits another thread that finds the module when FilterAttach has only to return', () => {
      expect(broken(`${ATTACHING}${on('t2', issue('SUCCESS'))}${ATTACHED_NOW}`)).to.deep.equal([]);
    });

    it('condemns one inside FilterDetach (with DET-05 and PNP-05)', () => {
      const text = `${PAUSED}
        m1 ->FilterDetach${issue('SUCCESS')}
        m1 <-FilterDetach`;
      expect(broken(text)).to.deep.equal(['DET-05', 'OO-01', 'PNP-05']);
    });

    it('tells an attempt that began before FilterDetach waited from one that began after', () => {
      const wait = '\n m1 ->FilterDetach\n m1 =>ExWaitForRundownProtectionRelease object=u1';
      const done = '\n m1 <=ExWaitForRundownProtectionRelease\n m1 <-FilterDetach';
      const early = `${PAUSED}
        t2: ->IRP_MJ_DEVICE_CONTROL irp=i1 file=f1${wait}${on('t2', issue('SUCCESS'))}
        t2: <-IRP_MJ_DEVICE_CONTROL = SUCCESS${done}`;
      expect(broken(early)).to.deep.equal([]);
      expect(broken(`${PAUSED}${wait}${ask(issue('SUCCESS'))}${done}`)).to.deep.equal(['DET-05', 'OO-01']);
    });

    it('condemns a synchronous one where it condemns the others', () => {
      const synchronous = issue('SUCCESS').replaceAll('NdisFOidRequest', 'NdisFSynchronousOidRequest');
      expect(broken(`${ATTACHED}${synchronous}`)).to.deep.equal([]);
      expect(broken(`${ATTACHING}${synchronous}${ATTACHED_NOW}`)).to.deep.equal(['ATT-05', 'OO-01']);
      const detach = `${PAUSED}\n m1 ->FilterDetach${synchronous}\n m1 <-FilterDetach`;
      expect(broken(detach)).to.deep.equal(['DET-05', 'OO-01', 'PNP-05']);
      expect(broken(`${RUNNING}${sleep('D3')}${ask(synchronous)}`)).to.deep.equal(['OO-01', 'PNP-03', 'PNP-04']);
      expect(broken(`${PAUSED}${detached()}${ask(synchronous)}`)).to.include('OO-01');
    });

    it('condemns one for a module that is gone', () => {
      expect(broken(`${PAUSED}${detached()}${ask(issue('SUCCESS'))}`)).to.include('OO-01');
    });
  });

  describe('in low power (OO-01, PNP-03, PNP-04)', () => {
    it('condemns an attempt that began after the event', () => {
      expect(broken(`${RUNNING}${sleep('D3')}${ask(issue('SUCCESS'))}`)).to.deep.equal(['OO-01', 'PNP-03', 'PNP-04']);
      const own = `
        m1 =>NdisAllocateNetBufferAndNetBufferList pool=p1
        m1 <=NdisAllocateNetBufferAndNetBufferList [o1] pool=p1
        m1 =>NdisFSendNetBufferLists [o1 source=hm1] handle=hm1 flags=0`;
      expect(broken(`${RUNNING}${sleep('D3')}${ask(own)}`)).to.deep.equal(['PNP-03', 'PNP-04']);
    });

    it('acquits a request that is forwarded, in a trace that does not show its clone being made', () => {
      const forwarded = `
        m1 ->FilterOidRequest request=r1 oid=OID_GEN_LINK_STATE${issue('PENDING')}
        m1 <-FilterOidRequest = PENDING request=r1`;
      expect(broken(`${RUNNING}${sleep('D3')}${forwarded}`)).to.deep.equal([]);
    });

    it('acquits an attempt that began before the event was over, and one after D0', () => {
      const early = `${RUNNING}
        t2: ->IRP_MJ_DEVICE_CONTROL irp=i1 file=f1${sleep('D3')}${on('t2', issue('SUCCESS'))}
        t2: <-IRP_MJ_DEVICE_CONTROL = SUCCESS`;
      expect(broken(early)).to.deep.equal([]);
      expect(broken(`${RUNNING}${sleep('D3')}${sleep('D0')}${ask(issue('SUCCESS'))}`)).to.deep.equal([]);
    });

    it('leaves the time between the restart and D0 to the strict reading', () => {
      const text = `${RUNNING}${sleep('D3')}
        m1 ->FilterPause
        m1 <-FilterPause = SUCCESS
        m1 ->FilterRestart
        m1 <-FilterRestart = SUCCESS${ask(issue('SUCCESS'))}${sleep('D0')}`;
      expect(broken(text)).to.deep.equal([]);
      expect(brokenStrictly(text)).to.include('OO-01');
    });
  });

  describe('alive until it is back (OO-02)', () => {
    it('condemns a touch, a free and a second issue', () => {
      const out = `${RUNNING}${issue('PENDING')}`;
      for (const access of ['read', 'write', 'free'])
        expect(broken(`${out}\n m1 !!Access what=oid object=q1 access=${access} field=BytesWritten`)).to.deep.equal([
          'OO-02',
        ]);
      expect(broken(`${out}${issue('PENDING')}`)).to.deep.equal(['OO-02']);
    });

    it('acquits the issuer of looking at what is its own', () => {
      const out = `${RUNNING}${issue('PENDING')}`;
      for (const touch of ['access=read field=RequestId', 'access=write field=SourceReserved'])
        expect(broken(`${out}\n m1 !!Access what=oid object=q1 ${touch}`)).to.deep.equal([]);
    });

    it('leaves a RequestHandle that is shown to be NULL to the strict reading', () => {
      const shown = (handle: string): string =>
        issue('SUCCESS').replace('request=q1', `request=q1 requestHandle=${handle}`);
      expect(broken(`${RUNNING}${shown('null')}`)).to.deep.equal([]);
      expect(brokenStrictly(`${RUNNING}${shown('null')}`)).to.deep.equal(['OO-02']);
      expect(brokenStrictly(`${RUNNING}${shown('hm1')}`)).to.deep.equal([]);
    });

    it('acquits the same structure after it came back', () => {
      const text = `${RUNNING}${issue('PENDING')}${BACK}${issue('SUCCESS')}${issue('PENDING')}${BACK}`;
      expect(broken(text)).to.deep.equal([]);
      expect(exercised('OO-02', text)).to.equal(2);
    });
  });

  describe('waiting for it (OO-04)', () => {
    const wait = (members = ''): string => `\n m1 =>NdisWaitEvent object=e1 timeout=0 ${members}`;
    const woken = '\n m1 <=NdisWaitEvent';

    it('acquits a wait at PASSIVE_LEVEL for an answer that is pending', () => {
      const text = `${RUNNING}${issue('PENDING')}${wait('irql=0 locks=')}${on('t2', BACK)}${woken}\n !!Quiescent`;
      expect(broken(text)).to.deep.equal([]);
      expect(exercised('OO-04', text)).to.equal(1);
    });

    it('condemns a wait at DISPATCH_LEVEL, with a lock, or where the request needs the way', () => {
      expect(broken(`${RUNNING}${issue('PENDING')}${wait('irql=2')}`)).to.include('OO-04');
      expect(broken(`${RUNNING}${issue('PENDING')}${wait('irql=0 locks=L1')}`)).to.include('OO-04');
      const inside = `${RUNNING}\n m1 ->FilterOidRequest request=r1 oid=OID_X${issue('PENDING')}${wait()}`;
      expect(broken(inside)).to.include('OO-04');
    });

    it('condemns a wait for an answer that was there already, when nothing ends it', () => {
      expect(broken(`${RUNNING}${issue('SUCCESS')}${wait()}\n !!Quiescent`)).to.include('OO-04');
      expect(broken(`${RUNNING}${issue('SUCCESS')}${wait()}${woken}\n !!Quiescent`)).to.deep.equal([]);
    });

    it('acquits a wait for something else: in another handler, or with a send below', () => {
      const enter = '\n m1 ->FilterPause';
      const later = `${RUNNING}\n m1 ->FilterStatus${issue('SUCCESS')}\n m1 <-FilterStatus${enter}${wait()}\n !!Quiescent`;
      expect(broken(later)).to.not.include('OO-04');
      const sent = '\n t2: m1 =>NdisFSendNetBufferLists [n1]\n t2: m1 <=NdisFSendNetBufferLists';
      expect(broken(`${RUNNING}${sent}${enter}${issue('SUCCESS')}${wait()}\n !!Quiescent`)).to.deep.equal([]);
      expect(broken(`${RUNNING}${enter}${issue('SUCCESS')}${wait()}\n !!Quiescent`)).to.include('OO-04');
    });
  });

  it('says nothing of a module whose beginning it has not seen', () => {
    expect(broken(`m1 ->FilterDetach${issue('PENDING')}\n m1 <-FilterDetach`)).to.deep.equal([]);
  });
});
