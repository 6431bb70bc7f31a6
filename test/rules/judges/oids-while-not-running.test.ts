import { expect } from 'chai';
import { ATTACHED, broken, exercised, paused, restarted, RUNNING } from './trace-dsl';

const ENTER = '\n m1 ->FilterOidRequest request=r1 oid=OID_GEN_STATISTICS type=NdisRequestQueryInformation';
const forward = (answer = 'SUCCESS'): string => `
  m1 =>NdisAllocateCloneOidRequest request=r1 tag=LwfO
  m1 <=NdisAllocateCloneOidRequest = SUCCESS clone=c1
  m1 =>NdisFOidRequest handle=hm1 request=c1 oid=OID_GEN_STATISTICS
  m1 <=NdisFOidRequest = ${answer} request=c1
  m1 =>NdisFreeCloneOidRequest clone=c1
  m1 <=NdisFreeCloneOidRequest`;
const leave = (status: string): string => `\n m1 <-FilterOidRequest = ${status} request=r1`;
const SERVED = `${ENTER}${forward()}${leave('SUCCESS')}`;
const refused = (status = 'NOT_ACCEPTED'): string => `${ENTER}${leave(status)}`;
const complete = (status: string): string => `
  m1 =>NdisFOidRequestComplete request=r1 status=${status}
  m1 <=NdisFOidRequestComplete`;
const RESTARTING = `${ATTACHED}
  m1 ->FilterRestart
  m1 <-FilterRestart = PENDING`;
const QUIET = '\n !!Quiescent';

describe('Judging OID requests at a module that is not Running', () => {
  it('acquits a filter that forwards in every state', () => {
    const text = `${ATTACHED}${SERVED}${restarted()}${SERVED}${paused()}${SERVED}${QUIET}`;
    expect(broken(text)).to.deep.equal([]);
    expect(exercised('PAU-16', text)).to.equal(2);
    expect(broken(`${RESTARTING}${SERVED}`)).to.deep.equal([]);
    expect(exercised('RST-07', `${RESTARTING}${SERVED}`)).to.equal(1);
  });

  it('acquits a request that the driver below keeps, or refuses', () => {
    const below = `${ENTER}${forward('PENDING').replace(/\n {2}m1 =>NdisFree[\s\S]*/, '')}${leave('PENDING')}`;
    expect(broken(`${RUNNING}${SERVED}${paused()}${below}${QUIET}`)).to.deep.equal([]);
    expect(
      broken(`${RUNNING}${SERVED}${paused()}${ENTER}${forward('NOT_ACCEPTED')}${leave('NOT_ACCEPTED')}`),
    ).to.deep.equal([]);
  });

  describe('refused', () => {
    it('condemns what the driver forwards while Running (PAU-16)', () => {
      expect(broken(`${RUNNING}${SERVED}${paused()}${refused()}`)).to.deep.equal(['PAU-16']);
      const later = `${RUNNING}${SERVED}${paused()}${ENTER}${leave('PENDING')}${complete('FAILURE')}`;
      expect(broken(later)).to.deep.equal(['PAU-16']);
    });

    it('condemns it when the comparison comes only later', () => {
      expect(broken(`${ATTACHED}${refused()}`)).to.deep.equal([]);
      expect(broken(`${ATTACHED}${refused()}${restarted()}${SERVED}`)).to.deep.equal(['PAU-16']);
    });

    it('condemns it in Restarting (RST-07)', () => {
      const complete = '\n m1 =>NdisFRestartComplete handle=hm1 status=SUCCESS\n m1 <=NdisFRestartComplete';
      expect(broken(`${RESTARTING}${refused()}${complete}${SERVED}`)).to.deep.equal(['RST-07']);
    });

    it('condemns NDIS_STATUS_PAUSED without comparing', () => {
      expect(broken(`${ATTACHED}${refused('PAUSED')}`)).to.deep.equal(['PAU-16']);
    });

    it('acquits what the driver never forwards, and another type of the same OID', () => {
      expect(broken(`${RUNNING}${refused()}${paused()}${refused()}`)).to.deep.equal([]);
      const set = refused().replace('Query', 'Set');
      expect(broken(`${RUNNING}${SERVED}${paused()}${set}`)).to.deep.equal([]);
    });

    it('acquits other reasons: removal, no memory, a cancel, the request itself', () => {
      const gone = '\n m1 ->FilterDevicePnPEventNotify event=NdisDevicePnPEventSurpriseRemoved';
      expect(broken(`${RUNNING}${SERVED}${gone}${paused()}${refused()}`)).to.not.include('PAU-16');
      for (const allocate of ['NdisAllocateMemoryWithTagPriority', 'ExAllocatePoolWithTag', 'ExAllocatePool2']) {
        const short = `\n m1 =>${allocate}\n m1 <=${allocate} memory=null`;
        expect(broken(`${RUNNING}${SERVED}${paused()}${ENTER}${short}${leave('FAILURE')}`)).to.deep.equal([]);
      }
      const cancel = '\n m1 ->FilterCancelOidRequest requestId=q\n m1 <-FilterCancelOidRequest';
      expect(
        broken(`${RUNNING}${SERVED}${paused()}${ENTER}${leave('PENDING')}${cancel}${complete('REQUEST_ABORTED')}`),
      ).to.deep.equal([]);
      expect(broken(`${RUNNING}${SERVED}${paused()}${refused('INVALID_LENGTH')}`)).to.deep.equal([]);
    });
  });

  describe('kept', () => {
    const kept = `${ENTER}${leave('PENDING')}`;

    it('condemns a request that waits for the restart', () => {
      expect(broken(`${ATTACHED}${kept}${QUIET}`)).to.deep.equal(['PAU-16']);
      expect(broken(`${RUNNING}${paused()}${kept}${QUIET}${QUIET}`)).to.deep.equal(['PAU-16']);
      expect(broken(`${RESTARTING}${kept}${QUIET}`)).to.include('RST-07');
    });

    it('condemns FilterRestart that goes on with it', () => {
      expect(
        broken(`${ATTACHED}${kept}
          m1 ->FilterRestart${forward()}${complete('SUCCESS')}
          m1 <-FilterRestart = SUCCESS`),
      ).to.deep.equal(['PAU-16']);
    });

    it('acquits a request that is served a little later, and one that a handler is still busy with', () => {
      expect(broken(`${ATTACHED}${kept}${complete('SUCCESS')}${QUIET}`)).to.deep.equal([]);
      expect(broken(`${ATTACHED}${ENTER}${QUIET}`)).to.deep.equal([]);
    });

    it('says nothing of a module whose beginning it has not seen', () => {
      expect(broken(`m1 ->FilterPause\n m1 <-FilterPause = SUCCESS${kept}${QUIET}`)).to.deep.equal([]);
    });
  });
});
