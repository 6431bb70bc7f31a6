import { expect } from 'chai';
import {
  attached,
  ATTACHED,
  broken,
  brokenStrictly,
  detached,
  exercised,
  PAUSED,
  restarted,
  RUNNING,
} from './trace-dsl';

const DETACHED = `${PAUSED}${detached()}`;
const enters = `${PAUSED}\n m1 ->FilterDetach`;
const returns = '\n m1 <-FilterDetach';
const QUIET = '\n !!Quiescent';

const POOL = `
  m1 =>NdisAllocateNetBufferListPool
  m1 <=NdisAllocateNetBufferListPool pool=p1`;
const NBL = `
  m1 =>NdisAllocateNetBufferAndNetBufferList pool=p1
  m1 <=NdisAllocateNetBufferAndNetBufferList [n1] pool=p1`;
const withMemory = `${RUNNING}
  m1 =>NdisAllocateMemoryWithTagPriority tag=LwfM
  m1 <=NdisAllocateMemoryWithTagPriority memory=x1
  m1 ->FilterPause
  m1 <-FilterPause = SUCCESS
  m1 ->FilterDetach`;
const freed = '\n m1 =>NdisFreeMemory memory=x1\n m1 <=NdisFreeMemory';
const access = (thread: string, more = 'scope=m1 freed=true'): string =>
  `\n ${thread}: !!Access what=memory object=x1 access=read ${more}`;

