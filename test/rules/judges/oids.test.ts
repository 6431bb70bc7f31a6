import { expect } from 'chai';
import { attached, broken, brokenStrictly, detached, exercised, judged, paused, RUNNING } from './trace-dsl';

const ENTER = '\n m1 ->FilterOidRequest request=r1 oid=OID_GEN_STATISTICS type=NdisRequestQueryInformation';
const CLONE = `
  m1 =>NdisAllocateCloneOidRequest request=r1 tag=LwfO
  m1 <=NdisAllocateCloneOidRequest = SUCCESS clone=c1`;
const ISSUE = '\n m1 =>NdisFOidRequest handle=hm1 request=c1 oid=OID_GEN_STATISTICS';
const FREE = `
  m1 =>NdisFreeCloneOidRequest clone=c1
  m1 <=NdisFreeCloneOidRequest`;
const answered = (status: string, counts = 'bytesWritten=4 bytesRead=0 bytesNeeded=0'): string =>
  `\n m1 <=NdisFOidRequest = ${status} request=c1${status === 'PENDING' ? '' : ` ${counts}`}`;
const leave = (status: string, counts = 'bytesWritten=4 bytesRead=0 bytesNeeded=0'): string =>
  `\n m1 <-FilterOidRequest = ${status} request=r1${status === 'PENDING' ? '' : ` ${counts}`}`;
const back = (status = 'SUCCESS', counts = 'bytesWritten=4 bytesRead=0 bytesNeeded=0'): string =>
  `\n m1 ->FilterOidRequestComplete request=c1 status=${status} ${counts}`;
const complete = (status = 'SUCCESS', counts = 'bytesWritten=4 bytesRead=0 bytesNeeded=0'): string => `
  m1 =>NdisFOidRequestComplete request=r1 status=${status} ${counts}
  m1 <=NdisFOidRequestComplete`;
const BACK_HANDLER_LEFT = '\n m1 <-FilterOidRequestComplete';
const QUIET = '\n !!Quiescent';

const on = (thread: string, text: string): string => text.replace(/\bm1 /g, `${thread}: m1 `);

/** The clone is with the miniport and FilterOidRequest has returned. */
const PENDING_BELOW = `${RUNNING}${ENTER}${CLONE}${ISSUE}${answered('PENDING')}${leave('PENDING')}`;

