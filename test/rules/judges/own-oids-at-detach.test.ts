import { expect } from 'chai';
import { broken, brokenStrictly, detached, exercised, PAUSED } from './trace-dsl';

const issue = (answer: string): string => `
  m1 =>NdisFOidRequest handle=hm1 request=q1 oid=OID_GEN_LINK_STATE
  m1 <=NdisFOidRequest = ${answer} request=q1`;
const BACK = `
  m1 ->FilterOidRequestComplete request=q1 status=SUCCESS
  m1 <-FilterOidRequestComplete`;

const WAITS = `
  m1 ->FilterDetach
  m1 =>ExWaitForRundownProtectionRelease object=u1`;
const RETURNS = `
  m1 <=ExWaitForRundownProtectionRelease
  m1 <-FilterDetach`;

const BEGINS = '\n t2: ->IRP_MJ_DEVICE_CONTROL irp=i1 file=f1';
const ENDS = '\n t2: <-IRP_MJ_DEVICE_CONTROL = SUCCESS';
const SYNCHRONOUS =
  '\n t2: m1 =>NdisFSynchronousOidRequest handle=hm1 request=q1 oid=OID_GEN_RSS_SET_INDIRECTION_TABLE_ENTRIES';
const SYNCHRONOUS_BACK = '\n t2: m1 <=NdisFSynchronousOidRequest = SUCCESS request=q1';
const on = (thread: string, text: string): string => text.replace(/\bm1 /g, `${thread}: m1 `);

describe('Judging OID requests of the filter that are out when FilterDetach returns (DET-04)', () => {
  describe('synchronous ones', () => {
    it('condemns a call that has not returned', () => {
      const text = `${PAUSED}${BEGINS}${SYNCHRONOUS}${detached()}${SYNCHRONOUS_BACK}${ENDS}`;
      expect(broken(text)).to.include('DET-04');
      expect(brokenStrictly(text)).not.to.include('DET-04');
    });

    it('acquits one that returns while FilterDetach waits', () => {
      const text = `${PAUSED}${BEGINS}${SYNCHRONOUS}${WAITS}${SYNCHRONOUS_BACK}${ENDS}${RETURNS}`;
      expect(broken(text)).to.deep.equal([]);
      expect(exercised('DET-04', text)).to.equal(1);
    });

    it('acquits one that returns while the filter waits before FilterDetach', () => {
      const preDetach = '\n m1 ->FilterNetPnPEvent event=NetEventFilterPreDetach';
      const done = '\n m1 <-FilterNetPnPEvent = SUCCESS';
      const text = `${PAUSED}${BEGINS}${SYNCHRONOUS}${preDetach}${SYNCHRONOUS_BACK}${ENDS}${done}${detached()}`;
      expect(broken(text)).to.deep.equal([]);
      expect(exercised('DET-04', text)).to.equal(1);
    });

    it('is not put to the test by one that returned before', () => {
      const text = `${PAUSED}${BEGINS}${SYNCHRONOUS}${SYNCHRONOUS_BACK}${ENDS}${detached()}`;
      expect(broken(text)).to.deep.equal([]);
      expect(exercised('DET-04', text)).to.equal(0);
    });

    it('acquits a call whose return is not written down', () => {
      const text = `${PAUSED}${BEGINS}${SYNCHRONOUS}${ENDS}${detached()}`;
      expect(broken(text)).to.deep.equal([]);
    });

    it('counts calls by module', () => {
      const other = SYNCHRONOUS.replaceAll('m1', 'm2');
      expect(broken(`${PAUSED}${BEGINS}${other}${detached()}`)).not.to.include('DET-04');
    });
  });

  describe('regular and direct ones', () => {
    for (const ddi of ['NdisFOidRequest', 'NdisFDirectOidRequest'] as const) {
      it(`leaves one of ${ddi} that was issued before FilterDetach to the strict reading`, () => {
        const text = `${PAUSED}${issue('PENDING')}${detached()}`.replaceAll('NdisFOidRequest', ddi);
        expect(broken(text)).not.to.include('DET-04');
        expect(brokenStrictly(text)).to.include('DET-04');
        expect(exercised('DET-04', text)).to.equal(0);
      });
    }

    it('leaves one of a thread that began before FilterDetach to the strict reading', () => {
      const text = `${PAUSED}${BEGINS}${WAITS}${on('t2', issue('PENDING'))}${ENDS}${RETURNS}`;
      expect(broken(text)).to.deep.equal([]);
      expect(brokenStrictly(text)).to.deep.equal(['DET-04']);
    });

    it('condemns one that FilterDetach issues and leaves behind', () => {
      const text = `${PAUSED}\n m1 ->FilterDetach${issue('PENDING')}\n m1 <-FilterDetach`;
      expect(broken(text)).to.include('DET-04');
      expect(exercised('DET-04', text)).to.equal(1);
    });

    it('condemns one of a thread that began after FilterDetach was entered', () => {
      const text = `${PAUSED}${WAITS}${BEGINS}${on('t2', issue('PENDING'))}${ENDS}${RETURNS}`;
      expect(broken(text)).to.include('DET-04');
    });

    it('acquits one that comes back while FilterDetach waits, and one that was answered at once', () => {
      const text = `${PAUSED}${issue('PENDING')}${WAITS}${on('t2', BACK)}${RETURNS}`;
      expect(broken(text)).to.deep.equal([]);
      expect(brokenStrictly(text)).to.deep.equal([]);
      expect(brokenStrictly(`${PAUSED}${issue('SUCCESS')}${detached()}`)).to.deep.equal([]);
    });
  });
});