describe('Judging how a module ends', () => {
  describe('FilterDetach does its whole job (DET-01)', () => {
    it('condemns a handler that is still running and goes on with the module', () => {
      const running = `${PAUSED}\n t2: m1 ->FilterStatus code=S${detached()}`;
      expect(broken(`${running}\n t2: m1 =>NdisSetTimerObject timer=t9`)).to.deep.equal(['DET-01']);
      expect(broken(running)).to.deep.equal([]);
      expect(brokenStrictly(running)).to.deep.equal(['DET-01']);
    });

    it('acquits the completion handler that completed the pause and has yet to return', () => {
      const text = `${RUNNING}
        t2: m1 =>NdisFSendNetBufferLists [n1] handle=hm1
        t2: m1 <=NdisFSendNetBufferLists
        m1 ->FilterPause
        m1 <-FilterPause = PENDING
        t6: m1 ->FilterSendNetBufferListsComplete [n1]
        t6: m1 =>NdisFPauseComplete handle=hm1
        ${detached()}
        t6: m1 <=NdisFPauseComplete
        t6: m1 <-FilterSendNetBufferListsComplete`;
      expect(broken(text)).to.deep.equal([]);
    });

    it('acquits handlers that have returned in the meantime', () => {
      expect(
        broken(`${PAUSED}
          t2: m1 ->NdisTimerFunction timer=t1
          m1 ->FilterDetach
          t2: m1 <-NdisTimerFunction
          m1 <-FilterDetach`),
      ).to.deep.equal([]);
    });

    it('does not take a handler on the thread of FilterDetach for one that runs: its return is left out', () => {
      expect(broken(`${PAUSED}\n m1 ->FilterNetPnPEvent event=NetEventFilterPreDetach${detached()}`)).to.deep.equal([]);
    });

    it('condemns what is done for the module afterwards, though NDIS does not see it', () => {
      for (const call of ['NdisFreeMemory memory=x9', 'NdisFreeTimerObject timer=t9', 'NdisSetTimerObject timer=t9'])
        expect(broken(`${DETACHED}\n t2: m1 =>${call}`), call).to.deep.equal(['DET-01']);
    });
  });

  describe('no call after FilterDetach (DET-06)', () => {
    for (const call of [
      'NdisFIndicateStatus code=S',
      'NdisFOidRequest request=r1 oid=OID_X handle=hm1',
      'NdisFSendNetBufferLists [n1] handle=hm1',
      'NdisFIndicateReceiveNetBufferLists [n1] handle=hm1',
      'NdisFPauseComplete handle=hm1',
      'NdisFReturnNetBufferLists [r1] handle=hm1',
    ]) {
      it(`condemns ${call.split(' ')[0] ?? ''} (with DET-01)`, () => {
        expect(broken(`${DETACHED}\n t2: m1 =>${call}`)).to.include.members(['DET-06', 'DET-01']);
      });
    }

    it('acquits a call that began before and returns after', () => {
      expect(
        broken(`${PAUSED}
          m1 ->FilterDetach
          t2: m1 =>NdisFReturnNetBufferLists [r9] handle=hm1
          m1 <-FilterDetach
          t2: m1 <=NdisFReturnNetBufferLists`),
      ).to.not.include('DET-06');
    });

    it('acquits calls for the module that came after it, on the same adapter or under the same name', () => {
      const oid = '\n t2: m2 =>NdisFOidRequest request=r1 oid=OID_X handle=hm2';
      expect(broken(`${DETACHED}${attached('m2')}${oid}`)).to.deep.equal([]);
      expect(broken(`${DETACHED}${attached()}${oid.replaceAll('m2', 'm1')}`)).to.deep.equal([]);
    });

    it('knows the module of a stale handle, where the crossing does not name it', () => {
      expect(broken(`${DETACHED}${attached('m2')}\n t2: =>NdisFOidRequest request=r1 oid=OID_X handle=hm1`)).to.include(
        'DET-06',
      );
    });
  });

  describe('whenever the module is Paused (DET-02)', () => {
    const lives = {
      'right after attach': ATTACHED,
      'after a restart that failed': `${ATTACHED}\n m1 ->FilterRestart\n m1 <-FilterRestart = FAILURE`,
      'after a pause': PAUSED,
    };
    for (const [life, beginning] of Object.entries(lives)) {
      it(`acquits a detach ${life}`, () => {
        expect(broken(`${beginning}${detached()}${QUIET}`)).to.deep.equal([]);
        expect(exercised('DET-02', `${beginning}${detached()}`)).to.equal(1);
      });

      it(`condemns one that never returns or stops the system, ${life}`, () => {
        expect(broken(`${beginning}\n m1 ->FilterDetach${QUIET}`)).to.deep.equal(['DET-02']);
        expect(broken(`${beginning}\n m1 ->FilterDetach\n !!Bugcheck code=0x7E`)).to.deep.equal(['DET-02']);
      });
    }

    it('does not blame it for a fault that another rule explains', () => {
      const text = `${RUNNING}${POOL}${NBL}\n m1 ->FilterPause\n m1 <-FilterPause = SUCCESS
        m1 ->FilterDetach
        m1 =>NdisFreeNetBufferListPool pool=p1
        !!Bugcheck code=0x19`;
      expect(broken(text)).to.deep.equal(['DET-08']);
    });

    it('does not blame it for a fault of another thread, or while the driver below has its OID request', () => {
      expect(broken(`${enters}\n t2: !!Bugcheck code=0x7E`)).to.deep.equal([]);
      const oid = '\n t2: m1 =>NdisFOidRequest request=r1 oid=OID_X handle=hm1\n t2: m1 <=NdisFOidRequest = PENDING';
      expect(broken(`${PAUSED}${oid}\n m1 ->FilterDetach${QUIET}`)).to.deep.equal([]);
    });

    it('does not blame it while a thread is inside a synchronous OID request, and does when that is over', () => {
      const inside = '\n t2: ->IRP_MJ_DEVICE_CONTROL irp=i1 file=f1\n t2: m1 =>NdisFSynchronousOidRequest request=r1';
      const waits = '\n m1 ->FilterDetach\n m1 =>NdisWaitEvent object=e1 timeout=0';
      expect(broken(`${PAUSED}${inside}${waits}${QUIET}`)).to.deep.equal([]);
      const back = '\n t2: m1 <=NdisFSynchronousOidRequest = SUCCESS request=r1';
      const left = '\n t2: <-IRP_MJ_DEVICE_CONTROL = SUCCESS';
      for (const over of [back + left, left])
        expect(broken(`${PAUSED}${inside}${waits}${QUIET}${over}${QUIET}`)).to.deep.equal(['DET-02']);
    });
  });

  describe('what the module owned is released (DET-03)', () => {
    it('condemns what is left, and acquits what is freed, by whomever', () => {
      expect(broken(`${withMemory}${returns}`)).to.deep.equal(['DET-03']);
      expect(broken(`${withMemory}${freed}${returns}`)).to.deep.equal([]);
      expect(broken(`${withMemory}${freed.replaceAll('m1 ', 't2: m1 ')}${returns}`)).to.deep.equal([]);
    });

    it('condemns what is freed only later (with DET-01)', () => {
      expect(broken(`${withMemory}${returns}${freed}`)).to.deep.equal(['DET-01', 'DET-03']);
    });

    it('condemns what an attach allocated without a handle and nobody freed until the driver is gone, and acquits the rest', () => {
      const allocates = `
        =>ExAllocatePoolWithTag tag=LwfM
        <=ExAllocatePoolWithTag memory=x1`;
      const life = (inAttach: string, end: string): string =>
        `${PAUSED.replace(/(m1 ->FilterAttach.*)/, `$1${inAttach}`)}${detached()}
          ->FilterDriverUnload
          =>NdisFDeregisterFilterDriver handle=h0
          <=NdisFDeregisterFilterDriver${end}
          <-FilterDriverUnload`;
      expect(broken(life(allocates, ''))).to.deep.equal(['DET-03']);
      expect(broken(life(allocates, '\n =>ExFreePoolWithTag memory=x1'))).to.deep.equal([]);
      expect(broken(life('', allocates))).to.deep.equal([]);
    });

    it('acquits what belongs to the driver, and to another module', () => {
      expect(
        broken(
          `${withMemory.replaceAll('m1 =>NdisAlloc', '=>NdisAlloc').replaceAll('m1 <=NdisAlloc', '<=NdisAlloc')}${returns}`,
        ),
      )
        .to // for ever
        .deep.equal([]);
      const other = `${attached('m2')}${POOL.replaceAll('m1', 'm2')}`;
      expect(broken(`${PAUSED}${other}${detached()}`)).to.deep.equal([]);
    });

    it('acquits identities that are used again', () => {
      const again = `${POOL}\n m1 =>NdisFreeNetBufferListPool pool=p1\n m1 <=NdisFreeNetBufferListPool`;
      expect(
        broken(`${RUNNING}${again}${again}\n m1 ->FilterPause\n m1 <-FilterPause = SUCCESS${detached()}`),
      ).to.deep.equal([]);
    });

    it('says nothing of a module whose attach it has not seen', () => {
      const begun = POOL + restarted() + '\n m1 ->FilterPause\n m1 <-FilterPause = SUCCESS';
      expect(broken(`${begun}${detached()}`)).to.deep.equal([]);
    });
  });

  describe('a pool goes after its NBLs (DET-08)', () => {
    const ending = `\n m1 ->FilterPause\n m1 <-FilterPause = SUCCESS\n m1 ->FilterDetach`;
    const freesPool = '\n m1 =>NdisFreeNetBufferListPool pool=p1\n m1 <=NdisFreeNetBufferListPool';
    const freesNbl = '\n m1 =>NdisFreeNetBufferList [n1]\n m1 <=NdisFreeNetBufferList';

    it('condemns the other order', () => {
      expect(broken(`${RUNNING}${POOL}${NBL}${ending}${freesPool}${freesNbl}${returns}`)).to.deep.equal(['DET-08']);
      expect(broken(`${RUNNING}${POOL}${NBL}${ending}${freesNbl}${freesPool}${returns}`)).to.deep.equal([]);
    });

    it('acquits NBLs of another pool', () => {
      const other = NBL.replaceAll('p1', 'p2');
      expect(broken(`${RUNNING}${POOL}${other}${ending}${freesPool}${freesNbl}${returns}`)).to.deep.equal([]);
    });
  });

  describe('users of the memory of a module (DET-09, DEV-03)', () => {
    it('condemns a thread that uses it after FilterDetach has freed it', () => {
      expect(broken(`${withMemory}${freed}${access('t2')}`)).to.deep.equal(['DET-09']);
      expect(broken(`${withMemory}${freed}${returns}${access('t2')}`)).to.deep.equal(['DET-09']);
    });

    it('condemns the request of an application that does (DEV-03 as well)', () => {
      const write = '\n t2: ->IRP_MJ_WRITE irp=i1 file=f1';
      expect(broken(`${withMemory}${write}${freed}${returns}${access('t2')}`)).to.deep.equal(['DET-09', 'DEV-03']);
    });

    it('condemns the request of an application that uses the handle of a module that is gone (with DET-01 and DET-06)', () => {
      const write = '\n t2: ->IRP_MJ_WRITE irp=i1 file=f1\n t2: m1 =>NdisFOidRequest request=r1 oid=OID_X handle=hm1';
      expect(broken(`${DETACHED}${write}`)).to.include.members(['DET-01', 'DET-06', 'DEV-03']);
    });

    it('condemns a timer that does (TMR-03 as well)', () => {
      const timer = '\n t2: m1 ->NdisTimerFunction timer=t1';
      expect(broken(`${withMemory}${timer}${freed}${access('t2')}`)).to.deep.equal(['DET-09', 'TMR-03']);
    });

    it('finds out from the free whose memory it was', () => {
      expect(broken(`${withMemory}${freed}${returns}${access('t2', '')}`)).to.deep.equal(['DET-09']);
      expect(broken(`${withMemory}${access('t2', '')}`)).to.deep.equal([]);
    });

    it('does not take memory of the driver, or of a module that lives, for it', () => {
      expect(broken(`${withMemory}${freed}${returns}${access('t2', 'scope=driver freed=true')}`)).to.deep.equal([]);
      expect(broken(`${RUNNING}${access('t2')}`)).to.deep.equal([]);
    });

    it('acquits a handle that outlives its module and finds none', () => {
      const write = '\n t2: ->IRP_MJ_WRITE irp=i1 file=f1\n t2: <-IRP_MJ_WRITE = STATUS_NO_SUCH_DEVICE';
      expect(broken(`${DETACHED}${write}${attached('m2')}${write}`)).to.deep.equal([]);
      expect(exercised('DEV-03', `${DETACHED}${write}`)).to.equal(1);
    });
  });
});