describe('Judging OID requests from above', () => {
  describe('correct drivers', () => {
    it('are acquitted when the answer is there at once', () => {
      const text = `${RUNNING}${ENTER}${CLONE}${ISSUE}${answered('SUCCESS')}${FREE}${leave('SUCCESS')}${QUIET}`;
      expect(broken(text)).to.deep.equal([]);
      expect(brokenStrictly(text)).to.deep.equal([]);
      for (const rule of ['OP-01', 'OP-02', 'OP-03', 'OP-04']) expect(exercised(rule, text), rule).to.equal(1);
    });

    it('are acquitted when the answer comes later', () => {
      const text = `${PENDING_BELOW}${QUIET}${back()}${FREE}${complete()}${BACK_HANDLER_LEFT}${QUIET}`;
      expect(broken(text)).to.deep.equal([]);
      expect(brokenStrictly(text)).to.deep.equal([]);
    });

    it('are acquitted when all is over before NdisFOidRequest and FilterOidRequest have returned', () => {
      const text = `${RUNNING}${ENTER}${CLONE}${ISSUE}
        ${on('t2', `${back()}${FREE}${complete()}${BACK_HANDLER_LEFT}`)}${answered('PENDING')}${leave('PENDING')}${QUIET}`;
      expect(broken(text)).to.deep.equal([]);
    });

    it('are acquitted when the same structure comes in again before the first handler has returned', () => {
      const again = `${ENTER}${CLONE.replaceAll('c1', 'c2')}${ISSUE.replace('c1', 'c2')}${answered('SUCCESS').replace('c1', 'c2')}${FREE.replaceAll('c1', 'c2')}${leave('SUCCESS')}`;
      const text = `${RUNNING}${ENTER}${CLONE}${ISSUE}
        ${on('t2', `${back()}${FREE}${complete()}${BACK_HANDLER_LEFT}`)}
        ${on('t3', again)}${answered('PENDING')}${leave('PENDING')}${QUIET}`;
      expect(broken(text)).to.deep.equal([]);
    });

    it('are acquitted when they answer by themselves, at once or later', () => {
      expect(broken(`${RUNNING}${ENTER}${leave('SUCCESS')}${QUIET}`)).to.deep.equal([]);
      expect(broken(`${RUNNING}${ENTER}${leave('PENDING')}${complete()}${QUIET}`)).to.deep.equal([]);
    });

    it('are acquitted when an own request has to come back before they go on', () => {
      const text = `${RUNNING}${ENTER}
        m1 =>NdisFOidRequest handle=hm1 request=q1 oid=OID_GEN_LINK_STATE
        m1 <=NdisFOidRequest = PENDING request=q1${leave('PENDING')}${QUIET}`;
      expect(broken(text)).to.deep.equal([]);
    });

    it('are acquitted when a trace leaves out returns', () => {
      expect(broken(`${RUNNING}${ENTER}${CLONE}${ISSUE}${FREE}${leave('SUCCESS')}`)).to.deep.equal([]);
      expect(
        broken(`${RUNNING}
          m1 ->FilterOidRequest request=r1 oid=OID_GEN_STATISTICS
          m1 <-FilterOidRequest
          m1 =>NdisFOidRequestComplete request=r1 status=SUCCESS`),
      ).to.deep.equal([]);
    });

    it('are acquitted when a clone of the one module is a request for the other', () => {
      const lower = `
        m2 ->FilterOidRequest request=c1 oid=OID_GEN_STATISTICS
        m2 =>NdisAllocateCloneOidRequest request=c1 tag=LwfO
        m2 <=NdisAllocateCloneOidRequest = SUCCESS clone=c2
        m2 =>NdisFOidRequest handle=hm2 request=c2 oid=OID_GEN_STATISTICS
        m2 <=NdisFOidRequest = SUCCESS request=c2 bytesWritten=4 bytesRead=0 bytesNeeded=0
        m2 =>NdisFreeCloneOidRequest clone=c2
        m2 <=NdisFreeCloneOidRequest
        m2 <-FilterOidRequest = SUCCESS request=c1 bytesWritten=4 bytesRead=0 bytesNeeded=0`;
      const text = `${RUNNING}${attached('m2')}${ENTER}${CLONE}${ISSUE}${lower}${answered('SUCCESS')}${FREE}${leave('SUCCESS')}${QUIET}`;
      expect(broken(text)).to.deep.equal([]);
    });
  });

  describe('finished once (OP-01)', () => {
    it('condemns a completion and a final status', () => {
      expect(broken(`${RUNNING}${ENTER}${complete()}${leave('SUCCESS')}`)).to.deep.equal(['OP-01']);
      expect(broken(`${RUNNING}${ENTER}${leave('SUCCESS')}${complete()}`)).to.deep.equal(['OP-01']);
    });

    it('condemns two completions, and a completion that is none', () => {
      expect(broken(`${RUNNING}${ENTER}${leave('PENDING')}${complete()}${complete()}`)).to.deep.equal(['OP-01']);
      expect(broken(`${RUNNING}${ENTER}${leave('PENDING')}${complete('PENDING')}`)).to.deep.equal(['OP-01']);
    });

    it('condemns the completion of the clone, and of what no one handed in', () => {
      expect(broken(`${PENDING_BELOW}${back()}${complete().replace('r1', 'c1')}`)).to.include('OP-01');
      expect(broken(`${PENDING_BELOW}${back()}${FREE}${complete().replace('r1', 'x9')}`)).to.include('OP-01');
    });

    it('condemns a request that is never completed', () => {
      expect(broken(`${PENDING_BELOW}${back()}${FREE}${BACK_HANDLER_LEFT}${QUIET}`)).to.deep.equal(['OP-01']);
      expect(broken(`${RUNNING}${ENTER}${leave('PENDING')}${QUIET}${QUIET}`)).to.deep.equal(['OP-01']);
    });

    describe('by the return of FilterDetach', () => {
      it('condemns a request that is still kept, once', () => {
        const kept = `${RUNNING}${ENTER}${leave('PENDING')}${paused()}${detached()}`;
        expect(broken(kept)).to.deep.equal(['OP-01']);
        const { violations } = judged(`${kept}${QUIET}`);
        expect(violations).to.have.length(1);
        expect(violations[0]?.message).to.match(
          /^FilterOidRequest kept r1, which came at #\d+, and it had not been finished when FilterDetach returned$/,
        );
      });

      it('condemns one that came while the filter was paused', () => {
        expect(broken(`${RUNNING}${paused()}${ENTER}${leave('PENDING')}${detached()}`)).to.include('OP-01');
      });

      it('acquits what was finished before, within FilterDetach too', () => {
        expect(broken(`${RUNNING}${ENTER}${leave('PENDING')}${paused()}${complete()}${detached()}`)).to.deep.equal([]);
        expect(
          broken(
            `${RUNNING}${ENTER}${leave('PENDING')}${paused()}\n m1 ->FilterDetach${complete()}\n m1 <-FilterDetach`,
          ),
        ).to.not.include('OP-01');
      });

      it('says nothing while the driver below has the clone, or of a module that was there before the trace', () => {
        expect(broken(`${PENDING_BELOW}${paused()}${detached()}`)).to.not.include('OP-01');
        const late = `\n m1 ->FilterRestart\n m1 <-FilterRestart = SUCCESS${ENTER}${leave('PENDING')}${paused()}${detached()}`;
        expect(broken(late)).to.not.include('OP-01');
      });
    });

    it('says nothing while a handler is inside, or a neighbour has the clone', () => {
      expect(broken(`${PENDING_BELOW}${QUIET}`)).to.deep.equal([]);
      expect(broken(`${PENDING_BELOW}${back()}${FREE}${QUIET}`)).to.deep.equal([]);
    });
  });

  it('condemns forwarding the request itself (OP-02)', () => {
    const text = `${RUNNING}${ENTER}
      m1 =>NdisFOidRequest handle=hm1 request=r1 oid=OID_GEN_STATISTICS`;
    expect(broken(text)).to.deep.equal(['OP-02']);
  });

  it('acquits an own request whose structure was once one from above', () => {
    const text = `${RUNNING}${ENTER}${leave('SUCCESS')}
      m1 =>NdisFOidRequest handle=hm1 request=r1 oid=OID_GEN_STATISTICS
      m1 <=NdisFOidRequest = SUCCESS request=r1`;
    expect(broken(text)).to.deep.equal([]);
  });

  describe('results, clone, original (OP-03)', () => {
    it('condemns an original that is finished before the clone is freed', () => {
      expect(broken(`${PENDING_BELOW}${back()}${complete()}${FREE}`)).to.deep.equal(['OP-03']);
      expect(broken(`${RUNNING}${ENTER}${CLONE}${ISSUE}${answered('SUCCESS')}${leave('SUCCESS')}`)).to.deep.equal([
        'OP-03',
      ]);
    });

    it('condemns results that are not copied', () => {
      const zero = 'bytesWritten=0 bytesRead=0 bytesNeeded=0';
      expect(broken(`${PENDING_BELOW}${back()}${FREE}${complete('SUCCESS', zero)}`)).to.deep.equal(['OP-03']);
      const sync = `${RUNNING}${ENTER}${CLONE}${ISSUE}${answered('SUCCESS')}${FREE}`;
      expect(broken(`${sync}${leave('SUCCESS', zero)}`)).to.deep.equal(['OP-03']);
      expect(
        broken(`${PENDING_BELOW}${back('INVALID_LENGTH', zero)}${FREE}${complete('SUCCESS', zero)}`),
      ).to.deep.equal(['OP-03']);
    });

    it('leaves an answer that the filter changed to the strict reading', () => {
      const more = 'bytesWritten=8 bytesRead=0 bytesNeeded=0';
      const changed = `${PENDING_BELOW}${back()}${FREE}${complete('SUCCESS', more)}`;
      expect(broken(changed)).to.deep.equal([]);
      expect(brokenStrictly(changed)).to.deep.equal(['OP-03']);
      const own = `${PENDING_BELOW}${back('NOT_SUPPORTED', 'bytesWritten=0 bytesRead=0 bytesNeeded=0')}${FREE}${complete()}`;
      expect(broken(own)).to.deep.equal([]);
    });

    it('leaves counts that mean nothing with the status to the strict reading', () => {
      const some = 'bytesWritten=4 bytesRead=0 bytesNeeded=8';
      const none = 'bytesWritten=0 bytesRead=0 bytesNeeded=0';
      const failed = (status: string): string =>
        `${PENDING_BELOW}${back(status, some)}${FREE}${complete(status, none)}`;
      for (const status of ['NOT_SUPPORTED', 'FAILURE', 'RESOURCES']) {
        expect(broken(failed(status)), status).to.deep.equal([]);
        expect(brokenStrictly(failed(status)), status).to.deep.equal(['OP-03']);
      }
      for (const status of ['BUFFER_TOO_SHORT', 'INVALID_LENGTH', 'BUFFER_OVERFLOW'])
        expect(broken(failed(status)), status).to.deep.equal(['OP-03']);
    });

    it('says nothing of counts that are not there', () => {
      expect(broken(`${PENDING_BELOW}${back('SUCCESS', '')}${FREE}${complete('SUCCESS', '')}`)).to.deep.equal([]);
    });

    it('condemns a clone that is freed twice, or touched after it was freed', () => {
      expect(broken(`${PENDING_BELOW}${back()}${FREE}${FREE}`)).to.deep.equal(['OP-03']);
      const touch = '\n m1 !!Access what=oid object=c1 access=read field=BytesWritten scope=m1 freed=true';
      expect(broken(`${PENDING_BELOW}${back()}${FREE}${touch}`)).to.deep.equal(['OP-03']);
    });

    it('condemns a touch of the original after it was finished', () => {
      const touch = '\n m1 !!Access what=oid object=r1 access=write field=BytesWritten scope=protocol freed=false';
      expect(broken(`${PENDING_BELOW}${back()}${FREE}${complete()}${touch}`)).to.deep.equal(['OP-03']);
    });
  });

  describe('what NdisFOidRequest answers (OP-04)', () => {
    it('condemns waiting for a completion that will not come', () => {
      const text = `${RUNNING}${ENTER}${CLONE}${ISSUE}${answered('SUCCESS')}${leave('PENDING')}${QUIET}`;
      expect(broken(text)).to.deep.equal(['OP-01', 'OP-04']);
    });

    it('condemns finishing the original, and freeing the clone, while the clone is out', () => {
      expect(broken(`${PENDING_BELOW}${complete()}`)).to.deep.equal(['OP-04']);
      expect(broken(`${PENDING_BELOW}${FREE}`)).to.deep.equal(['OP-04']);
      const returned = `${RUNNING}${ENTER}${CLONE}${ISSUE}${answered('PENDING')}${leave('SUCCESS')}`;
      expect(broken(returned)).to.deep.equal(['OP-04']);
    });

    it('condemns another thread that does so before the call has returned', () => {
      expect(broken(`${RUNNING}${ENTER}${CLONE}${ISSUE}${on('t2', complete())}`)).to.deep.equal(['OP-04']);
    });
  });

  describe('a clone that is below', () => {
    const touch = (access: string, field: string): string =>
      `\n m1 !!Access what=oid object=c1 access=${access} field=${field} scope=m1 freed=false`;

    it('condemns a look at results that are not there yet', () => {
      expect(broken(`${PENDING_BELOW}${touch('read', 'BytesWritten')}`)).to.deep.equal(['OP-04']);
      expect(broken(`${PENDING_BELOW}${touch('write', 'RequestId')}`)).to.deep.equal(['OP-04']);
    });

    it('acquits a cancel handler that finds the request by what the filter wrote into the clone', () => {
      expect(broken(`${PENDING_BELOW}${touch('read', 'SourceReserved')}${touch('read', 'RequestId')}`)).to.deep.equal(
        [],
      );
      expect(broken(`${PENDING_BELOW}${touch('write', 'SourceReserved')}`)).to.deep.equal([]);
    });
  });

  describe('a clone that cannot be had (OP-05)', () => {
    const failed = `${RUNNING}${ENTER}
      m1 =>NdisAllocateCloneOidRequest request=r1 tag=LwfO
      m1 <=NdisAllocateCloneOidRequest = RESOURCES clone=null`;
    const zero = 'bytesWritten=0 bytesRead=0 bytesNeeded=0';

    it('acquits the status of the failure', () => {
      const text = `${failed}${leave('RESOURCES', zero)}${QUIET}`;
      expect(broken(text)).to.deep.equal([]);
      expect(brokenStrictly(text)).to.deep.equal([]);
      expect(exercised('OP-05', text)).to.equal(1);
    });

    it('condemns a request that is lost, or that succeeds with nothing done', () => {
      expect(broken(`${failed}${leave('PENDING')}${QUIET}`)).to.deep.equal(['OP-01', 'OP-05']);
      expect(broken(`${failed}${leave('SUCCESS', zero)}`)).to.deep.equal(['OP-05']);
      expect(brokenStrictly(`${failed}${leave('FAILURE', zero)}`)).to.deep.equal(['OP-05']);
    });
  });

  it('condemns an answer that a buffer is too short without saying what is needed (OP-06)', () => {
    const short = (needed: number): string =>
      `${RUNNING}${ENTER}${leave('BUFFER_TOO_SHORT', `bytesWritten=0 bytesRead=0 bytesNeeded=${needed}`)}`;
    expect(broken(short(0))).to.deep.equal(['OP-06']);
    expect(broken(short(8))).to.deep.equal([]);
  });

  it('finds a request that is refused as unknown in the strict reading only (OP-07)', () => {
    const text = `${RUNNING}${ENTER}${leave('NOT_SUPPORTED')}`;
    expect(broken(text)).to.deep.equal([]);
    expect(brokenStrictly(text)).to.deep.equal(['OP-07']);
  });

  it('condemns the completion of an own request upward (OO-03)', () => {
    const text = `${RUNNING}
      m1 =>NdisFOidRequest handle=hm1 request=q1 oid=OID_GEN_LINK_STATE
      m1 <=NdisFOidRequest = PENDING request=q1
      m1 ->FilterOidRequestComplete request=q1 status=SUCCESS`;
    expect(broken(text)).to.deep.equal([]);
    expect(exercised('OO-03', text)).to.equal(1);
    expect(broken(`${text}\n m1 =>NdisFOidRequestComplete request=q1 status=SUCCESS`)).to.deep.equal(['OO-03']);
  });

  describe('direct requests (DO-01, DO-02)', () => {
    const direct = (text: string): string =>
      text.replaceAll('OidRequest', 'DirectOidRequest').replaceAll('CloneDirect', 'Clone');

    const running = RUNNING.replace(
      'FilterStatus,',
      'FilterStatus,FilterDirectOidRequest,FilterDirectOidRequestComplete,',
    );

    it('acquits one that stays in its family', () => {
      const text = `${running}${direct(`${ENTER}${CLONE}${ISSUE}${answered('PENDING')}${leave('PENDING')}${back()}${FREE}${complete()}`)}`;
      expect(broken(text)).to.deep.equal([]);
      expect(exercised('DO-02', text)).to.be.greaterThan(0);
    });

    it('condemns one that is forwarded or completed as a regular one', () => {
      expect(broken(`${running}${direct(`${ENTER}${CLONE}`)}${ISSUE}`)).to.deep.equal(['DO-02']);
      expect(broken(`${running}${direct(`${ENTER}${leave('PENDING')}`)}${complete()}`)).to.deep.equal(['DO-02']);
    });

    it('condemns a slot that a second request has taken over', () => {
      const second = direct(`${ENTER}${leave('PENDING')}`).replaceAll('r1', 'r2');
      const text = `${running}${direct(`${ENTER}${leave('PENDING')}`)}${second}${direct(complete()).replaceAll('r1', 'r2')}${QUIET}`;
      expect(broken(text)).to.deep.equal(['DO-01', 'OP-01']);
    });
  });

  it('names the request and what became of it', () => {
    const { violations } = judged(`${RUNNING}${ENTER}${leave('SUCCESS')}${complete()}`);
    expect(violations[0]?.message).to.match(/completed r1 at #\d+ although it had returned NDIS_STATUS_SUCCESS for it/);
    expect(violations[0]?.witnesses).to.have.length(3);
  });
});
