import { expect } from 'chai';
import { broken, exercised, RUNNING } from './trace-dsl';

const ENTER = '\n m1 ->FilterOidRequest request=r1 oid=OID_GEN_STATISTICS requestId=7';
const FORWARD = `
  m1 =>NdisAllocateCloneOidRequest request=r1
  m1 <=NdisAllocateCloneOidRequest = SUCCESS clone=c1
  m1 =>NdisFOidRequest handle=hm1 request=c1 oid=OID_GEN_STATISTICS
  m1 <=NdisFOidRequest = PENDING request=c1`;
const LEAVE = '\n m1 <-FilterOidRequest = PENDING request=r1';
const cancel = (id: number, passedOn = ''): string => `
  m1 ->FilterCancelOidRequest requestId=${id}${passedOn}
  m1 <-FilterCancelOidRequest`;
const PASS_ON = `
  m1 =>NdisFCancelOidRequest requestId=7
  m1 <=NdisFCancelOidRequest`;
const QUIET = '\n !!Quiescent';

describe('Judging the handlers of OID requests', () => {
  it('condemns waits inside FilterOidRequest (OP-08)', () => {
    for (const ddi of ['NdisWaitEvent', 'NdisMSleep'])
      expect(broken(`${RUNNING}${ENTER}\n m1 =>${ddi} timeout=5`), ddi).to.deep.equal(['OP-08']);
    const elsewhere = `${RUNNING}${ENTER}\n t2: m1 =>NdisMSleep timeout=5\n t2: m1 <=NdisMSleep${LEAVE}`;
    expect(broken(elsewhere)).to.deep.equal([]);
    expect(exercised('OP-08', elsewhere)).to.equal(1);
  });

  it('condemns events sent from inside FilterOidRequest (OP-10)', () => {
    expect(broken(`${RUNNING}${ENTER}\n m1 =>NdisFNetPnPEvent event=NetEventReconfigure`)).to.deep.equal(['OP-10']);
  });

  describe('cancelled requests (OP-09)', () => {
    it('acquits a cancel that is passed on, and one that ends what was held', () => {
      const text = `${RUNNING}${ENTER}${FORWARD}${LEAVE}${cancel(7, PASS_ON)}${QUIET}`;
      expect(broken(text)).to.deep.equal([]);
      expect(exercised('OP-09', text)).to.equal(1);
      const held = '\n m1 =>NdisFOidRequestComplete request=r1 status=REQUEST_ABORTED\n m1 <=NdisFOidRequestComplete';
      expect(broken(`${RUNNING}${ENTER}${LEAVE}${cancel(7, held)}${QUIET}`)).to.deep.equal([]);
    });

    it('condemns a cancel that is not passed on, and a held request that stays', () => {
      expect(broken(`${RUNNING}${ENTER}${FORWARD}${LEAVE}${cancel(7)}${QUIET}`)).to.deep.equal(['OP-09']);
      expect(broken(`${RUNNING}${ENTER}${LEAVE}${cancel(7)}${QUIET}`)).to.include('OP-09');
    });

    it('acquits a cancel that is for another request', () => {
      expect(broken(`${RUNNING}${ENTER}${FORWARD}${LEAVE}${cancel(8)}${QUIET}`)).to.deep.equal([]);
    });

    it('says nothing where requests have no ids', () => {
      const text = `${RUNNING}${ENTER.replace(' requestId=7', '')}${FORWARD}${LEAVE}${cancel(7)}${QUIET}`;
      expect(broken(text)).to.deep.equal([]);
      expect(exercised('OP-09', text)).to.equal(0);
    });
  });
});
