import { expect } from 'chai';
import { broken, PAUSED } from './trace-dsl';

const PARKED = `${PAUSED}
  t2: ->IRP_MJ_WRITE irp=i1 file=f1
  t2: =>IoMarkIrpPending irp=i1
  t2: <=IoMarkIrpPending
  t2: <-IRP_MJ_WRITE = STATUS_PENDING irp=i1`;

const PRE_DETACH = '\n m1 ->FilterNetPnPEvent event=NetEventFilterPreDetach';
const DETACH = '\n m1 ->FilterDetach';
const COMPLETE = '\n t3: =>IoCompleteRequest irp=i1 status=STATUS_CANCELLED\n t3: <=IoCompleteRequest';

describe('Judging parked requests', () => {
  it('acquits a request that waits for the next restart', () => {
    expect(broken(`${PARKED}\n !!Quiescent`)).to.deep.equal([]);
  });

  it('condemns a request that a detach waits for (DEV-04)', () => {
    expect(broken(`${PARKED}${DETACH}\n !!Quiescent`)).to.include('DEV-04');
  });

  it('condemns a request that is waited for before FilterDetach already (DEV-04)', () => {
    expect(broken(`${PARKED}${PRE_DETACH}\n !!Quiescent`)).to.deep.equal(['DEV-04']);
  });

  it('acquits a detach that is over, and one whose request came to its end', () => {
    expect(broken(`${PARKED}${PRE_DETACH}\n m1 <-FilterNetPnPEvent = SUCCESS\n !!Quiescent`)).to.deep.equal([]);
    expect(broken(`${PARKED}${PRE_DETACH}${COMPLETE}\n !!Quiescent`)).to.deep.equal([]);
  });

  it('acquits a request that waits for an OID request which the miniport has', () => {
    const text = `${PAUSED}
      t2: ->IRP_MJ_DEVICE_CONTROL irp=i1 file=f1
      t2: m1 =>NdisFOidRequest handle=h1 request=o1 oid=OID_GEN_STATISTICS
      t2: m1 <=NdisFOidRequest = PENDING request=o1
      t2: <-IRP_MJ_DEVICE_CONTROL = STATUS_PENDING irp=i1`;
    expect(broken(`${text}${PRE_DETACH}\n !!Quiescent`)).to.deep.equal([]);
    expect(broken(`${text}${DETACH}\n !!Quiescent`)).to.not.include('DEV-04');
  });
});
