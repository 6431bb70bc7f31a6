import { expect } from 'chai';
import { ATTACHED, attached, broken, exercised, judged, RUNNING, trace } from './trace-dsl';
import { createJudges } from '../../../src/rules';

const SENT = `
  t2: ->IRP_MJ_WRITE irp=i1 file=f1
  t2: m1 =>NdisFSendNetBufferLists [n1] handle=hm1 flags=0
  t2: m1 <=NdisFSendNetBufferLists
  t2: <-IRP_MJ_WRITE = STATUS_SUCCESS`;

const PENDING = `${RUNNING}${SENT}
  m1 ->FilterPause
  m1 <-FilterPause = PENDING`;

const BACK = `
  t9: m1 ->FilterSendNetBufferListsComplete [n1] flags=1
  t9: m1 <-FilterSendNetBufferListsComplete`;

const COMPLETE = `
  t9: m1 =>NdisFPauseComplete handle=hm1
  t9: m1 <=NdisFPauseComplete`;

describe('Judging how a pause runs', () => {
  describe('what FilterPause returns (PAU-01)', () => {
    it('acquits success and pending', () => {
      expect(broken(`${RUNNING}\n m1 ->FilterPause\n m1 <-FilterPause = SUCCESS\n !!Quiescent`)).to.deep.equal([]);
      expect(broken(`${PENDING}${BACK}${COMPLETE}\n !!Quiescent`)).to.deep.equal([]);
    });

    for (const status of ['FAILURE', 'RESOURCES', 'PAUSED', '0xC0000184', 'STATUS_UNSUCCESSFUL']) {
      it(`condemns ${status}`, () => {
        expect(broken(`${RUNNING}\n m1 ->FilterPause\n m1 <-FilterPause = ${status}`)).to.deep.equal(['PAU-01']);
      });
    }

    it('condemns a failure after which the filter goes on as before, and what follows from it (PAU-11)', () => {
      expect(
        broken(`${RUNNING}${SENT}
          m1 ->FilterPause
          m1 <-FilterPause = FAILURE`),
      ).to.deep.equal(['PAU-01', 'PAU-11']);
    });

    it('says nothing where the status is not written down', () => {
      const text = `${RUNNING}${SENT}\n m1 ->FilterPause\n m1 <-FilterPause`;
      expect(broken(text)).to.deep.equal([]);
      expect(broken(`${text}${BACK}${COMPLETE}`)).to.deep.equal([]);
      expect(exercised('PAU-01', text)).to.equal(0);
    });
  });

  describe('the completion of a pending pause (PAU-02)', () => {
    it('condemns a pause that nobody completes', () => {
      expect(broken(`${PENDING}${BACK}\n !!Quiescent`)).to.deep.equal(['PAU-02']);
    });

    it('acquits a pause that also waits for what passed through, and condemns it when that is back', () => {
      const passed = `
        t9: m1 ->FilterReceiveNetBufferLists [r1] flags=0 count=1
        t9: m1 =>NdisFIndicateReceiveNetBufferLists [r1] handle=hm1 flags=0 count=1
        t9: m1 <=NdisFIndicateReceiveNetBufferLists
        t9: m1 <-FilterReceiveNetBufferLists`;
      const returned = `
        t9: m1 ->FilterReturnNetBufferLists [r1] flags=0
        t9: m1 =>NdisFReturnNetBufferLists [r1] handle=hm1 flags=0
        t9: m1 <=NdisFReturnNetBufferLists
        t9: m1 <-FilterReturnNetBufferLists`;
      const waiting = `${RUNNING}${passed}\n m1 ->FilterPause\n m1 <-FilterPause = PENDING\n !!Quiescent`;
      expect(broken(waiting)).to.deep.equal([]);
      expect(broken(`${waiting}${returned}${COMPLETE}\n !!Quiescent`)).to.deep.equal([]);
      expect(broken(`${waiting}${returned}\n !!Quiescent`)).to.deep.equal(['PAU-02']);
    });

    it('knows that what passed up does not come back to a module without a return handler', () => {
      const without = RUNNING.replace('FilterReturnNetBufferLists,', '').replace('FilterReceiveNetBufferLists,', '');
      const passed = (flags: number): string => `
        t9: m1 ->FilterReceiveNetBufferLists [r1] flags=${flags} count=1
        t9: m1 =>NdisFIndicateReceiveNetBufferLists [r1] handle=hm1 flags=${flags} count=1`;
      const over = '\n t9: m1 <=NdisFIndicateReceiveNetBufferLists\n t9: m1 <-FilterReceiveNetBufferLists';
      const pausing = '\n m1 ->FilterPause\n m1 <-FilterPause = PENDING\n !!Quiescent';
      expect(broken(`${without}${passed(0)}${over}${pausing}`)).to.deep.equal(['PAU-02']);
      expect(broken(`${without}${passed(2)}${pausing}`)).to.deep.equal([]);
    });

    it('is told once, however often all is quiet', () => {
      const { violations } = judged(`${PENDING}${BACK}\n !!Quiescent\n !!Quiescent`);
      expect(violations.length).to.equal(1);
    });

    it('acquits while something is still out: a send, a receive, an OID request', () => {
      const receive = `
        t2: m1 =>NdisFIndicateReceiveNetBufferLists [n1] handle=hm1 count=1 flags=0
        t2: m1 <=NdisFIndicateReceiveNetBufferLists`;
      const oid = `
        t2: m1 =>NdisFOidRequest request=r1 oid=OID_X handle=hm1
        t2: m1 <=NdisFOidRequest = PENDING request=r1`;
      for (const out of [SENT, receive, oid]) {
        const text = `${RUNNING}${out}\n m1 ->FilterPause\n m1 <-FilterPause = PENDING\n !!Quiescent`;
        expect(broken(text)).to.deep.equal([]);
      }
    });

    it('acquits while somebody is still inside the driver', () => {
      expect(
        broken(`${RUNNING}
          t2: ->IRP_MJ_WRITE irp=i1
          m1 ->FilterPause
          m1 <-FilterPause = PENDING
          !!Quiescent`),
      ).to.deep.equal([]);
    });

    it('does not decide before all is quiet', () => {
      expect(broken(`${PENDING}${BACK}`)).to.deep.equal([]);
    });

    it('does not know what a pause waits for that began with something in hand', () => {
      expect(broken('m7 ->FilterPause\n m7 <-FilterPause = PENDING\n !!Quiescent')).to.deep.equal([]);
    });

    it('condemns a second completion (with PAU-03), from another thread too', () => {
      expect(broken(`${PENDING}${BACK}${COMPLETE}${COMPLETE}`)).to.deep.equal(['PAU-02', 'PAU-03']);
      expect(broken(`${PENDING}${BACK}${COMPLETE}\n t2: m1 =>NdisFPauseComplete handle=hm1`)).to.deep.equal([
        'PAU-02',
        'PAU-03',
      ]);
    });

    it('acquits the completion of each of two pauses', () => {
      const again = `
        m1 ->FilterRestart
        m1 <-FilterRestart = SUCCESS
        ${SENT.replaceAll('i1', 'i2')}
        m1 ->FilterPause
        m1 <-FilterPause = PENDING${BACK}${COMPLETE}`;
      expect(broken(`${PENDING}${BACK}${COMPLETE}${again}\n !!Quiescent`)).to.deep.equal([]);
    });
  });

  describe('completions that nobody waits for (PAU-03)', () => {
    it('condemns one after FilterPause has returned success', () => {
      expect(broken(`${RUNNING}\n m1 ->FilterPause\n m1 <-FilterPause = SUCCESS${COMPLETE}`)).to.deep.equal(['PAU-03']);
    });

    it('condemns one before FilterPause returns success', () => {
      expect(
        broken(`${RUNNING}${SENT}
          m1 ->FilterPause${BACK}${COMPLETE}
          m1 <-FilterPause = SUCCESS`),
      ).to.deep.equal(['PAU-03']);
    });

    it('acquits one before FilterPause returns pending, also from inside FilterPause', () => {
      const early = `${RUNNING}${SENT}\n m1 ->FilterPause${BACK}`;
      expect(broken(`${early}${COMPLETE}\n m1 <-FilterPause = PENDING\n !!Quiescent`)).to.deep.equal([]);
      expect(
        broken(`${early}
          m1 =>NdisFPauseComplete handle=hm1
          m1 <=NdisFPauseComplete
          m1 <-FilterPause = PENDING
          !!Quiescent`),
      ).to.deep.equal([]);
    });

    it('condemns one while Running, before any pause, and after a restart', () => {
      expect(broken(`${RUNNING}${COMPLETE}`)).to.deep.equal(['PAU-03']);
      expect(broken(`${ATTACHED}${COMPLETE}`)).to.deep.equal(['PAU-03']);
      expect(
        broken(`${PENDING}${BACK}${COMPLETE}
          m1 ->FilterRestart
          m1 <-FilterRestart = SUCCESS${COMPLETE}`),
      ).to.deep.equal(['PAU-03']);
    });

    it('condemns the completion of another module than the one that pauses (with PAU-02 for that one)', () => {
      expect(
        broken(`${RUNNING}${attached('m2')}
          m1 ->FilterPause
          m1 <-FilterPause = PENDING
          t9: m2 =>NdisFPauseComplete handle=hm2
          t9: m2 <=NdisFPauseComplete
          !!Quiescent`),
      ).to.deep.equal(['PAU-02', 'PAU-03']);
    });

    it('says nothing of a module of which it has seen nothing', () => {
      expect(broken('t9: m7 =>NdisFPauseComplete handle=h7')).to.deep.equal([]);
    });
  });

  describe('how long it takes (PAU-04)', () => {
    const slow = (end: number): string => `${RUNNING}
      m1 ->FilterPause time=1000
      m1 <-FilterPause = PENDING time=1000
      t2: m1 =>NdisFPauseComplete handle=hm1 time=${end}
      t2: m1 <=NdisFPauseComplete time=${end}`;

    it('condemns more than ten seconds for which nobody else can be blamed', () => {
      expect(broken(slow(11_001))).to.deep.equal(['PAU-04']);
      expect(broken(slow(11_000))).to.deep.equal([]);
    });

    it('condemns FilterPause that sleeps so long', () => {
      expect(
        broken(`${RUNNING}
          m1 ->FilterPause time=0
          m1 =>NdisMSleep object=null timeout=12000 irql=0 locks= time=0
          m1 <=NdisMSleep time=12000
          m1 <-FilterPause = SUCCESS time=12000`),
      ).to.deep.equal(['PAU-04']);
    });

    it('does not hold the time of a neighbour against the filter, and counts from its end', () => {
      const waited = (end: number): string => `${RUNNING}${SENT}
        m1 ->FilterPause time=0
        m1 <-FilterPause = PENDING time=0
        t9: m1 ->FilterSendNetBufferListsComplete [n1] flags=1 time=60000
        t9: m1 <-FilterSendNetBufferListsComplete time=60000
        t9: m1 =>NdisFPauseComplete handle=hm1 time=${end}
        t9: m1 <=NdisFPauseComplete time=${end}`;
      expect(broken(waited(60_000))).to.deep.equal([]);
      expect(broken(waited(70_001))).to.deep.equal(['PAU-04']);
    });

    it('does not hold an OID request against the filter that the driver below keeps', () => {
      expect(
        broken(`${RUNNING}
          t2: m1 =>NdisFOidRequest request=r1 oid=OID_X handle=hm1
          t2: m1 <=NdisFOidRequest = PENDING request=r1
          m1 ->FilterPause time=0
          m1 <-FilterPause = PENDING time=0
          t9: m1 ->FilterOidRequestComplete request=r1 status=SUCCESS time=30000
          t9: m1 =>NdisFPauseComplete handle=hm1 time=30000
          t9: m1 <=NdisFPauseComplete time=30000
          t9: m1 <-FilterOidRequestComplete time=30000`),
      ).to.deep.equal([]);
    });

    it('does not hold a direct request or one that is answered at once against the filter', () => {
      const issues = (ddi: string, back: string): string => `${RUNNING}
        m1 ->FilterPause time=0
        m1 =>Ndis${ddi} request=r1 oid=OID_X handle=hm1 time=0
        ${back}
        m1 <-FilterPause = SUCCESS time=30000`;
      const pended = `m1 <=NdisFDirectOidRequest = PENDING request=r1 time=0
        t9: m1 ->FilterDirectOidRequestComplete request=r1 status=SUCCESS time=30000
        t9: m1 <-FilterDirectOidRequestComplete time=30000`;
      const direct = issues('FDirectOidRequest', pended).replace(
        'handlers=',
        'handlers=FilterDirectOidRequest,FilterDirectOidRequestComplete,',
      );
      expect(broken(direct)).to.deep.equal([]);
      const answered = 'm1 <=NdisFOidRequest = SUCCESS request=r1 time=30000';
      expect(broken(issues('FOidRequest', answered))).to.deep.equal([]);
    });

    it('says nothing where times are missing', () => {
      expect(broken(slow(60_000).replaceAll(/ time=\d+/g, ''))).to.deep.equal([]);
      const noTimeOfReturn = `${RUNNING}${SENT}
        m1 ->FilterPause time=0
        m1 <-FilterPause = PENDING time=0${BACK}
        t9: m1 =>NdisFPauseComplete handle=hm1 time=60000`;
      expect(broken(noTimeOfReturn)).to.deep.equal([]);
    });

    it('condemns FilterPause that never returns with nothing out', () => {
      const stuck = `${RUNNING}\n m1 ->FilterPause\n m1 =>NdisWaitEvent object=e1 timeout=0 irql=0 locks=\n !!Quiescent`;
      expect(broken(stuck)).to.deep.equal(['PAU-04']);
      expect(broken(`${RUNNING}${SENT}\n m1 ->FilterPause\n m1 =>NdisWaitEvent object=e1\n !!Quiescent`)).to.deep.equal(
        [],
      );
    });
  });

  describe('where a pause may wait (PAU-20)', () => {
    const waits = (ddi: string, irql: number): string =>
      `${RUNNING}\n m1 ->FilterPause irql=0 locks=\n m1 =>${ddi} object=e1 irql=${irql} locks=`;

    it('lets it wait for a rundown at APC_LEVEL, and no higher', () => {
      expect(broken(waits('ExWaitForRundownProtectionRelease', 1))).to.deep.equal([]);
      expect(broken(waits('ExWaitForRundownProtectionRelease', 2))).to.include('PAU-20');
    });

    it('lets it wait for an event at PASSIVE_LEVEL only', () => {
      expect(broken(waits('NdisWaitEvent', 0))).to.deep.equal([]);
      expect(broken(waits('NdisWaitEvent', 1))).to.include('PAU-20');
    });
  });

  describe('completion handlers during the pause (PAU-15)', () => {
    const locked = `${RUNNING}${SENT}
      m1 ->FilterPause irql=0 locks=
      m1 =>ExWaitForRundownProtectionRelease object=e1 irql=2 locks=l1
      t9: m1 ->FilterSendNetBufferListsComplete [n1] flags=1`;

    it('condemns one that waits for the lock of FilterPause (with PAU-20 for the wait)', () => {
      const hang = '\n t9: !!Hang waitsFor=l1 heldBy=t1 inside=FilterSendNetBufferListsComplete';
      expect(broken(`${locked}${hang}`)).to.deep.equal(['PAU-15', 'PAU-20']);
      expect(broken(`${locked}${hang}\n !!Quiescent`)).to.deep.equal(['PAU-15', 'PAU-20']);
    });

    it('condemns one that is still inside when all is quiet', () => {
      expect(broken(`${locked}\n !!Quiescent`)).to.deep.equal(['PAU-15', 'PAU-20']);
    });

    it('condemns one that waits, whatever for', () => {
      expect(
        broken(`${RUNNING}${SENT}
          m1 ->FilterPause
          m1 <-FilterPause = PENDING
          t9: m1 ->FilterSendNetBufferListsComplete [n1] flags=1
          !!Quiescent`),
      ).to.deep.equal(['PAU-15']);
    });

    it('acquits one that is in a call of NDIS, where a neighbour may keep it', () => {
      expect(
        broken(`${RUNNING}
          t5: m1 ->FilterSendNetBufferLists [n5] flags=0
          t5: m1 =>NdisFSendNetBufferLists [n5] handle=hm1 flags=0
          t5: m1 <=NdisFSendNetBufferLists
          t5: m1 <-FilterSendNetBufferLists
          m1 ->FilterPause
          m1 <-FilterPause = PENDING
          t9: m1 ->FilterSendNetBufferListsComplete [n5] flags=1
          t9: m1 =>NdisFSendNetBufferListsComplete [n5] flags=1
          !!Quiescent`),
      ).to.deep.equal([]);
    });

    it('does not take a hang while Running for one of the pause', () => {
      expect(
        broken(`${RUNNING}${SENT}
          t9: m1 ->FilterSendNetBufferListsComplete [n1] flags=1
          t9: !!Hang waitsFor=l1 heldBy=t4 inside=FilterSendNetBufferListsComplete`),
      ).to.deep.equal([]);
    });
  });

  describe('waiting inside FilterPause (PAU-20)', () => {
    const wait = (what: string): string => `${RUNNING}
      m1 ->FilterPause
      m1 =>${what}
      m1 <=${what.split(' ')[0] ?? ''}
      m1 <-FilterPause = SUCCESS`;

    it('acquits PASSIVE_LEVEL with no lock held', () => {
      for (const ddi of ['NdisWaitEvent', 'NdisMSleep', 'ExWaitForRundownProtectionRelease'])
        expect(broken(wait(`${ddi} object=e1 irql=0 locks=`))).to.deep.equal([]);
    });

    it('condemns DISPATCH_LEVEL (with IRQ-01 for calls of NDIS)', () => {
      expect(broken(wait('NdisWaitEvent object=e1 irql=2'))).to.deep.equal(['IRQ-01', 'PAU-20']);
      expect(broken(wait('ExWaitForRundownProtectionRelease object=e1 irql=2'))).to.deep.equal(['PAU-20']);
    });

    it('condemns a held spin lock, whether or not the IRQL is written down', () => {
      expect(broken(wait('ExWaitForRundownProtectionRelease object=e1 irql=0 locks=l1'))).to.deep.equal(['PAU-20']);
      expect(broken(wait('NdisMSleep object=null locks=l1'))).to.deep.equal(['PAU-20']);
    });

    it('says nothing where neither is written down', () => {
      expect(broken(wait('NdisWaitEvent object=e1'))).to.deep.equal([]);
      expect(exercised('PAU-20', wait('NdisWaitEvent object=e1'))).to.equal(0);
    });

    it('does not speak of waits of other threads', () => {
      expect(
        broken(`${RUNNING}
          m1 ->FilterPause
          t2: ->IRP_MJ_DEVICE_CONTROL irp=i1
          t2: =>ExWaitForRundownProtectionRelease object=e1 irql=0 locks=l1
          m1 <-FilterPause = SUCCESS`),
      ).to.deep.equal([]);
    });
  });

  it('decides nothing on an order that a black box does not know', () => {
    const judges = createJudges();
    for (const crossing of trace(`${RUNNING}${SENT}\n m1 ->FilterPause\n m1 <-FilterPause = SUCCESS`)) {
      const isSend = crossing.dir === '=>' && crossing.ddi === 'NdisFSendNetBufferLists';
      judges.see(
        isSend ? { ...crossing, certainty: { after: crossing.seq - 1, before: crossing.seq + 10 } } : crossing,
      );
    }
    judges.finish();
    expect(judges.violations.filter(({ reading }) => reading === 'default')).to.deep.equal([]);
  });

  it('understands crossings that do not name their module', () => {
    const nameless = (text: string): string => text.replaceAll(/\bm1 /g, '');
    expect(broken(nameless(`${PENDING}${BACK}${COMPLETE}\n !!Quiescent`))).to.deep.equal([]);
    expect(broken(nameless(`${PENDING}${BACK}\n !!Quiescent`))).to.deep.equal(['PAU-02']);
    expect(broken(nameless(`${PENDING}${COMPLETE}`))).to.deep.equal(['PAU-11']);
    const onlyLifecycle = `${PENDING}${BACK}${COMPLETE}`.replace('m1 =>NdisFPauseComplete', '=>NdisFPauseComplete');
    expect(broken(`${onlyLifecycle}\n !!Quiescent`)).to.deep.equal([]);
  });

  it('knows nothing any more when a nameless crossing may be about one of several modules', () => {
    expect(
      broken(`${RUNNING}${attached('m2')}${SENT}
        ->FilterSendNetBufferListsComplete [n1] flags=0
        <-FilterSendNetBufferListsComplete
        m1 ->FilterPause
        m1 <-FilterPause = SUCCESS`),
    ).to.deep.equal([]);
  });
});
